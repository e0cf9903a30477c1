package io.selkie.rpc.server;

import io.selkie.rpc.json.GoJson;
import io.selkie.rpc.json.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoded request.
 *
 * @param id the id as it is echoed, or null for a notification
 * @param method the wire name, empty if there was none
 * @param params as given, {@code null} if there were none
 */
record RpcRequest(@Nullable String id, String method, JsonValue params) {

  /** A request that could not be decoded. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String id;

    Malformed(String message, @Nullable String id) {
      super(message);
      this.id = id;
    }

    /** The id, if it had been read before the fault. */
    @Nullable String id() {
      return id;
    }
  }

  /** The text of a request whose shape is wrong. */
  static final String PARSE_ERROR = "Parse error";

  /** A request with its id not yet judged: a batch goes on behind a bad id. */
  record Draft(JsonValue id, String method, JsonValue params) {

    /**
     * The request.
     *
     * @throws Malformed if the id is neither text, number nor null
     */
    RpcRequest checked() throws Malformed {
      return new RpcRequest(idText(id), method, params);
    }
  }

  /**
   * Takes the members a request has; others are ignored, names match in any case, the last one
   * wins.
   *
   * @throws Malformed if a member has the wrong type
   */
  static Draft draft(JsonValue json) throws Malformed {
    if (json instanceof JsonValue.Null) {
      return new Draft(JsonValue.Null.VALUE, "", JsonValue.Null.VALUE);
    }
    if (!(json instanceof JsonValue.Obj(List<JsonValue.Member> members))) {
      throw new Malformed(PARSE_ERROR, null);
    }
    JsonValue id = JsonValue.Null.VALUE;
    String method = "";
    JsonValue params = JsonValue.Null.VALUE;
    for (JsonValue.Member member : members) {
      String name = member.name();
      JsonValue value = member.value();
      if (name.equalsIgnoreCase("id")) {
        id = finite(value);
      } else if (name.equalsIgnoreCase("params")) {
        params = value;
      } else if (name.equalsIgnoreCase("method")) {
        method = text(value, method, id);
      } else if (name.equalsIgnoreCase("jsonrpc")) {
        text(value, "", id);
      } else if (name.equalsIgnoreCase("meta")) {
        meta(value, id);
      }
    }
    return new Draft(id, method, params);
  }

  private static JsonValue finite(JsonValue id) throws Malformed {
    if (id instanceof JsonValue.Num(String literal)
        && Double.isInfinite(Double.parseDouble(literal))) {
      throw new Malformed(PARSE_ERROR, null);
    }
    return id;
  }

  private static String text(JsonValue value, String before, JsonValue id) throws Malformed {
    return switch (value) {
      case JsonValue.Str(String text) -> text;
      case JsonValue.Null _ -> before;
      default -> throw new Malformed(PARSE_ERROR, echo(id));
    };
  }

  private static void meta(JsonValue value, JsonValue id) throws Malformed {
    if (value instanceof JsonValue.Null) {
      return;
    }
    if (!(value instanceof JsonValue.Obj(List<JsonValue.Member> members))) {
      throw new Malformed(PARSE_ERROR, echo(id));
    }
    for (JsonValue.Member member : members) {
      text(member.value(), "", id);
    }
  }

  private static @Nullable String echo(JsonValue id) {
    try {
      return idText(id);
    } catch (Malformed _) {
      return null;
    }
  }

  /**
   * The id as it is echoed. Numbers pass through a double, as in the reference.
   *
   * @throws Malformed for a boolean, an object or an array
   */
  static @Nullable String idText(JsonValue id) throws Malformed {
    return switch (id) {
      case JsonValue.Null _ -> null;
      case JsonValue.Str _ -> GoJson.toText(id);
      case JsonValue.Num(String literal) -> GoJson.number(Double.parseDouble(literal));
      case JsonValue.Bool _ -> throw badId("bool");
      case JsonValue.Obj _ -> throw badId("map[string]interface {}");
      case JsonValue.Arr _ -> throw badId("[]interface {}");
    };
  }

  private static Malformed badId(String goType) {
    return new Malformed("failed to parse ID: invalid id type: " + goType, null);
  }
}
