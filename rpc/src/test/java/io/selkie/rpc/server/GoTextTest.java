package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.json.GoText;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bytes that are no UTF-8, in the texts of requests: each byte for which Go's utf8.DecodeRune says
 * "(RuneError, 1)" is one U+FFFD.
 */
class GoTextTest {

  /** The bytes, and what becomes of them, a full stop for each U+FFFD. */
  @ParameterizedTest
  @CsvSource({
    "eda080, ...", // a high surrogate
    "edbfbf, ...", // a low one
    "eda0bdedb880, ......", // a pair of them, which is no character either
    "ff, .",
    "80, .", // a continuation by itself
    "bfbf, ..",
    "c0af, ..", // overlong forms of a slash
    "e080af, ...",
    "f08080af, ....",
    "c1bf, ..",
    "e28241, ..A", // a euro sign without its end
    "c341, .A",
    "f09f98, ...", // a face without its end
    "f09f9841, ...A",
    "f4908080, ....", // beyond U+10FFFF
    "f5808080, ....",
    "fe, .",
    "f888808080, .....", // five bytes, as before RFC 3629
    "e2e282ac, .€", // broken, and then whole
    "c3a9ffc3a9, é.é",
    "ed9fbf, \ud7ff", // the last before the surrogates, and what is whole beside them
    "ee8080, \ue000",
    "efbfbd, .", // U+FFFD itself
    "f48fbfbf, \udbff\udfff",
    "f0908080, \ud800\udc00",
    "c280, \u0080",
    "e0a080, \u0800",
  })
  void bytes_areReadAsInGo(String hex, String shown) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(hex);
    String expected = shown.replace('.', '\ufffd');
    assertThat(GoText.decode(bytes)).isEqualTo(expected);
    byte[] request = around(bytes);
    try (TestServer server = TestServer.start(builder -> builder.anonymousRead(true))) {
      // The parameter, the id and the name of the method: everything that is echoed.
      assertThat(server.post(request, "").body())
          .isEqualTo(
              "{\"id\":\""
                  + expected
                  + "\",\"jsonrpc\":\"2.0\",\"result\":\""
                  + expected
                  + "\"}\n");
      assertThat(server.post(named(bytes), "").body())
          .contains("\"message\":\"method '" + expected + "' not found\"");
      try (TestSocket socket =
          TestSocket.open(server.server.endpoint().webSocket(), Optional.empty())) {
        socket.socket().sendBinary(ByteBuffer.wrap(request), true).join();
        assertThat(socket.next()).contains("\"result\":\"" + expected + "\"");
      }
    }
  }

  private static byte[] around(byte[] bytes) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(ascii("{\"id\":\""));
    request.writeBytes(bytes);
    request.writeBytes(ascii("\",\"method\":\"Probe.Echo\",\"params\":[\""));
    request.writeBytes(bytes);
    request.writeBytes(ascii("\"]}"));
    return request.toByteArray();
  }

  private static byte[] named(byte[] bytes) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(ascii("{\"id\":1,\"method\":\""));
    request.writeBytes(bytes);
    request.writeBytes(ascii("\",\"params\":[]}"));
    return request.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void wholeTexts_areReadAsJavaReadsThem() {
    StringBuilder every = new StringBuilder();
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        every.appendCodePoint(point);
      }
    }
    // U+FFFD is among them, so that all of it goes the slow way.
    assertThat(GoText.decode(every.toString().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(every.toString());
  }

  @Test
  void bytesAtRandom_keepWhatIsWhole() {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      String text = GoText.decode(bytes);
      // Every byte is in a whole character, or is one U+FFFD: the two decoders agree on the rest.
      assertThat(text.replace("\ufffd", ""))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8).replace("\ufffd", ""));
      int whole = text.replace("\ufffd", "").getBytes(StandardCharsets.UTF_8).length;
      assertThat(whole + text.chars().filter(c -> c == 0xfffd).count())
          .as("seed %d, round %d", seed, round)
          .isEqualTo(bytes.length);
    }
  }
}
