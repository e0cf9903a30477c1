package io.selkie.node.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address;
import io.selkie.node.NodeAccess;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.rpc.api.ChangeFilter;
import io.selkie.rpc.api.SectorChange;
import io.selkie.rpc.api.SectorFeedApi;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.client.RpcSubscription;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.NewToken;
import io.selkie.rpc.token.RepoFiles;
import io.selkie.rpc.token.TokenApi;
import io.selkie.rpc.token.TokenBook;
import io.selkie.rpc.token.TokenRequest;
import io.selkie.rpc.token.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The change feed over real sockets: WebSocket and server-sent events. */
class ChangeFeedTest extends OwnApiServer {

  private static JsonValue member(JsonValue change, String name) {
    return change instanceof JsonValue.Obj object
        ? object.get(name).orElse(JsonValue.Null.VALUE)
        : JsonValue.Null.VALUE;
  }

  private static JsonValue take(BlockingQueue<JsonValue> from) throws InterruptedException {
    return Objects.requireNonNull(from.poll(30, TimeUnit.SECONDS), "nothing came");
  }

  @Test
  void subscribe_fromAnOffset_yieldsThePastAndThenThePresent() throws Exception {
    sector(1, "WaitSeed", 1);
    BlockingQueue<JsonValue> changes = new LinkedBlockingQueue<>();
    long offset;
    try (RpcSubscription _ =
        client.subscribe(
            "Selkie.SectorsSubscribe", changes::add, 0L, new ChangeFilter(List.of(), List.of()))) {
      assertThat(member(take(changes), "State")).isEqualTo(JsonValue.text("Packing"));
      JsonValue second = take(changes);
      assertThat(member(second, "State")).isEqualTo(JsonValue.text("WaitSeed"));
      happen(1, new SectorForceState("Proving"), START);
      JsonValue third = take(changes);
      assertThat(member(third, "State")).isEqualTo(JsonValue.text("Proving"));
      offset =
          member(second, "Offset") instanceof JsonValue.Num(String literal)
              ? Long.parseLong(literal)
              : 0;
    }
    changes.clear();
    try (RpcSubscription _ =
        client.subscribe(
            "Selkie.SectorsSubscribe",
            changes::add,
            offset,
            new ChangeFilter(List.of("Proving"), List.of(1L)))) {
      assertThat(member(take(changes), "Sequence")).isEqualTo(JsonValue.number(3));
    }
  }

  @Test
  void subscribe_manyChanges_losesNone() throws Exception {
    BlockingQueue<JsonValue> changes = new LinkedBlockingQueue<>();
    try (RpcSubscription _ =
        client.subscribe(
            "Selkie.SectorsSubscribe",
            changes::add,
            0L,
            new ChangeFilter(List.of(), List.of(7L)))) {
      int count = 3 * ChangeFeed.PAGE_LIMIT / 2;
      sector(6, "WaitSeed", 0);
      manyChanges(count);
      for (int i = 1; i <= count; i++) {
        assertThat(member(take(changes), "Sequence")).isEqualTo(JsonValue.number(i));
      }
    }
  }

  private void manyChanges(int count) throws IOException {
    sector(7, "WaitSeed", 0);
    for (int i = 2; i < count; i++) {
      happen(7, new SectorForceState(i % 2 == 0 ? "Proving" : "WaitSeed"), START);
    }
  }

