package io.selkie.node;

import io.selkie.abi.SectorSize;
import io.selkie.node.repo.GoDuration;
import io.selkie.node.repo.ListenAddress;
import io.selkie.node.repo.Repo;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The miner, in the foreground. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the miner until it is stopped (Ctrl-C, or 'selkie stop').",
      "The first run initialises the repository with an embedded devnet."
    },
    footer = {
      "",
      "Examples:",
      "  selkie run",
      "  selkie run --repo /srv/miner --listen 127.0.0.1:3456 --sector-size 8MiB --block-time 1s"
    })
final class RunCommand implements Callable<Integer> {

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      description = "the miner's directory (default: ~/.selkie)")
  private @Nullable Path repo;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "where the API listens (default 127.0.0.1:2345, or as configured); port 0 takes a free one")
  private @Nullable String listen;

  @Option(
      names = "--sector-size",
      paramLabel = "S",
      description = "first run only: 2KiB, 8MiB, 512MiB, 32GiB or 64GiB (default 2KiB)")
  private @Nullable String sectorSize;

  @Option(
      names = "--block-time",
      paramLabel = "D",
      description = "first run only: wall-clock time of an epoch, such as 100ms (default 4s)")
  private @Nullable String blockTime;

  @Option(
      names = "--hold-at",
      hidden = true,
      paramLabel = "STATE",
      description =
          "for tests of recovery: a sector that enters this state is recorded and then goes no further")
  private String holdAt = "";

  private final Path defaultRepo;

  private final Optional<String> backupBase;

  /** Of sqlite-jdbc: where it unpacks its native library. */
  private static final String DRIVER_DIRECTORY = "org.sqlite.tmpdir";

  RunCommand(Path defaultRepo, Optional<String> backupBase) {
    this.defaultRepo = defaultRepo;
    this.backupBase = backupBase;
  }

  @Override
  public Integer call() throws Exception {
    Path root = repo == null ? defaultRepo : repo;
    if (System.getProperty(DRIVER_DIRECTORY) == null) {
      // Before the driver is loaded; a killed node would leave a library in /tmp each time.
      System.setProperty(DRIVER_DIRECTORY, Repo.driver(root).toString());
    }
    NodeOptions options =
        new NodeOptions(
            root,
            Optional.ofNullable(listen).map(ListenAddress::parse),
            Optional.ofNullable(sectorSize).map(SectorSize::parse),
            Optional.ofNullable(blockTime).map(GoDuration::parse),
            Duration.ZERO,
            true,
            Optional.empty(),
            backupBase);
    try (MinerNode node =
        MinerNode.start(options, holdAt.isEmpty() ? NodeEvents.NONE : new HoldAt(holdAt))) {
      Thread stopper = Thread.ofPlatform().name("stop").unstarted(node::close);
      Runtime.getRuntime().addShutdownHook(stopper);
      InetSocketAddress at = node.address();
      System.out.println("selkie " + Main.VERSION + ", miner " + node.minerAddress());
      System.out.println("repository  " + node.root());
      System.out.println("api         http://" + ListenAddress.text(at) + "/rpc/v0");
      System.out.println(
          "dashboard   http://"
              + ListenAddress.text(at)
              + "/  (token: "
              + node.root().resolve("token")
              + ")");
      System.out.flush();
      return node.awaitEnd();
    }
  }
}
