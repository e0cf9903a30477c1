package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.token.Permission;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the recorded cases leave out of HTTP: limits, odd requests, other paths. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpTransportTest {

  private @Nullable TestServer started;

  @BeforeAll
  void start() throws IOException {
    started =
        TestServer.start(builder ->
            builder
                .anonymousRead(true)
                .limits(TestServer.SMALL)
                .mount("/", request -> page(request, "/", "home"))
                .mount("/debug/metrics", request -> page(request, "/debug/metrics", "up 1"))
                .mount("/remote", HttpTransportTest::remote));
  }

  private static Optional<WebAnswer> page(WebRequest request, String path, String text) {
    return request.path().equals(path)
        ? Optional.of(WebAnswer.text(200, "text/plain", text).with("X-Query", request.query()))
        : Optional.empty();
  }

  private static Optional<WebAnswer> remote(WebRequest request) {
    return Optional.of(
        request.caller().may(Permission.ADMIN)
            ? WebAnswer.text(200, "text/plain", "file")
            : WebAnswer.text(401, "text/plain", "{\"Error\":\"unauthorized\"}"));
  }

  @AfterAll
  void stop() throws IOException {
    Objects.requireNonNull(started).close();
  }

  private TestServer server() {
    return Objects.requireNonNull(started);
  }

  private static String echo(String id, String param) {
    return "{\"id\":" + id + ",\"method\":\"Probe.Echo\",\"params\":[" + param + "]}";
  }

  private String errorOf(String request) throws IOException {
    return server().post(request).body();
  }

  @Test
  void ids_ofManyForms_areEchoedThroughADouble() throws IOException {
    String[][] ids = {
      {"9007199254740993", "9007199254740992"},
      {"12345678901234567890", "12345678901234567000"},
      {"1e21", "1e+21"},
      {"1.0", "1"},
      {"-0.5e-7", "-5e-8"},
      {"0.000001", "0.000001"},
      {"0", "0"},
      {"\"\"", "\"\""},
    };
    for (String[] id : ids) {
      assertThat(errorOf(echo(id[0], "1")))
          .isEqualTo("{\"id\":" + id[1] + ",\"jsonrpc\":\"2.0\",\"result\":1}\n");
    }
  }

  @Test
  void id_beforeABadMember_isEchoed() throws IOException {
    assertThat(errorOf("{\"id\":7,\"method\":5}"))
        .isEqualTo(
            "{\"error\":{\"code\":-32700,\"message\":\"Parse error\"},\"id\":7,"
                + "\"jsonrpc\":\"2.0\"}\n");
    assertThat(errorOf("{\"id\":7,\"method\":\"a\",\"meta\":{\"x\":1}}")).contains("\"id\":7");
    assertThat(errorOf("{\"id\":{},\"method\":\"a\"}"))
        .contains("failed to parse ID: invalid id type: map[string]interface {}")
        .contains("\"id\":null");
    assertThat(errorOf("{\"id\":1e999,\"method\":\"a\"}")).contains("Parse error");
  }

  @Test
  void texts_withOddCharacters_areEscapedAsInGo() throws IOException {
    String param = "\"<>&\\u2028\\u2029\\b\\f\\n\\r\\t\\u0001/é😀\\ud800\"";
    assertThat(errorOf(echo("1", param)))
        .contains("\"\\u003c\\u003e\\u0026\\u2028\\u2029\\b\\f\\n\\r\\t\\u0001/é😀\ufffd\"");
    byte[] invalid = echo("1", "\"x\"").getBytes(StandardCharsets.ISO_8859_1);
    invalid[new String(invalid, StandardCharsets.ISO_8859_1).indexOf("x")] = (byte) 0xff;
    assertThat(server().post(invalid, "").body()).contains("\"result\":\"\ufffd\"");
  }

  @Test
  void bodies_thatAreNoRequest_areParseErrors() throws IOException {
    for (String body :
        new String[] {
          "\ufeff{}", "12", "\"x\"", "{", "[{}", "[1]", "{\"a\"}", "[[]]", "nul", "{\"id\":01}"
        }) {
      TestServer.Answer answer = server().post(body);
      assertThat(answer.status()).as(body).isEqualTo(500);
      assertThat(answer.body()).as(body).contains("-32700").contains("\"id\":null");
    }
    assertThat(errorOf("null")).contains("method '' not found");
    assertThat(server().post("[ \n ]").status()).isEqualTo(400);
    assertThat(server().post("[null]").body())
        .isEqualTo(
            "[{\"error\":{\"code\":-32601,\"message\":\"method '' not found\"},\"id\":null,"
                + "\"jsonrpc\":\"2.0\"}\n]");
  }

  @Test
  void batch_withABadId_goesOn() throws IOException {
    TestServer.Answer answer = server().post("[" + echo("true", "1") + "," + echo("2", "2") + "]");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("invalid id type: bool").contains("\"result\":2");
  }

  @Test
  void batch_itemsThatWaitForEachOther_areAllAnsweredInOrder() throws IOException {
    String meet = "{\"id\":%d,\"method\":\"Probe.Meet\"}";
    TestServer.Answer answer =
        server()
            .post("[" + meet.formatted(1) + "," + meet.formatted(2) + "," + echo("3", "3") + "]");
    assertThat(answer.body())
        .isEqualTo(
            """
            [{"id":1,"jsonrpc":"2.0","result":true}
            ,{"id":2,"jsonrpc":"2.0","result":true}
            ,{"id":3,"jsonrpc":"2.0","result":3}
            ]\
            """);
  }

  @Test
  void crash_isAnswered_andTheServerGoesOn() throws IOException {
    TestServer.Answer answer = server().post("{\"id\":1,\"method\":\"Probe.Crash\"}");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body())
        .isEqualTo(
            "{\"error\":{\"code\":0,\"message\":\"fatal error calling 'Probe.Crash': panic in rpc"
                + " method 'Probe.Crash': boom \\u003c1\\u003e\"},\"id\":1,"
                + "\"jsonrpc\":\"2.0\"}\n");
    assertThat(server().post("{\"method\":\"Probe.Crash\"}").body()).contains("\"id\":null");
    assertThat(errorOf(echo("1", "1"))).contains("\"result\":1");
  }

  @Test
  void body_overTheLimit_isRefusedBeforeItIsRead() throws IOException {
    String expected = "request bigger than maximum 4096 allowed";
    String huge = "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nContent-Length: 104857601\r\n\r\n";
    try (Socket socket = server().connect()) {
      socket.getOutputStream().write(huge.getBytes(StandardCharsets.US_ASCII));
      TestServer.Answer answer = TestServer.read(socket);
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains(expected).contains("-32700").contains("\"id\":null");
    }
    String chunked =
        "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1400\r\n"
            + " ".repeat(0x1400)
            + "\r\n0\r\n\r\n";
    try (Socket socket = server().connect()) {
      socket.getOutputStream().write(chunked.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(TestServer.read(socket).body()).contains(expected);
    }
  }

  @Test
  void limits_ofBatchDepthAndValues_haveTheirOwnErrors() throws IOException {
    String item = echo("1", "1");
    assertThat(errorOf("[" + (item + ",").repeat(5) + item + "]"))
        .contains("batch of 6 requests is bigger than maximum 5 allowed");
    assertThat(errorOf(echo("1", "[".repeat(600) + "]".repeat(600))))
        .contains("request nested deeper than maximum 512 allowed");
    assertThat(errorOf(echo("1", "[" + "1,".repeat(1800) + "1]")))
        .contains("request of more values than maximum 1500 allowed");
  }

  @Test
  void bodyInDrops_isCutOff() throws Exception {
    String head = "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n";
    long start = System.nanoTime();
    try (Socket socket = server().connect()) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      Thread drops =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    socket.getOutputStream().write(' ');
                    Thread.sleep(200);
                  }
                } catch (IOException | InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              });
      TestServer.Answer answer = TestServer.read(socket);
      drops.interrupt();
      assertThat(answer.body()).contains("request body took longer than 2 s to arrive");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void silentConnection_isClosed() throws IOException {
    String half = "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{";
    try (Socket socket = server().connect()) {
      socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
      assertThat(TestServer.read(socket).status()).isNotEqualTo(200);
    }
  }

  @Test
  void callLongerThanTheIdleTimeout_isAnswered() throws IOException {
    assertThat(errorOf("{\"id\":1,\"method\":\"Probe.Sleep\",\"params\":[2500]}"))
        .contains("\"result\":true");
  }

  @Test
  void otherPaths_areAnsweredByWhatIsMounted() throws IOException {
    assertThat(server().get("GET /?a=b", "").head()).contains("X-Query: a=b");
    assertThat(server().get("GET /", "").body()).isEqualTo("home");
    assertThat(server().get("GET /debug/metrics", "").body()).isEqualTo("up 1");
    for (String path : new String[] {"/rpc/v0/", "/rpc/v1", "/health/readyz", "/debug/metrics2"}) {
      TestServer.Answer answer = server().get("GET " + path, "");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body()).isEqualTo("404 page not found\n");
      assertThat(answer.head())
          .contains("Content-Type: text/plain; charset=utf-8")
          .contains("X-Content-Type-Options: nosniff");
    }
  }

  @Test
  void doubledSlashes_areRedirected() throws IOException {
    for (String path : new String[] {"//rpc/v0", "/rpc//v0", "/rpc/./v0", "/x/../rpc/v0"}) {
      TestServer.Answer answer = server().get("GET " + path + "?q=1", "");
      assertThat(answer.status()).as(path).isEqualTo(301);
      assertThat(answer.head()).contains("Location: /rpc/v0?q=1");
    }
  }

  @Test
  void badToken_isRefusedEverywhereButAtRemote() throws IOException {
    String bad = "Authorization: Bearer a.b.c\r\n";
    for (String path : new String[] {"/", "/debug/metrics", "/nothing", "/rpc/v0"}) {
      TestServer.Answer answer = server().get("GET " + path, bad);
      assertThat(answer.status()).as(path).isEqualTo(401);
      assertThat(answer.body()).isEmpty();
    }
    assertThat(server().get("GET /remote/sealed/x", bad).body()).contains("unauthorized");
    String admin = "Authorization: Bearer " + server().token("admin") + "\r\n";
    assertThat(server().get("GET /remote/sealed/x", admin).body()).isEqualTo("file");
  }

  @Test
  void head_getsTheStatusWithoutBody() throws IOException {
    TestServer.Answer answer = server().get("HEAD /rpc/v0", "");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void formWithToken_isJudgedByItsToken_butItsBodyIsTaken() throws IOException {
    String form = "Content-Type: application/x-www-form-urlencoded\r\n";
    assertThat(server().post("token=abc", form).status()).isEqualTo(401);
    assertThat(server().post("token=" + server().token("read"), form).status()).isEqualTo(400);
    String multipart = "Content-Type: multipart/form-data; boundary=x\r\n";
    assertThat(server().post(echo("1", "1"), multipart).status()).isEqualTo(400);
  }

  @Test
  void offerOfHttp2_isNoUpgrade() throws IOException {
    String body = echo("1", "1");
    String request =
        "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try (Socket socket = server().connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      assertThat(TestServer.read(socket).body()).contains("\"result\":1");
    }
  }
}