  /** Who asks for nothing is given nothing, and holds nobody up meanwhile. */
  @Test
  void read_byOneWhoWaits_blocksNobodyAndGoesOn() throws Exception {
    try (ChangeFeed feed = new ChangeFeed(MINER, journal)) {
      BlockingQueue<SectorChange> taken = new LinkedBlockingQueue<>();
      BlockingQueue<Flow.Subscription> begun = new LinkedBlockingQueue<>();
      feed.sectorsSubscribe(0, new ChangeFilter(List.of(), List.of()))
          .subscribe(
              new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                  begun.add(subscription);
                }

                @Override
                public void onNext(SectorChange change) {
                  taken.add(change);
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onComplete() {}
              });
      int count = ChangeFeed.PAGE_LIMIT + 10;
      manyChanges(count);
      assertThat(taken).isEmpty();
      Objects.requireNonNull(begun.poll(30, TimeUnit.SECONDS)).request(count);
      for (int i = 1; i <= count; i++) {
        SectorChange change = Objects.requireNonNull(taken.poll(30, TimeUnit.SECONDS));
        assertThat(change.sequence()).isEqualTo(i);
      }
    }
  }

  private HttpResponse<java.io.InputStream> get(HttpClient http, String query, String bearer)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.endpoint().base() + EventStream.PATH + query));
    if (!bearer.isEmpty()) {
      request.header("Authorization", "Bearer " + bearer);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void events_overHttp_comeWithTheirOffsets() throws Exception {
    sector(1, "WaitSeed", 1);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<java.io.InputStream> response = get(http, "?from=1&sector=1", token);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        assertThat(nextEvent(lines)).isEqualTo(2);
        happen(1, new SectorForceState("Proving"), START);
        assertThat(nextEvent(lines)).isEqualTo(3);
        own.close();
        // The end of the stream, after which the client would come back with its last offset.
        assertThat(nextEvent(lines)).isEqualTo(-1);
      }
    }
  }

  private static long nextEvent(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith("id: ")) {
      line = lines.readLine();
    }
    return line == null ? -1 : Long.parseLong(line.substring("id: ".length()));
  }

  /** A server that keeps a list of tokens, by a clock that stands where it is put. */
  private final class Listed implements AutoCloseable {
    volatile Instant now = START;
    private final TokenBook book;
    private final JsonRpcServer served;
    private final HttpClient http = HttpClient.newHttpClient();
    final TokenApi api;

    Listed() throws IOException {
      RepoFiles files = new RepoFiles(directory);
      book = TokenBook.open(files.tokenList(), () -> now);
      Tokens tokens = new Tokens(files.secret(new Random(1)), () -> now, book);
      api = new TokenApi(tokens, book, files, () -> now, new Random(2));
      served =
          own.addTo(JsonRpcServer.builder(Address.Network.TESTNET, tokens))
              .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .start();
    }

    NewToken token(Duration life, List<String> methods, String miner, String sectors)
        throws Exception {
      return api.tokenNew(new TokenRequest("ten", List.of("read"), life, methods, miner, sectors));
    }

    HttpRequest request(NewToken made, String query) {
      return HttpRequest.newBuilder(URI.create(served.endpoint().base() + EventStream.PATH + query))
          .header("Authorization", "Bearer " + made.token())
          .build();
    }

    BufferedReader open(NewToken made, String query) throws Exception {
      HttpResponse<java.io.InputStream> response =
          http.send(request(made, query), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    String refusal(NewToken made, String query) throws Exception {
      HttpResponse<String> response =
          http.send(request(made, query), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }

    @Override
    public void close() throws IOException {
      http.close();
      served.close();
      book.close();
    }
  }

  @Test
  void events_withAScopedToken_areThoseOfItsSectors() throws Exception {
    sector(10, "WaitSeed", 1);
    sector(9, "WaitSeed", 1);
    try (Listed listed = new Listed()) {
      NewToken narrow = listed.token(Duration.ZERO, List.of(), "t01000", "0-9,11");
      try (BufferedReader lines = listed.open(narrow, "?from=0")) {
        assertThat(nextEvent(lines)).isEqualTo(3);
        assertThat(nextEvent(lines)).isEqualTo(4);
        happen(10, new SectorForceState("Proving"), START);
        happen(9, new SectorForceState("Proving"), START);
        assertThat(nextEvent(lines)).isEqualTo(6);
        var _ = listed.api.tokenRevoke(narrow.entry().id(), false);
        happen(9, new SectorForceState("Faulty"), START);
        assertThatThrownBy(() -> nextEvent(lines)).isInstanceOf(IOException.class);
      }
      NewToken ending = listed.token(Duration.ofHours(1), List.of(), "", "9");
      try (BufferedReader lines = listed.open(ending, "?from=6&sector=9")) {
        assertThat(nextEvent(lines)).isEqualTo(7);
        listed.now = START.plus(Duration.ofHours(1));
        happen(9, new SectorForceState("Proving"), START);
        assertThatThrownBy(() -> nextEvent(lines)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void events_outsideTheScopeOfAToken_areRefused() throws Exception {
    try (Listed listed = new Listed()) {
      assertThat(
              listed.refusal(
                  listed.token(Duration.ZERO, List.of(), "", "0-9"), "?sector=9&sector=10"))
          .startsWith("403 token ")
          .endsWith(" ten is limited to the sectors 0-9, sector 10 is not among them\n");
      assertThat(
              listed.refusal(
                  listed.token(Duration.ZERO, List.of("Filecoin.SectorsList"), "", ""), ""))
          .endsWith(" ten is limited to the methods Filecoin.SectorsList\n");
      assertThat(listed.refusal(listed.token(Duration.ZERO, List.of("Selkie.*"), "t01001", ""), ""))
          .endsWith(" ten is for miner f01001, this node is that of f01000\n");
    }
  }

  @Test
  void events_ofATokenThatIsRevoked_breakOff() throws Exception {
    sector(1, "WaitSeed", 1);
    try (NodeAccess access = NodeAccess.open(new RepoFiles(directory));
        JsonRpcServer served =
            own.addTo(JsonRpcServer.builder(Address.Network.TESTNET, access.tokens()))
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .start();
        HttpClient http = HttpClient.newHttpClient()) {
      var made =
          access
              .api()
              .tokenNew(new TokenRequest("a", List.of("read"), Duration.ZERO, List.of(), "", ""));
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(served.endpoint().base() + EventStream.PATH + "?from=1"))
              .header("Authorization", "Bearer " + made.token())
              .build();
      HttpResponse<java.io.InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        assertThat(nextEvent(lines)).isEqualTo(2);
        var _ = access.api().tokenRevoke(made.entry().id(), false);
        happen(1, new SectorForceState("Proving"), START);
        assertThatThrownBy(() -> nextEvent(lines)).isInstanceOf(IOException.class);
      }
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void events_withoutToken_areRefused() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(get(http, "", "").statusCode()).isEqualTo(401);
      assertThat(get(http, "?from=x", token).statusCode()).isEqualTo(400);
      assertThat(get(http, "?state=Provin", token).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void readers_beyondTheirNumber_areToldSo_untilOneLeaves() throws Exception {
    sector(1, "WaitSeed", 1);
    Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);
    ChangeFilter all = new ChangeFilter(List.of(), List.of());
    try (ChangeFeed feed = new ChangeFeed(MINER, journal, 1);
        JsonRpcServer small =
            JsonRpcServer.builder(Address.Network.TESTNET, tokens)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .serve(SectorFeedApi.class, feed)
                .mount(EventStream.PATH, new EventStream(feed, Address.Network.TESTNET))
                .start();
        JsonRpcClient reader =
            new JsonRpcClient(
                new MinerEndpoint(small.endpoint().base(), Optional.of(token)),
                Address.Network.TESTNET);
        HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(small.endpoint().base() + EventStream.PATH + "?from=0"))
              .header("Authorization", "Bearer " + token)
              .build();
      BlockingQueue<JsonValue> changes = new LinkedBlockingQueue<>();
      try (RpcSubscription _ = reader.subscribe("Selkie.SectorsSubscribe", changes::add, 0L, all)) {
        var _ = take(changes);
        assertThatThrownBy(
                () -> reader.subscribe("Selkie.SectorsSubscribe", changes::add, 0L, all).close())
            .hasMessageContaining("there are 1 readers of the change feed already");
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
            .endsWith("event: error\ndata: there are 1 readers of the change feed already\n\n");
      }
      String first = "";
      for (int tries = 0; !first.startsWith("id: ") && tries < 100; tries++) {
        try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(),
                    StandardCharsets.UTF_8))) {
          lines.readLine();
          lines.readLine();
          first = String.valueOf(lines.readLine());
        }
      }
      assertThat(first).isEqualTo("id: 1");
    }
  }
}
