package io.selkie.chain;

import io.selkie.chain.ChainState.Miner;
import io.selkie.chain.ChainState.OwnedPreCommit;
import io.selkie.chain.ChainState.OwnedSector;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import java.sql.SQLException;

/**
 * What happens to miners without a message: pre-commits lapse, declared recoveries come true, and
 * sectors expire, faulty ones early.
 */
final class MinerCron {

  private MinerCron() {}

  /** Does everything due at {@code epoch} or before it. */
  static void run(ChainState state, long epoch) throws SQLException {
    for (OwnedPreCommit owned : state.preCommitsDueBefore(epoch)) {
      lapse(state, owned);
    }
    new SectorFaults(state.sql()).recover(epoch);
    for (OwnedSector sector : state.sectorsDue(epoch)) {
      expire(state, sector, epoch);
    }
  }

  /** The deposit is burnt, the number stays allocated. */
  private static void lapse(ChainState state, OwnedPreCommit owned) throws SQLException {
    PreCommitOnChain info = owned.info();
    Miner miner = state.miner(owned.miner()).orElseThrow();
    state.removePreCommit(owned.miner(), info.number());
    state.putMiner(
        miner.with(
            miner.balance().minus(info.deposit()),
            miner.deposits().minus(info.deposit()),
            miner.pledge()));
  }

  /** The pledge is free again. */
  private static void expire(ChainState state, OwnedSector sector, long epoch) throws SQLException {
    Miner miner = state.miner(sector.miner()).orElseThrow();
    state.endSector(sector.miner(), sector.info().number(), epoch);
    state.putMiner(
        miner.with(
            miner.balance(),
            miner.deposits(),
            miner.pledge().minus(sector.info().initialPledge())));
  }
}
