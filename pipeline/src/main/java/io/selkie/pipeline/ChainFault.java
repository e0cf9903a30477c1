package io.selkie.pipeline;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The chain could not answer, or refused. Expected in operation: a handler turns it into an event
 * or a later try.
 */
public final class ChainFault extends Exception {

  private static final long serialVersionUID = 1;

  /** What the caller may distinguish; the numbers are the JSON-RPC error codes of the reference. */
  public enum Kind {
    /** Anything without a kind of its own. */
    OTHER(1),
    /** The message would run out of gas. */
    OUT_OF_GAS(2),
    /** The actor does not exist. */
    ACTOR_NOT_FOUND(11),
    /** No block was made at that epoch; {@link #data} is the epoch. */
    NULL_ROUND(12);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The JSON-RPC error code. */
    public int code() {
      return code;
    }
  }

  private final Kind kind;
  private final @Nullable Long data;

  /** A fault without data. */
  public ChainFault(Kind kind, String message) {
    this(kind, message, OptionalLong.empty());
  }

  /** A fault with the data of its kind. */
  public ChainFault(Kind kind, String message, OptionalLong data) {
    super(message);
    this.kind = kind;
    this.data = data.isPresent() ? data.getAsLong() : null;
  }

  /**
   * The fault as what a larger task failed with. Its kind is gone: a caller sees a kind's code only
   * where the chain's answer is handed through as it came (go-jsonrpc errors.go matches the
   * outermost error).
   */
  public ChainFault within(String task) {
    return new ChainFault(Kind.OTHER, task + ": " + getMessage());
  }

  /** What happened. */
  public Kind kind() {
    return kind;
  }

  /** The data the kind carries, such as the epoch of a null round. */
  public OptionalLong data() {
    return data == null ? OptionalLong.empty() : OptionalLong.of(data);
  }
}
