package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;

/**
 * What a client does on a real network with programs of its own, for the embedded devnet: looking
 * at the head, and publishing a storage deal that the miner can then take a piece for.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface DevnetApi {

  /** The height of the chain's head. */
  @RpcMethod(Permission.READ)
  @Wire(type = "abi.ChainEpoch")
  long chainHeight() throws RpcFault, InterruptedException;

  /**
   * Publishes a deal for a piece with this miner and returns what {@code SectorAddPieceToAny} wants
   * to know of it.
   *
   * @param pieceCid the piece's commitment as a CID
   * @param size its padded size in bytes
   * @param label free text, at most 256 bytes
   * @param startEpoch when the deal begins; 0 chooses a start that leaves time for sealing
   * @param endEpoch when it ends; 0 chooses the shortest term that the market allows
   */
  @RpcMethod(Permission.ADMIN)
  PieceDealInfo devnetPublishDeal(
      @Wire(type = "cid.Cid") Cid pieceCid,
      @Wire(type = "abi.PaddedPieceSize") long size,
      @Wire(type = "string") String label,
      @Wire(type = "abi.ChainEpoch") long startEpoch,
      @Wire(type = "abi.ChainEpoch") long endEpoch)
      throws RpcFault, InterruptedException;
}
