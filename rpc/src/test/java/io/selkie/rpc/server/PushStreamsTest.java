package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.ZeroStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams as arguments, through the client and by hand. */
class PushStreamsTest {

  private static final int MANY = 20_000_000;

  private @Nullable TestServer started;
  private @Nullable JsonRpcClient opened;

  @BeforeEach
  void start() throws IOException {
    started = TestServer.start(builder -> builder.limits(TestServer.SMALL));
    opened = new JsonRpcClient(started.endpoint("read", "write"));
  }

  @AfterEach
  void stop() throws IOException {
    client().close();
    server().close();
  }

  private TestServer server() {
    return Objects.requireNonNull(started);
  }

  private JsonRpcClient client() {
    return Objects.requireNonNull(opened);
  }

  private String call(String method, String stream) throws IOException {
    return server()
        .post(
            "{\"id\":1,\"method\":\"Probe." + method + "\",\"params\":[" + stream + "]}",
            "Authorization: Bearer " + server().token("write") + "\r\n")
        .body();
  }

  @Test
  void stream_ofTheClient_arrivesWhole() throws Exception {
    byte[] data = new byte[MANY];
    assertThat(client().call("Probe.Count", new ByteArrayInputStream(data)).asInt())
        .isEqualTo(MANY);
    assertThat(client().call("Probe.Count", new ZeroStream(5_000_000_000L)).asLong())
        .isEqualTo(5_000_000_000L);
    assertThat(client().call("Probe.Ignore", new ByteArrayInputStream(data)).isNull()).isTrue();
  }

  /** The client is not silent: nobody reads what it sends. */
  @Test
  void stream_thatIsReadSlowly_arrivesWhole() throws Exception {
    long rest = TestServer.SMALL.times().idle().multipliedBy(2).toMillis();
    assertThat(
            client()
                .call("Probe.CountSlowly", rest, new ByteArrayInputStream(new byte[MANY]))
                .asInt())
        .isEqualTo(MANY);
  }

  /** This client is silent, and is not waited for. */
  @Test
  void stream_thatStalls_endsItsCall() throws Exception {
    UUID id = UUID.randomUUID();
    try (Socket socket = server().connect()) {
      String head = "POST /rpc/streams/v0/push/" + id + " HTTP/1.1\r\nHost: x\r\n";
      socket
          .getOutputStream()
          .write((head + "Content-Length: 9\r\n\r\nabc").getBytes(StandardCharsets.US_ASCII));
      assertThat(call("Count", "{\"Type\":\"push\",\"Info\":\"" + id + "\"}"))
          .contains("\"message\":\"reading stream: ")
          .contains("Idle timeout expired");
    }
  }

