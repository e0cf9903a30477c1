package io.selkie.node.demo;

import io.selkie.abi.SectorSize;
import io.selkie.node.MinerNode;
import io.selkie.node.NodeOptions;
import io.selkie.node.console.NodeLog;
import io.selkie.node.repo.TemporaryTree;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job, shown: a file sealed, proven to a devnet, unsealed and compared. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a miner with its own devnet in a temporary home, seals a file, proves it to the chain,",
      "unseals it from the replica and compares the bytes. Stays up afterwards unless --once is given."
    },
    footer = {
      "",
      "Examples:",
      "  selkie demo",
      "  selkie demo --file photo.jpg --once",
      "  selkie demo --sector-size 8MiB --once --json"
    })
public final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--file",
      paramLabel = "F",
      description = "the file to seal (default: a short text of the repository's)")
  private @Nullable Path file;

  @Option(
      names = "--sector-size",
      paramLabel = "S",
      description = "2KiB, 8MiB or 512MiB (default: the smallest that holds the file)")
  private @Nullable String sectorSize;

  @Option(names = "--once", description = "exit when done: 0 only if every step held")
  private boolean once;

  @Option(names = "--json", description = "one JSON object on standard output, nothing else")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Path home = Files.createTempDirectory("selkie-demo-");
    boolean stayed = false;
    try {
      Path given = file == null ? bundled(home) : file.toAbsolutePath();
      SectorSize size = size(given);
      NodeLog.quiet();
      try (DemoView view = new DemoView(json);
          MinerNode node = MinerNode.start(options(home, size), view)) {
        Thread stopper = Thread.ofPlatform().name("stop").unstarted(() -> stopAndClean(node, home));
        Runtime.getRuntime().addShutdownHook(stopper);
        boolean held = new Demo(node, view, given, size).run();
        if (once || !held) {
          return held ? 0 : 1;
        }
        stayed = true;
        view.staying(node);
        return node.awaitEnd();
      }
    } finally {
      if (!stayed) {
        TemporaryTree.delete(home);
      }
    }
  }

  private static void stopAndClean(MinerNode node, Path home) {
    node.close();
    try {
      TemporaryTree.delete(home);
    } catch (IOException left) {
      System.err.println("left behind: " + home + " (" + left.getMessage() + ")");
    }
  }

  private static NodeOptions options(Path home, SectorSize size) {
    return new NodeOptions(
        home.resolve("miner"),
        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        Optional.of(size),
        Optional.of(blockTime(size)),
        Duration.ZERO,
        false,
        Optional.of(Path.of(System.getProperty("java.io.tmpdir"), "filecoin-parents")),
        Optional.empty());
  }

  /**
   * Fast enough to watch, slow enough that a ticket does not age out while its sector is sealed.
   */
  private static Duration blockTime(SectorSize size) {
    return switch (size) {
      case KIB_2 -> Duration.ofMillis(100);
      case MIB_8 -> Duration.ofMillis(250);
      case MIB_512 -> Duration.ofSeconds(1);
      case GIB_32, GIB_64 -> Duration.ofSeconds(30);
    };
  }

  private SectorSize size(Path given) throws IOException {
    long bytes = Files.size(given);
    if (bytes == 0) {
      throw new IOException(given + " is empty; a piece has at least one byte");
    }
    if (sectorSize != null) {
      SectorSize asked = SectorSize.parse(sectorSize);
      if (bytes > asked.unpadded().bytes()) {
        throw new IOException(
            given
                + " has "
                + bytes
                + " bytes; a sector of "
                + asked
                + " holds "
                + asked.unpadded().bytes());
      }
      return asked;
    }
    for (SectorSize each :
        new SectorSize[] {SectorSize.KIB_2, SectorSize.MIB_8, SectorSize.MIB_512}) {
      if (bytes <= each.unpadded().bytes()) {
        return each;
      }
    }
    throw new IOException(
        given
            + " has "
            + bytes
            + " bytes, more than the "
            + SectorSize.MIB_512.unpadded().bytes()
            + " of a 512MiB sector; give --sector-size 32GiB if you have the disk and the time");
  }

  private static Path bundled(Path home) throws IOException {
    Path copy = home.resolve("selkie.txt");
    try (InputStream text = DemoCommand.class.getResourceAsStream("/demo/selkie.txt")) {
      if (text == null) {
        throw new IOException("the program was packaged without /demo/selkie.txt");
      }
      Files.copy(text, copy);
    }
    return copy;
  }
}
