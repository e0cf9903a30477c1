package io.selkie.rpc.json;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.server.ServerLimits;
import java.util.Objects;
import java.util.function.Predicate;

/** Values of the contract as JSON outside of a call, such as an answer that is streamed. */
public final class WireJson {

  private final WireTypes types = new WireTypes();
  private final WireReader reader = new WireReader();
  private final WireWriter writer;

  /** Writes addresses for this network. */
  public WireJson(Address.Network network) {
    writer = new WireWriter(network, types);
  }

  /** The record as the API writes it. */
  public String text(Record value) {
    return text(value, _ -> true);
  }

  /** The record as the API writes it, but only the members of these names. */
  public String text(Record value, Predicate<String> names) {
    StringBuilder out = new StringBuilder();
    writer.struct(out, value, names);
    return out.toString();
  }

  /**
   * Reads a record as the API reads its parameters: what is missing is the type's zero value.
   *
   * @throws RpcFault if the text is no JSON, passes a limit of requests or does not fit
   */
  public <T extends Record> T read(Class<T> type, String text) throws RpcFault {
    JsonReader json = new JsonReader(Math.max(1, text.length()), ServerLimits.MAX_VALUES);
    return switch (json.read(text)) {
      case JsonReader.Outcome.Value(JsonValue value) -> read(type, value);
      case JsonReader.Outcome.Malformed _ -> throw new RpcFault("the body is no JSON");
      case JsonReader.Outcome.OverLimit(String limit) -> throw new RpcFault(limit);
    };
  }

  private <T extends Record> T read(Class<T> type, JsonValue value) throws RpcFault {
    try {
      return type.cast(Objects.requireNonNull(reader.read(types.struct(type), value)));
    } catch (WireReader.Mismatch e) {
      throw new RpcFault(String.valueOf(e.getMessage()));
    }
  }
}