  @Test
  void post_withoutHead_works() throws IOException, ExecutionException, InterruptedException {
    UUID id = UUID.randomUUID();
    CompletableFuture<String> call =
        CompletableFuture.supplyAsync(() -> {
          try {
            return call("Count", "{\"Type\":\"push\",\"Info\":\"" + id + "\"}");
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    String head = "POST /rpc/streams/v0/push/" + id + " HTTP/1.1\r\nHost: x\r\n";
    TestServer.Answer answer =
        server()
            .raw(
                (head + "Connection: close\r\nContent-Length: 3\r\n\r\nabc")
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(call.get()).contains("\"result\":3");
  }

  @Test
  void stream_nobodyDelivers_endsTheCall() throws IOException {
    String answer = call("Count", "{\"Type\":\"push\",\"Info\":\"" + UUID.randomUUID() + "\"}");
    assertThat(answer).contains("\"code\":1").contains("was not delivered within 1 s");
  }

  @Test
  void head_nobodyAsksFor_failsInTime() throws IOException {
    String path = "/rpc/streams/v0/push/";
    assertThat(server().get("HEAD " + path + UUID.randomUUID(), "").status()).isEqualTo(500);
    TestServer.Answer bad = server().get("POST " + path + "abc", "Content-Length: 0\r\n");
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.body()).isEqualTo("parsing reader uuid: invalid UUID length: 3\n");
    TestServer.Answer verb = server().get("GET " + path + UUID.randomUUID(), "");
    assertThat(verb.status()).isEqualTo(405);
    assertThat(verb.body()).isEqualTo("unsupported method\n");
  }

  @Test
  void streams_thatCannotBeOpened_areArgumentErrors() throws IOException {
    String where = "decoding params for 'Probe.Count' (param: 0; custom decoder): ";
    String[][] cases = {
      {"{\"Type\":\"push\",\"Info\":\"ab\"}", "parsing reader UUDD: invalid UUID length: 2"},
      {"null", "parsing reader UUDD: invalid UUID length: 0"},
      {"5", "unmarshaling reader id: json: cannot unmarshal number into Go value of type"},
      {
        "{\"Type\":\"null\",\"Info\":\"q\"}",
        "parsing null byte count: strconv.ParseInt: parsing \\\"q\\\": invalid syntax"
      },
      {"{\"Type\":\"null\",\"Info\":\"-5\"}", "parsing null byte count"},
      {"{\"Type\":\"http\",\"Info\":\"http://127.0.0.1:1/x\"}", "reader type 'http' is refused"},
    };
    for (String[] each : cases) {
      assertThat(call("Count", each[0])).contains("-32700").contains(where + each[1]);
    }
  }

  @Test
  void url_thatIsAllowed_isFetched() throws IOException {
    try (TestServer files =
            TestServer.start(builder ->
                builder.mount(
                    "/f",
                    request ->
                        java.util.Optional.of(WebAnswer.text(200, "text/plain", "seven!!"))));
        TestServer server =
            TestServer.start(builder ->
                builder.allowUrls(url -> url.getPort() == files.server.address().getPort()))) {
      String url = files.server.endpoint().base().resolve("/f").toString();
      TestServer.Answer answer =
          server.post(
              "{\"id\":1,\"method\":\"Probe.Count\",\"params\":[{\"Type\":\"http\",\"Info\":\""
                  + url
                  + "\"}]}",
              "Authorization: Bearer " + server.token("write") + "\r\n");
      assertThat(answer.body()).contains("\"result\":7");
    }
  }

  @Test
  void meetings_areForgotten_whenTheyEnd() throws Exception {
    PushStreams streams = new PushStreams(PushStreams.MAX_STREAMS, java.time.Duration.ofMillis(50));
    assertThat(streams.head(UUID.randomUUID(), Optional.empty()))
        .isEqualTo(PushStreams.Outcome.FAILED);
    UUID id = UUID.randomUUID();
    streams.open(id).close();
    assertThat(streams.size()).isZero();
    List<InputStream> open = new ArrayList<>();
    for (int i = 0; i < PushStreams.MAX_STREAMS; i++) {
      open.add(streams.open(UUID.randomUUID()));
    }
    assertThatThrownBy(() -> streams.open(id))
        .hasMessage("more than maximum 1024 pushed streams at once");
    for (InputStream each : open) {
      each.close();
    }
    assertThat(streams.size()).isZero();
  }

  @Test
  void announcements_ofStrangers_doNotKeepCallsOut() throws Exception {
    PushStreams streams = new PushStreams(PushStreams.MAX_STREAMS, java.time.Duration.ofSeconds(2));
    List<Thread> strangers = new ArrayList<>();
    for (int i = 0; i < PushStreams.MAX_STREAMS; i++) {
      strangers.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  streams.head(UUID.randomUUID(), Optional.empty());
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    while (streams.size() < PushStreams.MAX_STREAMS) {
      Thread.sleep(5);
    }
    UUID id = UUID.randomUUID();
    assertThat(streams.head(id, Optional.empty())).isEqualTo(PushStreams.Outcome.TOO_MANY);
    InputStream claimed = streams.open(id);
    claimed.close();
    strangers.forEach(Thread::interrupt);
    for (Thread stranger : strangers) {
      stranger.join();
    }
    assertThat(streams.size()).isZero();
  }
}
