package io.selkie.rpc;

import io.selkie.rpc.fixture.FixtureMiner;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Plays every recorded case, in order, against a miner in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceCasesTest {

  private final FixtureMiner miner = new FixtureMiner(InstantSource.system(), false);
  private final FixtureMiner withRefs = new FixtureMiner(InstantSource.system(), true);
  private @Nullable JsonRpcServer server;
  private @Nullable JsonRpcServer serverWithRefs;
  private @Nullable CasePlayer player;

  @BeforeAll
  void start() throws IOException {
    JsonRpcServer started = miner.server().start();
    server = started;
    JsonRpcServer startedWithRefs = withRefs.server().start();
    serverWithRefs = startedWithRefs;
    player = new CasePlayer(started, startedWithRefs, miner.tokens());
  }

  @AfterAll
  void stop() throws IOException {
    Objects.requireNonNull(player).close();
    Objects.requireNonNull(server).close();
    Objects.requireNonNull(serverWithRefs).close();
  }

  @TestFactory
  Stream<DynamicTest> cases_playedInOrder_answerByteForByte() {
    CasePlayer with = Objects.requireNonNull(player);
    return CasePlayer.cases().stream()
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> with.play(each)));
  }
}
