package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;
import java.util.concurrent.Flow;

/** Whole sectors by the thousand. */
@RpcNamespace("Selkie")
public interface SectorBatchApi {

  /**
   * What SectorsStatus tells of each sector that fits, up to 100,000, with the chain's part as of
   * one head; only over WebSocket. Numbers that are not there are left out.
   *
   * @param fields the members wanted; none for all but the log
   */
  @RpcMethod(Permission.READ)
  Flow.Publisher<StatusChunk> sectorsStatusBatch(
      SectorQuery query, @Wire(type = "[]string") List<String> fields)
      throws RpcFault, InterruptedException;
}
