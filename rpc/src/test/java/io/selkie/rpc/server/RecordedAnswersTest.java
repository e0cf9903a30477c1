package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.api.ProvingApi;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.WorkersApi;
import io.selkie.rpc.json.GoJson;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireReader;
import io.selkie.rpc.json.WireType;
import io.selkie.rpc.json.WireTypes;
import io.selkie.rpc.json.WireWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What lotus-miner answered is read into our types and written again: the same bytes. */
class RecordedAnswersTest {

  private static final List<Class<?>> APIS =
      List.of(
          CommonApi.class,
          AuthApi.class,
          SectorsApi.class,
          StorageApi.class,
          WorkersApi.class,
          ProvingApi.class);

  /** The reference crashes on this one. */
  private static final Set<String> CRASHING = Set.of("Filecoin.SectorsRefs");

  private final WireTypes types = new WireTypes();
  private final WireWriter writer = new WireWriter(Address.Network.TESTNET, types);

  @ParameterizedTest
  @ValueSource(strings = {"recorded-proving.json", "recorded-while-sealing.json"})
  void answers_readAndWrittenAgain_areTheSameBytes(String resource) throws Exception {
    ApiTable table = new ApiTable(types);
    APIS.forEach(table::describe);
    JsonValue.Arr calls = (JsonValue.Arr) read(text(resource));
    int checked = 0;
    for (JsonValue each : calls.items()) {
      JsonValue.Obj call = (JsonValue.Obj) each;
      JsonValue.Obj request = (JsonValue.Obj) call.get("request").orElseThrow();
      String method = ((JsonValue.Str) request.get("method").orElseThrow()).value();
      if (CRASHING.contains(method)) {
        continue;
      }
      String recorded = ((JsonValue.Str) call.get("response_text").orElseThrow()).value();
      JsonValue.Obj answer = (JsonValue.Obj) read(recorded);
      WireType type = table.find(method).orElseThrow().result();
      Object value = new WireReader().read(type, answer.get("result").orElseThrow());
      StringBuilder again = new StringBuilder("{\"id\":");
      GoJson.value(again, answer.get("id").orElseThrow());
      again.append(",\"jsonrpc\":\"2.0\",\"result\":");
      writer.write(again, type, value);
      assertThat(again.append("}\n").toString()).as(method).isEqualTo(recorded);
      checked++;
    }
    assertThat(checked).isEqualTo(24);
  }

  private String text(String resource) throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(resource))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonValue read(String text) {
    return ((JsonReader.Outcome.Value) new JsonReader(10_000_000).read(text)).value();
  }
}
