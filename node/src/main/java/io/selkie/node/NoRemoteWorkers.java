package io.selkie.node;

import io.selkie.rpc.CallError;
import io.selkie.rpc.CallId;
import io.selkie.rpc.ReplicaUpdateOut;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorCids;
import io.selkie.rpc.WirePiece;
import io.selkie.rpc.WorkerReturnsApi;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Results of remote workers: there are none, so no call of theirs can be waited for and each is
 * refused. Thread-safe.
 */
final class NoRemoteWorkers implements WorkerReturnsApi {

  @Override
  public void returnDataCid(CallId call, WirePiece piece, @Nullable CallError error)
      throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnAddPiece(CallId call, WirePiece piece, @Nullable CallError error)
      throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnSealPreCommit1(CallId call, byte @Nullable [] out, @Nullable CallError error)
      throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnSealPreCommit2(CallId call, SectorCids sealed, @Nullable CallError error)
      throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnSealCommit1(CallId call, byte @Nullable [] out, @Nullable CallError error)
      throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnSealCommit2(CallId call, byte @Nullable [] proof, @Nullable CallError error)
      throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnFinalizeSector(CallId call, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnReplicaUpdate(CallId call, ReplicaUpdateOut out, @Nullable CallError error)
      throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnProveReplicaUpdate1(
      CallId call, @Nullable List<byte[]> proofs, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnProveReplicaUpdate2(
      CallId call, byte @Nullable [] proof, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnGenerateSectorKeyFromData(CallId call, @Nullable CallError error)
      throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnFinalizeReplicaUpdate(CallId call, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnReleaseUnsealed(CallId call, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnMoveStorage(CallId call, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnUnsealPiece(CallId call, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnReadPiece(CallId call, boolean ok, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnDownloadSector(CallId call, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  @Override
  public void returnFetch(CallId call, @Nullable CallError error) throws RpcFault {
    throw unknown(call);
  }

  private static RpcFault unknown(CallId call) {
    return new RpcFault(
        "no remote worker is connected; nothing waits for call %s-%s-%s"
            .formatted(
                Long.toUnsignedString(call.sector().miner()),
                Long.toUnsignedString(call.sector().number()),
                call.id()));
  }
}
