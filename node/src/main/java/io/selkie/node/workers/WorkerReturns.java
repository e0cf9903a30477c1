package io.selkie.node.workers;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.ReplicaUpdateOut;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WorkerReturnsApi;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the results of remote workers in. Thread-safe. */
final class WorkerReturns implements WorkerReturnsApi {

  /** Longer texts of errors are cut: they go into the sector's log. */
  static final int MAX_TEXT = 4096;

  private final CallTracker tracker;

  WorkerReturns(CallTracker tracker) {
    this.tracker = tracker;
  }

  private void take(CallId call, CallResult result, @Nullable CallError error) throws RpcFault {
    tracker.returned(call, error == null ? result : new CallResult.Failed(cut(error)));
  }

  private static CallError cut(CallError error) {
    return error.message().length() <= MAX_TEXT
        ? error
        : new CallError(error.code(), error.message().substring(0, MAX_TEXT) + "...");
  }

  private static CallResult bytes(byte @Nullable [] out) {
    return new CallResult.Bytes(out == null ? new byte[0] : out);
  }

  @Override
  public void returnDataCid(CallId call, WirePiece piece, @Nullable CallError error)
      throws RpcFault {
    take(call, new CallResult.Piece(piece), error);
  }

  @Override
  public void returnAddPiece(CallId call, WirePiece piece, @Nullable CallError error)
      throws RpcFault {
    take(call, new CallResult.Piece(piece), error);
  }

  @Override
  public void returnSealPreCommit1(CallId call, byte @Nullable [] out, @Nullable CallError error)
      throws RpcFault {
    take(call, bytes(out), error);
  }

  @Override
  public void returnSealPreCommit2(CallId call, SectorCids sealed, @Nullable CallError error)
      throws RpcFault {
    take(call, new CallResult.Cids(sealed), error);
  }

  @Override
  public void returnSealCommit1(CallId call, byte @Nullable [] out, @Nullable CallError error)
      throws RpcFault {
    take(call, bytes(out), error);
  }

  @Override
  public void returnSealCommit2(CallId call, byte @Nullable [] proof, @Nullable CallError error)
      throws RpcFault {
    take(call, bytes(proof), error);
  }

  @Override
  public void returnFinalizeSector(CallId call, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Done(), error);
  }

  @Override
  public void returnReplicaUpdate(CallId call, ReplicaUpdateOut out, @Nullable CallError error)
      throws RpcFault {
    take(call, new CallResult.Foreign("ReplicaUpdate"), error);
  }

  @Override
  public void returnProveReplicaUpdate1(
      CallId call, @Nullable List<byte[]> proofs, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Foreign("ProveReplicaUpdate1"), error);
  }

  @Override
  public void returnProveReplicaUpdate2(
      CallId call, byte @Nullable [] proof, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Foreign("ProveReplicaUpdate2"), error);
  }

  @Override
  public void returnGenerateSectorKeyFromData(CallId call, @Nullable CallError error)
      throws RpcFault {
    take(call, new CallResult.Foreign("GenerateSectorKeyFromData"), error);
  }

  @Override
  public void returnFinalizeReplicaUpdate(CallId call, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Foreign("FinalizeReplicaUpdate"), error);
  }

  @Override
  public void returnReleaseUnsealed(CallId call, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Foreign("ReleaseUnsealed"), error);
  }

  @Override
  public void returnMoveStorage(CallId call, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Done(), error);
  }

  @Override
  public void returnUnsealPiece(CallId call, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Done(), error);
  }

  @Override
  public void returnReadPiece(CallId call, boolean ok, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Foreign("ReadPiece"), error);
  }

  @Override
  public void returnDownloadSector(CallId call, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Foreign("DownloadSector"), error);
  }

  @Override
  public void returnFetch(CallId call, @Nullable CallError error) throws RpcFault {
    take(call, new CallResult.Done(), error);
  }
}
