package io.selkie.chain;

import static io.selkie.chain.ActorAbort.require;

import io.selkie.abi.DagCborWriter;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TerminateSectorsParams;
import io.selkie.abi.TerminateSectorsParams.Declaration;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.ChainState.Miner;
import io.selkie.chain.ChainState.OwnedSector;
import java.math.BigInteger;
import java.sql.SQLException;

/**
 * TerminateSectors: sectors end before their time, all that are named or none. Their pledge is free
 * again, less a fee that is burnt (builtin-actors miner/src/lib.rs, terminate_sectors).
 *
 * <p>The fee is that of FIP-0098, of the pledge alone: 8.5 % of it, growing over the sector's first
 * 140 days, and at least 2 %. Faults and their share of the fee are not kept here.
 */
final class TerminateSectors {

  /** The most sectors that one message may name (policy, addressed_sectors_max). */
  static final long MAX_SECTORS = 25_000;

  private static final long FULL_FEE_AFTER_EPOCHS = 140 * Policy.EPOCHS_IN_DAY;
  private static final BigInteger FULL_FEE_PER_MILLE = BigInteger.valueOf(85);
  private static final BigInteger LEAST_FEE_PER_MILLE = BigInteger.valueOf(20);
  private static final BigInteger MILLE = BigInteger.valueOf(1000);

  private final Execution x;
  private Miner miner;

  TerminateSectors(Execution x, Miner miner) {
    this.x = x;
    this.miner = miner;
  }

  /** Ends them; the return value says that nothing is left for later epochs. */
  byte[] run(TerminateSectorsParams params) throws ActorAbort, SQLException {
    long named = params.declarations().stream().mapToLong(d -> d.sectors().size()).sum();
    require(named > 0, "no sectors");
    require(named <= MAX_SECTORS, named + " sectors, over the limit of " + MAX_SECTORS);
    for (Declaration each : params.declarations()) {
      require(
          each.deadline() < Policy.DEADLINES, "no deadline " + each.deadline() + " in the period");
      require(
          miner.deadlines().isMutable((int) each.deadline(), x.epoch()),
          "deadline " + each.deadline() + " cannot be changed at epoch " + x.epoch());
      for (long number : each.sectors().members((int) MAX_SECTORS)) {
        end(each, new SectorNumber(number));
      }
    }
    return new DagCborWriter().array(1).bool(true).toByteArray();
  }

  private void end(Declaration where, SectorNumber number) throws ActorAbort, SQLException {
    OwnedSector sector =
        x.state()
            .sector(miner.id(), number)
            .orElseThrow(() -> new ActorAbort(ExitCode.USR_NOT_FOUND, "no live sector " + number));
    require(
        sector.place().deadline() == where.deadline()
            && sector.place().partition() == where.partition(),
        "sector " + number + " is in " + sector.place() + ", not in " + where);
    TokenAmount pledge = sector.info().initialPledge();
    TokenAmount fee = fee(pledge, x.epoch() - sector.info().activation().value());
    x.state().endSector(miner.id(), number, x.epoch());
    miner = miner.with(miner.balance().minus(fee), miner.deposits(), miner.pledge().minus(pledge));
    x.state().putMiner(miner);
  }

  /** What ending a sector of this age costs. */
  static TokenAmount fee(TokenAmount pledge, long ageEpochs) {
    BigInteger age = BigInteger.valueOf(Math.clamp(ageEpochs, 0, FULL_FEE_AFTER_EPOCHS));
    BigInteger grown =
        pledge
            .atto()
            .multiply(FULL_FEE_PER_MILLE)
            .multiply(age)
            .divide(MILLE)
            .divide(BigInteger.valueOf(FULL_FEE_AFTER_EPOCHS));
    BigInteger least = pledge.atto().multiply(LEAST_FEE_PER_MILLE).divide(MILLE);
    return new TokenAmount(grown.max(least));
  }
}
