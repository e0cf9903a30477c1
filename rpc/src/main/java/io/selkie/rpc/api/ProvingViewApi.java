package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the chain holds of this miner: what the reference's commands read from a full node.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface ProvingViewApi {

  /** Power, funds and deals at the chain's head. */
  @RpcMethod(Permission.READ)
  MinerOnChain minerOnChain() throws RpcFault, InterruptedException;

  /** Where the miner stands in its proving period. */
  @RpcMethod(Permission.READ)
  ProvingPeriod provingPeriod() throws RpcFault, InterruptedException;

  /** The deadlines with their partitions, all of them, in order. */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]selkie.ProvingDeadline")
  List<ProvingDeadline> provingDeadlines() throws RpcFault, InterruptedException;

  /** The sectors of all partitions together. */
  @RpcMethod(Permission.READ)
  SectorSets minerSectorSets() throws RpcFault, InterruptedException;

  /** Sectors of one page of {@link #chainSectors}. */
  int SECTORS_LIMIT = 10_000;

  /**
   * The sectors from a number on that are proven and not terminated, by number. Fewer than were
   * asked for are the last ones.
   *
   * @param limit from 1 to {@link #SECTORS_LIMIT}
   */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]selkie.ChainSector")
  List<ChainSector> chainSectors(
      @Wire(type = "abi.SectorNumber") long from, @Wire(type = "int") long limit)
      throws RpcFault, InterruptedException;

  /** The sectors that are pre-committed and not proven yet, by number. */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]selkie.ChainPreCommit")
  List<ChainPreCommit> chainPreCommits() throws RpcFault, InterruptedException;

  /** What became of a message; nothing while it has not landed, or if nobody knows it. */
  @RpcMethod(Permission.READ)
  @Nullable ChainReceipt chainMessage(@Wire(type = "cid.Cid") Cid message)
      throws RpcFault, InterruptedException;
}
