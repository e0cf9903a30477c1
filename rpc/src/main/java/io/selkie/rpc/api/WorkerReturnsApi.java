package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How remote workers hand their results in: the call, the result, or why there is none.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface WorkerReturnsApi {

  /** The end of a call to DataCid. */
  @RpcMethod(Permission.ADMIN)
  void returnDataCid(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "abi.PieceInfo") WirePiece piece,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to AddPiece. */
  @RpcMethod(Permission.ADMIN)
  void returnAddPiece(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "abi.PieceInfo") WirePiece piece,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to SealPreCommit1. */
  @RpcMethod(Permission.ADMIN)
  void returnSealPreCommit1(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.PreCommit1Out") byte @Nullable [] out,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to SealPreCommit2. */
  @RpcMethod(Permission.ADMIN)
  void returnSealPreCommit2(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.SectorCids") SectorCids sealed,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to SealCommit1. */
  @RpcMethod(Permission.ADMIN)
  void returnSealCommit1(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.Commit1Out") byte @Nullable [] out,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to SealCommit2. */
  @RpcMethod(Permission.ADMIN)
  void returnSealCommit2(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.Proof") byte @Nullable [] proof,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to FinalizeSector. */
  @RpcMethod(Permission.ADMIN)
  void returnFinalizeSector(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to ReplicaUpdate. */
  @RpcMethod(Permission.ADMIN)
  void returnReplicaUpdate(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.ReplicaUpdateOut") ReplicaUpdateOut out,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to ProveReplicaUpdate1. */
  @RpcMethod(Permission.ADMIN)
  void returnProveReplicaUpdate1(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.ReplicaVanillaProofs") @Nullable List<byte[]> proofs,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to ProveReplicaUpdate2. */
  @RpcMethod(Permission.ADMIN)
  void returnProveReplicaUpdate2(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.ReplicaUpdateProof") byte @Nullable [] proof,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to GenerateSectorKeyFromData. */
  @RpcMethod(Permission.ADMIN)
  void returnGenerateSectorKeyFromData(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to FinalizeReplicaUpdate. */
  @RpcMethod(Permission.ADMIN)
  void returnFinalizeReplicaUpdate(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to ReleaseUnsealed. */
  @RpcMethod(Permission.ADMIN)
  void returnReleaseUnsealed(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to MoveStorage. */
  @RpcMethod(Permission.ADMIN)
  void returnMoveStorage(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to UnsealPiece. */
  @RpcMethod(Permission.ADMIN)
  void returnUnsealPiece(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to ReadPiece. */
  @RpcMethod(Permission.ADMIN)
  void returnReadPiece(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "bool") boolean ok,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to DownloadSector. */
  @RpcMethod(Permission.ADMIN)
  void returnDownloadSector(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;

  /** The end of a call to Fetch. */
  @RpcMethod(Permission.ADMIN)
  void returnFetch(
      @Wire(type = "storiface.CallID") CallId call,
      @Wire(type = "storiface.CallError") @Nullable CallError error)
      throws RpcFault, InterruptedException;
}
