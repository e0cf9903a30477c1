package io.selkie.node.workers;

import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.WirePiece;

/** What a worker's call came to, as it was handed in; nothing of it has been checked. */
sealed interface CallResult {

  /** It was done, and there is no more to say. */
  record Done() implements CallResult {}

  /** Bytes: the output of a phase, or a proof. */
  record Bytes(byte[] bytes) implements CallResult {}

  /** A piece was written. */
  record Piece(WirePiece piece) implements CallResult {}

  /** Two commitments. */
  record Cids(SectorCids cids) implements CallResult {}

  /** Something that no call of ours asks for. */
  record Foreign(String method) implements CallResult {}

  /** It failed. */
  record Failed(CallError error) implements CallResult {

    /** Of unknown cause. */
    static final long UNKNOWN = 0;

    /** Worth trying again. */
    static final long TEMPORARY = 100;

    /** The worker was started again, and knows nothing of the call any more. */
    static final long WORKER_RESTARTED = 101;

    /** No room for its files. */
    static final long NO_SPACE = 102;
  }

  /** About how many bytes it holds. */
  default long size() {
    return switch (this) {
      case Bytes(byte[] bytes) -> bytes.length;
      case Failed(CallError error) -> error.message().length();
      case Done _, Piece _, Cids _, Foreign _ -> 0;
    };
  }

  /** Which kind it is, for messages. */
  default String kind() {
    return switch (this) {
      case Done _ -> "nothing but that it is done";
      case Bytes _ -> "bytes";
      case Piece _ -> "a piece";
      case Cids _ -> "two commitments";
      case Foreign(String method) -> "a result of " + method;
      case Failed _ -> "an error";
    };
  }
}
