package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.concurrent.Flow;

/** The change feed: everything that happens to sectors, in one order. */
@RpcNamespace("Selkie")
public interface SectorFeedApi {

  /**
   * Everything that happened after an offset, and what happens from then on; only over WebSocket.
   * Nothing is left out: who gives the offset of the last change it has dealt with gets all that
   * followed, some of it perhaps for the second time.
   *
   * @param fromOffset 0 for everything there is; below 0 for what happens from now on
   */
  @RpcMethod(Permission.READ)
  Flow.Publisher<SectorChange> sectorsSubscribe(
      @Wire(type = "int64") long fromOffset, ChangeFilter filter)
      throws RpcFault, InterruptedException;
}
