package io.selkie.node.workers.program;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WorkerReturnsApi;

/** By which method a call's failure goes back to the node. */
enum ReturnKind {
  DATA_CID,
  ADD_PIECE,
  PRE_COMMIT_1,
  PRE_COMMIT_2,
  COMMIT_1,
  COMMIT_2,
  FINALIZE,
  RELEASE_UNSEALED,
  MOVE,
  UNSEAL,
  FETCH;

  void fail(WorkerReturnsApi node, CallId call, CallError error)
      throws RpcFault, InterruptedException {
    switch (this) {
      case DATA_CID -> node.returnDataCid(call, new WirePiece(0, null), error);
      case ADD_PIECE -> node.returnAddPiece(call, new WirePiece(0, null), error);
      case PRE_COMMIT_1 -> node.returnSealPreCommit1(call, null, error);
      case PRE_COMMIT_2 -> node.returnSealPreCommit2(call, new SectorCids(null, null), error);
      case COMMIT_1 -> node.returnSealCommit1(call, null, error);
      case COMMIT_2 -> node.returnSealCommit2(call, null, error);
      case FINALIZE -> node.returnFinalizeSector(call, error);
      case RELEASE_UNSEALED -> node.returnReleaseUnsealed(call, error);
      case MOVE -> node.returnMoveStorage(call, error);
      case UNSEAL -> node.returnUnsealPiece(call, error);
      case FETCH -> node.returnFetch(call, error);
    }
  }
}
