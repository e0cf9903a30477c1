package io.selkie.chain;

import io.selkie.abi.BitField;
import io.selkie.chain.ChainState.Miner;
import io.selkie.chain.ChainState.OwnedSector;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.SectorPlace;
import java.sql.SQLException;
import java.util.List;

/** Sectors that come on chain without messages. */
final class SeededSectors {

  /** Sectors of a partition of 32 GiB sectors (builtin-actors, WINDOW_POST_PARTITION_SECTORS). */
  private static final long PARTITION_SECTORS = 2349;

  private SeededSectors() {}

  /** Adds them and says how many there are. */
  static int add(ChainState state, Miner miner, List<SectorOnChain> sectors) throws SQLException {
    for (SectorOnChain each : sectors) {
      long number = each.number().value();
      SectorPlace place =
          new SectorPlace(number % Policy.DEADLINES, number / Policy.DEADLINES / PARTITION_SECTORS);
      state.addSector(new OwnedSector(miner.id(), each, place, each.expiration().value(), 0));
    }
    long[] numbers = sectors.stream().mapToLong(each -> each.number().value()).toArray();
    state.putMiner(miner.withAllocated(BitField.of(numbers)));
    return sectors.size();
  }
}
