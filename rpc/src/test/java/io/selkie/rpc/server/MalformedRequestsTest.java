package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.fixture.FixtureMiner;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.token.Permission;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged requests: whatever comes in, the answer is one of the table's, and the server goes on.
 */
class MalformedRequestsTest {

  private static final int ROUNDS = 1000;

  private static final List<String> SEEDS =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"Filecoin.SectorsStatus\",\"params\":[9,true]}",
          "[{\"id\":\"a\",\"method\":\"Filecoin.Version\"},{\"method\":\"Filecoin.Session\"}]",
          "{\"id\":2,\"method\":\"Filecoin.SectorNumReserve\",\"params\":[\"n\",[20,5],false]}",
          "{\"id\":3,\"method\":\"Filecoin.SectorsUnsealPiece\",\"params\":[{\"ID\":{\"Miner\":1000,"
              + "\"Number\":777},\"ProofType\":5},0,127,\"Bw==\",{\"/\":\"baga6ea4seaqpy7usqklokfx2vx"
              + "uynmupslkeutzexe2uqurdg5vhtebhxqmpqmy\"}]}",
          "{\"id\":4,\"method\":\"Filecoin.SectorAddPieceToAny\",\"params\":[127,{\"Type\":\"null\","
              + "\"Info\":\"127\"},{\"DealSchedule\":{\"StartEpoch\":1,\"EndEpoch\":2}}]}",
          "{\"id\":5,\"method\":\"Filecoin.ActorSectorSize\",\"params\":[\"f01000\"]}");

  private static final String[] GRAFTS = {
    "null",
    "{}",
    "[]",
    "\"\"",
    "-1",
    "1e999",
    "9".repeat(30),
    "\\u0000",
    "\ud800",
    "\"",
    "{\"/\":1}",
    "[[[[",
    "true",
    "\u0000",
    ",",
    ":",
    "}",
    "]"
  };

  @Test
  void requests_damagedAtRandom_areAnsweredPerTheTable() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    FixtureMiner miner = new FixtureMiner(InstantSource.system(), false);
    String token = miner.tokens().create(Permission.ADMIN);
    try (JsonRpcServer server = miner.server().start();
        HttpClient http = HttpClient.newHttpClient()) {
      for (int round = 0; round < ROUNDS; round++) {
        byte[] body = damaged(random);
        HttpResponse<byte[]> response =
            http.send(
                HttpRequest.newBuilder(server.endpoint().rpc())
                    .version(HttpClient.Version.HTTP_1_1)
                    .header("Authorization", "Bearer " + token)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertPerTable(
            "seed " + seed + " round " + round + ": " + new String(body, StandardCharsets.UTF_8),
            response);
      }
      JsonRpcClient client = new JsonRpcClient(server.endpoint());
      assertThat(client.call("Filecoin.ActorAddress").asString()).isEqualTo("f01000");
      client.close();
    }
  }

  private static void assertPerTable(String what, HttpResponse<byte[]> response)
      throws IOException {
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(what).isIn(200, 400, 500);
    if (body.isEmpty()) {
      assertThat(response.statusCode()).as(what).isEqualTo(200);
      return;
    }
    assertThat(new JsonReader(10_000_000).read(body))
        .as(what)
        .isInstanceOf(JsonReader.Outcome.Value.class);
    // A crash is code 0; no damaged request may reach so far.
    assertThat(body).as(what).doesNotContain("\"code\":0,");
  }

  private static byte[] damaged(Random random) {
    String text = SEEDS.get(random.nextInt(SEEDS.size()));
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(8));
      String graft = random.nextBoolean() ? "" : GRAFTS[random.nextInt(GRAFTS.length)];
      text = text.substring(0, from) + graft + text.substring(to);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(4) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
