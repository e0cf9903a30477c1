package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.json.GoJson;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.json.WireJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Awkward texts both ways, as Go's encoder and decoder have them (go1.22,
 * src/encoding/json/encode.go and the tables of its encode_test.go and decode_test.go).
 */
class GoJsonTest {

  /** A text and what Go writes for it. */
  private static final String[][] WRITTEN = {
    {"", "\"\""},
    {"\0", "\"\\u0000\""},
    {"\u0001", "\"\\u0001\""},
    {"\b", "\"\\b\""},
    {"\t", "\"\\t\""},
    {"\n", "\"\\n\""},
    {"\u000b", "\"\\u000b\""},
    {"\f", "\"\\f\""},
    {"\r", "\"\\r\""},
    {"\u001f", "\"\\u001f\""},
    {"\u007f", "\"\u007f\""},
    {"\"\\/", "\"\\\"\\\\/\""},
    {"<a href='x'>&</a>", "\"\\u003ca href='x'\\u003e\\u0026\\u003c/a\\u003e\""},
    {"a\u2028b\u2029c", "\"a\\u2028b\\u2029c\""},
    {"\u2027\u202a\u0085", "\"\u2027\u202a\u0085\""},
    {"\u00e4\u20ac\ud83d\ude00", "\"\u00e4\u20ac\ud83d\ude00\""},
    {"\ufffd\ufffe\uffff", "\"\ufffd\ufffe\uffff\""},
    // What Go's decoder makes of a lone surrogate is U+FFFD, which its encoder writes as it is.
    {"a\ud800b", "\"a\ufffdb\""},
    {"\ude00\ud83d", "\"\ufffd\ufffd\""},
    {"\ud800\ud83d\ude00\udc00", "\"\ufffd\ud83d\ude00\ufffd\""},
  };

  /** What a request holds between the quotes, as Latin-1, and the text that Go reads in it. */
  private static final String[][] READ = {
    {"hello\\ud800world", "hello\ufffdworld"},
    {"hello\\ud800\\ud800world", "hello\ufffd\ufffdworld"},
    {"invalid: \\uD834x\\uDD1E", "invalid: \ufffdx\ufffd"},
    {"g-clef: \\uD834\\uDD1E", "g-clef: \ud834\udd1e"},
    {"\\u0000\\u001f\\/\\u2028", "\0\u001f/\u2028"},
    {"hello\u00ffworld", "hello\ufffdworld"},
    {"hello\u00c2\u00c2world", "hello\ufffd\ufffdworld"},
    {"hello\u00c2\u00ffworld", "hello\ufffd\ufffdworld"},
    {
      "hello\u00ed\u00a0\u0080\u00ed\u00b0\u0080world",
      "hello\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdworld"
    },
  };

  private static String written(String text) {
    StringBuilder out = new StringBuilder();
    GoJson.text(out, text);
    return out.toString();
  }

  @Test
  void texts_areWrittenAsGoWritesThem_inEveryPlace() {
    for (String[] each : WRITTEN) {
      assertThat(written(each[0])).isEqualTo(each[1]);
      String inner = each[1].substring(1, each[1].length() - 1);
      assertThat(written("x" + each[0] + "y" + each[0]))
          .isEqualTo("\"x" + inner + "y" + inner + "\"");
      JsonValue name = JsonValue.object().put(each[0], each[0]).build();
      assertThat(GoJson.toText(name)).isEqualTo("{" + each[1] + ":" + each[1] + "}");
    }
  }

  @Test
  void text_ofAnything_isReadAgainAsItWas() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        int point =
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt(0x80);
              case 1 -> 0x2020 + random.nextInt(16);
              case 2 -> random.nextInt(0xd800);
              default -> 0x10000 + random.nextInt(0x100000);
            };
        text.appendCodePoint(point);
      }
      assertThat(JsonValue.parse(written(text.toString())))
          .as("seed %d: %s", seed, written(text.toString()))
          .contains(JsonValue.text(text.toString()));
    }
  }

  @Test
  void veryLongText_goesThroughWhole() {
    String plain = "a".repeat(3_000_000);
    assertThat(written(plain)).hasSize(plain.length() + 2);
    String escaped = "\u2028<".repeat(500_000);
    assertThat(written(escaped)).hasSize(6_000_000 + 2);
    assertThat(JsonValue.parse(written(escaped))).contains(JsonValue.text(escaped));
  }

  @Test
  void records_holdTheSameTexts() throws RpcFault {
    WireJson json = new WireJson(Address.Network.TESTNET);
    for (String[] each : WRITTEN) {
      String text = json.text(new RemoteText(each[0]));
      assertThat(text).isEqualTo("{\"Text\":" + each[1] + "}");
      RemoteText again = json.read(RemoteText.class, text);
      assertThat(written(again.text())).isEqualTo(each[1]);
    }
  }

  /** A record of one text. */
  @Wire(type = "test.RemoteText")
  record RemoteText(String text) {}

  @Test
  void texts_overASocket_comeBackAsGoReadsAndWritesThem() throws Exception {
    try (TestServer server = TestServer.start(builder -> builder)) {
      String bearer = "Authorization: Bearer " + server.token("read") + "\r\n";
      for (String[] each : READ) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(
            "{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[\""
                .getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(each[0].getBytes(StandardCharsets.ISO_8859_1));
        body.writeBytes("\"]}".getBytes(StandardCharsets.US_ASCII));
        assertThat(server.post(body.toByteArray(), bearer).body())
            .isEqualTo("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":" + written(each[1]) + "}\n");
      }
      try (TestSocket socket =
          TestSocket.open(
              server.server.endpoint().webSocket(), Optional.of(server.token("read")))) {
        for (String[] each : WRITTEN) {
          socket.send("{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[" + each[1] + "]}");
          assertThat(socket.next())
              .isEqualTo("{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":" + each[1] + "}\n");
        }
      }
    }
  }
}
