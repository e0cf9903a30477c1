package io.selkie.node;

import io.selkie.pipeline.Forcing;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorControlApi;
import java.util.Optional;

/** The operator's second words, answered by the pipeline. Thread-safe. */
final class SectorControlService implements SectorControlApi {

  private final SectorPipeline pipeline;

  SectorControlService(SectorPipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public void sectorsUpdate(long sector, String state, boolean force) throws RpcFault {
    Forcing forcing = force ? Forcing.ANY_STATE : Forcing.CHECKED;
    SectorCommands.tell(sector, number -> pipeline.forceState(number, state, forcing));
  }

  @Override
  public void sectorRemove(long sector, long confirmNumber) throws RpcFault {
    if (confirmNumber != sector) {
      throw new RpcFault(
          "the second key is "
              + Long.toUnsignedString(confirmNumber)
              + ", the sector is "
              + Long.toUnsignedString(sector)
              + "; nothing was removed");
    }
    SectorCommands.tell(sector, number -> pipeline.remove(number, Optional.of(number)));
  }

  @Override
  public void sectorRestart(long sector) throws RpcFault {
    SectorCommands.tell(sector, pipeline::restart);
  }
}
