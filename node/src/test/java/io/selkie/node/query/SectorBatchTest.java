package io.selkie.node.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorQuery;
import io.selkie.rpc.client.RpcSubscription;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.server.Caller;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebRequest;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Batches of statuses over real sockets. */
class SectorBatchTest extends OwnApiServer {

  private static final SectorQuery PROVING =
      new SectorQuery(
          List.of("Proving"), List.of(), null, null, null, null, null, null, null, null);

  private List<String> batch(SectorQuery query, List<String> fields) throws Exception {
    List<JsonValue> chunks = Collections.synchronizedList(new ArrayList<>());
    try (RpcSubscription all =
        client.subscribe("Selkie.SectorsStatusBatch", chunks::add, query, fields)) {
      all.ended().get(60, TimeUnit.SECONDS);
    }
    List<String> statuses = new ArrayList<>();
    for (JsonValue chunk : chunks) {
      assertThat(chunk)
          .isInstanceOfSatisfying(
              JsonValue.Obj.class,
              object -> {
                assertThat(object.get("Height")).contains(JsonValue.number(HEIGHT));
                assertThat(object.get("Sectors").orElseThrow())
                    .isInstanceOfSatisfying(
                        JsonValue.Arr.class,
                        sectors -> sectors.items().forEach(each -> statuses.add(each.toJson())));
              });
    }
    return statuses;
  }

  @Test
  void batch_ofFields_comesInOrderAndWhole() throws Exception {
    int count = SectorBatchService.CHUNK + 3;
    sectors(count, "Proving");
    sector(count, "WaitSeed", 0);
    proven(2, 5_000, 1);
    List<String> statuses = batch(PROVING, List.of("SectorID", "State", "Expiration"));
    assertThat(statuses).hasSize(count);
    for (int number = 0; number < count; number++) {
      assertThat(statuses.get(number))
          .isEqualTo(
              "{\"SectorID\":%d,\"State\":\"Proving\",\"Expiration\":%d}"
                  .formatted(number, number == 2 ? 5_000 : 0));
    }
  }

  @Test
  void batch_withoutFields_hasAllButTheLog() throws Exception {
    sector(1, "Proving", 0);
    assertThat(batch(PROVING, List.of()))
        .singleElement()
        .asString()
        .startsWith("{\"SectorID\":1,\"State\":\"Proving\",\"CommD\":null,\"CommR\":null,")
        .contains("\"LastErr\":\"\",\"SealProof\":")
        .endsWith("\"OnTime\":0,\"Early\":0}");
    assertThat(batch(PROVING, List.of("Log")))
        .singleElement()
        .asString()
        .contains("event;sealing.SectorStartCC", "event;sealing.SectorForceState");
  }

  @Test
  void batch_whatTheChainTells_isAllThere() throws Exception {
    sector(1, "Proving", 0);
    proven(1, 5_000, 7);
    assertThat(batch(PROVING, List.of()))
        .singleElement()
        .asString()
        .contains("\"Expiration\":5000,", "\"InitialPledge\":\"7\"")
        .endsWith("\"OnTime\":5000,\"Early\":2500}");
  }

  private HttpResponse<String> post(String body, String bearer) throws Exception {
    URI address = server.endpoint().base().resolve(StatusStream.PATH);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofString(body));
    if (!bearer.isEmpty()) {
      request.header("Authorization", "Bearer " + bearer);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void http_batch_isTheSameLineByLine() throws Exception {
    int count = SectorBatchService.CHUNK + 3;
    sectors(count, "Proving");
    proven(2, 5_000, 1);
    HttpResponse<String> answer =
        post("{\"Query\":{\"States\":[\"Proving\"]},\"Fields\":[]}", token);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/x-ndjson");
    assertThat(answer.headers().firstValue(StatusStream.HEIGHT)).contains("" + HEIGHT);
    assertThat(answer.headers().firstValue(StatusStream.SECTORS)).contains("" + count);
    assertThat(answer.body().lines()).containsExactlyElementsOf(batch(PROVING, List.of()));
    assertThat(post("", token).body().lines()).hasSize(count);
  }

  @Test
  void http_whoMayNotOrAsksBadly_isRefused() throws Exception {
    assertThat(post("{}", "").statusCode()).isEqualTo(401);
    assertThat(post("{", token).statusCode()).isEqualTo(400);
    assertThat(post("[]", token).statusCode()).isEqualTo(400);
    assertThat(post("{\"Query\":{\"States\":[\"Foo\"]}}", token).body())
        .isEqualTo("there is no state 'Foo'\n");
    assertThat(post(" ".repeat((4 << 20) + 1), token).body())
        .contains("request bigger than maximum 4194304 allowed");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest get =
          HttpRequest.newBuilder(server.endpoint().base().resolve(StatusStream.PATH))
              .header("Authorization", "Bearer " + token)
              .build();
      assertThat(http.send(get, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }
  }

  @Test
  void batch_badInput_isRefused() {
    assertThatThrownBy(() -> batch(PROVING, List.of("Colour")))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("has no member 'Colour'");
  }

  @Test
  void http_moreBatchesThanAllowed_areTurnedAwayUntilOneIsDone() throws Exception {
    sector(1, "Proving", 0);
    SectorSelection.Maker selections =
        new SectorSelection.Maker(
            MINER,
            new FakeChainSectors(HEIGHT, START, 30_000, List.of()),
            index,
            InstantSource.fixed(START));
    StatusStream statuses =
        new StatusStream(
            new SectorBatchService(MINER, journal, journal, selections, Address.Network.TESTNET),
            Address.Network.TESTNET);
    List<WebAnswer> open = new ArrayList<>();
    WebAnswer last = statuses.answer(request()).orElseThrow();
    while (last.status() == 200) {
      open.add(last);
      last = statuses.answer(request()).orElseThrow();
    }
    assertThat(open).hasSize(16);
    assertThat(last.status()).isEqualTo(503);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    open.getFirst().body().writeTo(lines);
    assertThat(lines.toString(StandardCharsets.UTF_8)).startsWith("{\"SectorID\":1,");
    assertThat(statuses.answer(request()).orElseThrow().status()).isEqualTo(200);
  }

  private static WebRequest request() {
    return new WebRequest(
        "POST",
        StatusStream.PATH,
        "",
        Map.of(),
        new Caller(Set.of("read"), "127.0.0.1"),
        InputStream.nullInputStream());
  }
}
