package io.selkie.rpc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An error that a caller of the API is told: a code, a text and, for a few kinds, data. Everything
 * else a method throws counts as a crash and is answered with code 0.
 */
public final class RpcFault extends Exception {

  private static final long serialVersionUID = 1L;

  /** An ordinary error of a method. */
  public static final int ORDINARY = 1;

  /** A call ran out of gas on chain. */
  public static final int OUT_OF_GAS = 2;

  /** An actor is not on chain. */
  public static final int ACTOR_NOT_FOUND = 11;

  /** No block was mined at the epoch that was asked for. */
  public static final int NULL_ROUND = 12;

  /** JSON-RPC: undecodable request, argument or id. */
  public static final int PARSE = -32700;

  /** JSON-RPC: not a request. */
  public static final int INVALID_REQUEST = -32600;

  /** JSON-RPC: no such method. */
  public static final int METHOD_NOT_FOUND = -32601;

  /** JSON-RPC: wrong number of arguments. */
  public static final int INVALID_PARAMS = -32602;

  /** A method crashed. */
  public static final int CRASH = 0;

  private final int code;
  private final transient @Nullable Object data;

  /**
   * @param code the JSON-RPC error code
   * @param message the text
   * @param data a value the wire format can carry, or null
   */
  public RpcFault(int code, String message, @Nullable Object data) {
    super(message);
    this.code = code;
    this.data = data;
  }

  /** An ordinary error, code 1. */
  public RpcFault(String message) {
    this(ORDINARY, message, null);
  }

  /** The registered kind 2. */
  public static RpcFault outOfGas() {
    return new RpcFault(OUT_OF_GAS, "call ran out of gas", null);
  }

  /** The registered kind 11. */
  public static RpcFault actorNotFound() {
    return new RpcFault(ACTOR_NOT_FOUND, "actor not found", null);
  }

  /** The registered kind 12. */
  public static RpcFault nullRound(long epoch) {
    return new RpcFault(NULL_ROUND, "requested epoch was a null round (" + epoch + ")", epoch);
  }

  /** The JSON-RPC error code. */
  public int code() {
    return code;
  }

  /** The text, never null. */
  public String text() {
    return Objects.requireNonNullElse(getMessage(), "");
  }

  /** What some kinds carry besides the text. */
  public @Nullable Object data() {
    return data;
  }
}
