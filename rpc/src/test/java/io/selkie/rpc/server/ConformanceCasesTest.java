package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.fixture.FixtureMiner;
import io.selkie.rpc.suite.CasePlayer;
import io.selkie.rpc.suite.ConformanceCase;
import io.selkie.rpc.suite.ConformanceSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Plays the cases of the contract and its transport, in order, against a miner in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceCasesTest {

  /** What only the node's own services can answer; the whole suite is played against those too. */
  private static final Set<String> NODE_ONLY =
      Set.of(
          "13-http.json",
          "15-encodings.json",
          "16-sectors.json",
          "17-storage.json",
          "18-workers.json",
          "19-daemon.json",
          "21-unsealing.json",
          "22-remote.json",
          "23-lifecycle.json",
          "24-receive.json");

  private final FixtureMiner miner = new FixtureMiner(InstantSource.system(), false);
  private final FixtureMiner withRefs = new FixtureMiner(InstantSource.system(), true);
  private @Nullable JsonRpcServer server;
  private @Nullable JsonRpcServer serverWithRefs;
  private @Nullable CasePlayer player;
  private @Nullable CasePlayer playerWithRefs;

  @BeforeAll
  void start() throws IOException {
    JsonRpcServer started = miner.server().start();
    server = started;
    JsonRpcServer startedWithRefs = withRefs.server().start();
    serverWithRefs = startedWithRefs;
    player = new CasePlayer(started.endpoint(), CasePlayer.tokens(miner.tokens()));
    playerWithRefs = new CasePlayer(startedWithRefs.endpoint(), CasePlayer.tokens(miner.tokens()));
  }

  @AfterAll
  void stop() throws IOException {
    Objects.requireNonNull(player).close();
    Objects.requireNonNull(playerWithRefs).close();
    Objects.requireNonNull(server).close();
    Objects.requireNonNull(serverWithRefs).close();
  }

  @TestFactory
  Stream<DynamicTest> cases_playedInOrder_answerByteForByte() {
    List<ConformanceCase> played =
        ConformanceSuite.load().cases().stream()
            .filter(each -> !NODE_ONLY.contains(each.file()))
            .toList();
    assertThat(played).hasSizeGreaterThanOrEqualTo(132);
    return played.stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.name(),
                () -> {
                  CasePlayer with =
                      Objects.requireNonNull(
                          each.fixture().equals("F1R") ? playerWithRefs : player);
                  assertThat(with.play(each)).isEmpty();
                }));
  }

  @Test
  void suite_filesAndNumbers_areComplete() throws IOException {
    List<ConformanceCase> cases = ConformanceSuite.load().cases();
    Set<Integer> numbers = new HashSet<>();
    assertThat(cases)
        .allSatisfy(each -> {
          assertThat(numbers.add(each.number())).as("number %d once", each.number()).isTrue();
          assertThat(each.source()).as(each.name()).isNotEmpty();
          assertThat(each.after())
              .as(each.name())
              .allSatisfy(earlier -> assertThat(earlier).isLessThan(each.number()));
        });
    try (Stream<Path> files = Files.list(Path.of("..", "conformance", "cases"))) {
      assertThat(cases.stream().map(ConformanceCase::file).collect(Collectors.toSet()))
          .isEqualTo(
              files
                  .map(each -> each.getFileName().toString())
                  .filter(name -> name.endsWith(".json") && !name.equals("index.json"))
                  .collect(Collectors.toSet()));
    }
  }
}
