package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.CasePlayer;
import io.selkie.rpc.CasePlayer.Case;
import io.selkie.rpc.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Plays every recorded case, in order, against the node's own services. What is answered otherwise
 * on purpose is data too: {@code real-services.json}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealServicesTest {

  /** What this node answers instead of what was recorded. */
  private record Own(JsonNode data) {

    String answer(Case recorded) {
      if (data.has("answer")) {
        return data.get("answer").asString();
      }
      return recorded
          .answer()
          .orElseThrow()
          .replace(
              data.get("replace").asString(),
              data.get("with").asString().replace("<version>", Main.VERSION));
    }
  }

  private @Nullable FixtureNode node;
  private @Nullable FixtureNode nodeWithRefs;
  private @Nullable CasePlayer player;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    byte[] secret = new byte[Tokens.SECRET_BYTES];
    Arrays.fill(secret, (byte) 0x11);
    Tokens tokens = Tokens.of(secret);
    Path f1 = Files.createDirectory(directory.resolve("f1"));
    Path f1r = Files.createDirectory(directory.resolve("f1r"));
    FixtureNode first = new FixtureNode(f1, FixtureJournal.f1(f1.resolve("journal")), tokens);
    node = first;
    FixtureNode second = new FixtureNode(f1r, FixtureJournal.f1r(f1r.resolve("journal")), tokens);
    nodeWithRefs = second;
    player = new CasePlayer(first.server(), second.server(), tokens);
  }

  @AfterAll
  void stop() throws Exception {
    if (player != null) {
      player.close();
    }
    if (nodeWithRefs != null) {
      nodeWithRefs.stop();
    }
    if (node != null) {
      node.stop();
    }
  }

  @TestFactory
  Stream<DynamicTest> cases_playedInOrder_answerByteForByte() throws IOException {
    CasePlayer with = Objects.requireNonNull(player);
    Map<Integer, Own> own = own();
    List<Case> cases = CasePlayer.cases();
    assertThat(cases).extracting(Case::number).containsAll(own.keySet());
    return cases.stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.name(), () -> play(with, each, Optional.ofNullable(own.get(each.number())))));
  }

  private static void play(CasePlayer player, Case each, Optional<Own> own) throws Exception {
    if (own.isEmpty()) {
      player.play(each);
      return;
    }
    String answer = own.get().answer(each);
    assertThat(own.get().data().get("reason").asString()).as("why it differs").isNotBlank();
    assertThat(answer).as("listed as different").isNotEqualTo(each.answer().orElseThrow());
    player.play(each, each.status(), Optional.of(answer));
  }

  private static Map<Integer, Own> own() throws IOException {
    Map<Integer, Own> own = new TreeMap<>();
    try (InputStream in =
        Objects.requireNonNull(RealServicesTest.class.getResourceAsStream("real-services.json"))) {
      JsonMapper.builder()
          .build()
          .readTree(in)
          .get("differs")
          .forEach(each -> own.put(each.get("number").asInt(), new Own(each)));
    }
    return own;
  }
}
