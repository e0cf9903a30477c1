package io.selkie.node;

import io.selkie.node.console.NodeLog;
import io.selkie.node.repo.GoDuration;
import io.selkie.node.repo.ListenAddress;
import io.selkie.node.repo.TemporaryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A server that holds a fixture, until it is stopped. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves a fixture of the suite with the reference's own switches on.",
      "Calls without a token may read, and a sector may be forced into a state of any name.",
      "Prints 'ready' when it answers; what is called leaves its traces."
    },
    footer = {
      "",
      "Example:",
      "  selkie conformance serve --fixture F1R --listen 127.0.0.1:0 --unseal-delay 4s"
    })
final class ConformanceServeCommand implements Callable<Integer> {

  @Option(
      names = "--fixture",
      paramLabel = "F",
      defaultValue = "F1",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
  private Fixture fixture = Fixture.F1;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:0",
      description = "where to listen (default ${DEFAULT-VALUE}: a free port, which is printed)")
  private String listen = "";

  @Option(
      names = "--secret",
      paramLabel = "HEX",
      defaultValue = ConformanceCommand.FIXTURE_SECRET,
      description = "the secret of the tokens (default: the fixture's, 32 bytes of 0x11)")
  private String secret = "";

  @Option(
      names = "--unseal-delay",
      paramLabel = "D",
      defaultValue = "0s",
      description = "how long unsealing takes, such as 4s (default ${DEFAULT-VALUE})")
  private String unsealDelay = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    FixtureNode.Options options =
        new FixtureNode.Options(
            fixture,
            ConformanceCommand.value(spec, "--listen", () -> ListenAddress.parse(listen)),
            ConformanceCommand.tokens(spec, secret),
            ConformanceCommand.value(spec, "--unseal-delay", this::delay));
    NodeLog.quiet();
    Path home = Files.createTempDirectory("selkie-conformance-");
    try (FixtureNode node = FixtureNode.start(home, options)) {
      Thread cleaner = Thread.ofPlatform().name("stop").unstarted(() -> stop(node, home));
      Runtime.getRuntime().addShutdownHook(cleaner);
      System.out.println(fixture + " at " + node.endpoint().rpc());
      System.out.println("ready");
      System.out.flush();
      node.awaitEnd();
      return 0;
    }
  }

  private Duration delay() {
    Duration delay = GoDuration.parse(unsealDelay);
    if (delay.isNegative()) {
      throw new IllegalArgumentException("an unseal delay of " + unsealDelay + " is negative");
    }
    return delay;
  }

  private static void stop(FixtureNode node, Path home) {
    try {
      node.close();
      TemporaryTree.delete(home);
    } catch (IOException left) {
      System.err.println("left behind: " + home + " (" + left.getMessage() + ")");
    }
  }
}
