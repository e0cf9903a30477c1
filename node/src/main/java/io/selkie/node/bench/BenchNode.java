package io.selkie.node.bench;

import io.selkie.node.Main;
import io.selkie.node.Metrics;
import io.selkie.rpc.client.MinerEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The real program on a repository, in a process of its own with a heap of one gibibyte. */
final class BenchNode implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final long STOP_S = 60;

  private final Process process;
  private final MinerEndpoint endpoint;
  private final long startNanos;

  private BenchNode(Process process, MinerEndpoint endpoint, long startNanos) {
    this.process = process;
    this.endpoint = endpoint;
    this.startNanos = startNanos;
  }

  /** Starts the program and waits until its API answers. */
  static BenchNode start(Path repo) throws IOException, InterruptedException {
    Path api = repo.resolve("api");
    Files.deleteIfExists(api);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=deny",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "run",
            "--repo",
            repo.toString(),
            "--listen",
            "127.0.0.1:0");
    long from = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(repo.resolve("bench-node.log").toFile())
            .start();
    // A benchmark that is stopped leaves nobody behind.
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroy));
    boolean started = false;
    try {
      while (!Files.exists(api) || Files.size(api) == 0) {
        if (!process.isAlive() || System.nanoTime() - from > PATIENCE.toNanos()) {
          throw new IOException("the node did not start: " + repo.resolve("bench-node.log"));
        }
        Thread.sleep(5);
      }
      MinerEndpoint endpoint =
          MinerEndpoint.of(Files.readString(api), Files.readString(repo.resolve("token")));
      try (BenchConnection first = new BenchConnection(endpoint)) {
        first.call("Filecoin.SectorsSummary", "");
      }
      started = true;
      return new BenchNode(process, endpoint, System.nanoTime() - from);
    } finally {
      if (!started) {
        process.destroy();
      }
    }
  }

  MinerEndpoint endpoint() {
    return endpoint;
  }

  /** From the start of the process to the first answer. */
  long startNanos() {
    return startNanos;
  }

  /** Processor time that the process has used; 0 where the system does not tell. */
  Duration processorTime() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** A line of the process's status, in bytes; 0 where the system does not tell. */
  long statusBytes(String name) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (UncheckedIOException ended) {
      throw new IOException("the node has ended", ended);
    }
  }

  /**
   * A figure of the node's metrics over all its labels; {@code prefix} ends within the labels.
   *
   * @throws IOException if there is none
   */
  long metric(String prefix) throws IOException {
    try (BenchConnection connection = new BenchConnection(endpoint)) {
      return connection
          .exchange("GET", Metrics.PATH, "")
          .text()
          .lines()
          .filter(line -> line.startsWith(prefix))
          .map(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .reduce(Long::sum)
          .orElseThrow(() -> new IOException("the node's metrics have no " + prefix));
    }
  }

  /** Stops the process and waits for its end, for it holds the repository. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.onExit().get(STOP_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException _) { // it does not listen
      process.destroyForcibly().onExit().join();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
