package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import java.util.Optional;

/**
 * What batches need of the sectors.
 *
 * @param machines those at work
 */
record BatchedSectors(SectorMachines machines) implements MessageBatcher.Sectors {

  @Override
  public boolean deliver(SectorId sector, SectorEvent event, long moves) {
    return machines
        .submit(sector, event, Optional.of(moves))
        .filter(SectorFsm.Verdict.MOVED::equals)
        .isPresent();
  }

  @Override
  public void checkOpen() {
    machines.journal().check();
  }

  @Override
  public boolean isIn(SectorId sector, long moves) {
    return machines.isIn(sector, moves);
  }
}
