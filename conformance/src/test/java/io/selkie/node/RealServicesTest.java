package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.node.fixture.Fixture;
import io.selkie.node.fixture.FixtureNode;
import io.selkie.rpc.suite.CasePlayer;
import io.selkie.rpc.suite.ConformanceSuite;
import io.selkie.rpc.token.Tokens;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Plays the whole suite, in order, against the node's own services on its fixtures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealServicesTest {

  /** Long enough to look at an unseal while it runs. */
  private static final Duration UNSEAL_DELAY = Duration.ofSeconds(1);

  private @Nullable FixtureNode node;
  private @Nullable FixtureNode nodeWithRefs;
  private @Nullable CasePlayer player;
  private @Nullable CasePlayer playerWithRefs;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    byte[] secret = new byte[Tokens.SECRET_BYTES];
    Arrays.fill(secret, (byte) 0x11);
    Tokens tokens = Tokens.of(secret);
    FixtureNode first = start(directory.resolve("f1"), Fixture.F1, tokens);
    node = first;
    FixtureNode second = start(directory.resolve("f1r"), Fixture.F1R, tokens);
    nodeWithRefs = second;
    player = new CasePlayer(first.endpoint(), CasePlayer.tokens(tokens));
    playerWithRefs = new CasePlayer(second.endpoint(), CasePlayer.tokens(tokens));
  }

  private static FixtureNode start(Path directory, Fixture fixture, Tokens tokens)
      throws Exception {
    return FixtureNode.start(
        Files.createDirectory(directory),
        new FixtureNode.Options(
            fixture,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            tokens,
            UNSEAL_DELAY));
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable each :
        new @Nullable AutoCloseable[] {player, playerWithRefs, nodeWithRefs, node}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> cases_playedInOrder_answerByteForByte() {
    return ConformanceSuite.load().cases().stream()
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
}
