package io.selkie.conformance;

import io.selkie.abi.Address;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The real program in a process of its own, so that it can really be killed. */
final class NodeProcess implements AutoCloseable {

  /** Long enough for a start on a machine that is busy with other tests. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final Path repo;
  private final List<String> lines = new ArrayList<>();

  private NodeProcess(Process process, Path repo) {
    this.process = process;
    this.repo = repo;
    Thread.ofPlatform().daemon().name("node output").start(this::readOutput);
  }

  /**
   * Starts {@code selkie run} on the repository with these further options and waits until its API
   * answers.
   */
  static NodeProcess start(Path repo, String... options) throws IOException, InterruptedException {
    NodeProcess node = spawn(repo, options);
    node.awaitFile(repo.resolve("api"));
    return node;
  }

  /** As {@link #start}, without waiting for anything. */
  static NodeProcess spawn(Path repo, String... options) throws IOException {
    return spawnAt(repo, 0, options);
  }

  /** As {@link #start}, at a port that others still know after the next start. */
  static NodeProcess startAt(Path repo, int port, String... options)
      throws IOException, InterruptedException {
    NodeProcess node = spawnAt(repo, port, options);
    node.awaitFile(repo.resolve("api"));
    return node;
  }

  private static NodeProcess spawnAt(Path repo, int port, String... options) throws IOException {
    Files.deleteIfExists(repo.resolve("api"));
    List<String> command =
        command("run", "--repo", repo.toString(), "--listen", "127.0.0.1:" + port);
    command.addAll(List.of(options));
    return new NodeProcess(spawn(command), repo);
  }

  /** Starts {@code selkie worker run} for the node of a repository and waits until it is known. */
  static NodeProcess worker(Path repo, Path storage, String... options)
      throws IOException, InterruptedException {
    String info =
        Files.readString(repo.resolve("token")).strip()
            + ":"
            + Files.readString(repo.resolve("api")).strip();
    List<String> command =
        command(
            "worker",
            "run",
            "--miner-api",
            info,
            "--storage",
            storage.toString(),
            "--listen",
            "127.0.0.1:0");
    command.addAll(List.of(options));
    NodeProcess worker = new NodeProcess(spawn(command), repo);
    worker.awaitLine("api ");
    return worker;
  }

  /** The command line of the program with these arguments. */
  static List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProgramClasses.java(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
    command.addAll(ProgramClasses.jvmOptions());
    command.add("io.selkie.node.Main");
    command.addAll(List.of(arguments));
    return command;
  }

  private static Process spawn(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private void readOutput() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException ended) {
      // A killed process closes its output in the middle of a line; what came before is kept.
      synchronized (lines) {
        lines.notifyAll();
      }
    }
  }

  private void awaitFile(Path file) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("the program did not start: " + output());
      }
      Thread.sleep(20);
    }
  }

  /** Waits for an output line that starts with {@code prefix}. */
  void awaitLine(String prefix) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (lines) {
      while (lines.stream().noneMatch(line -> line.startsWith(prefix))) {
        long leftMs = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0 || !process.isAlive()) {
          throw new IOException("no line '" + prefix + "…' came; " + output());
        }
        lines.wait(Math.min(leftMs, 500));
      }
    }
  }

  /** Everything it printed, for messages. */
  String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /** A client with the admin token of the repository. */
  JsonRpcClient client() throws IOException {
    String address = Files.readString(repo.resolve("api")).strip();
    String token = Files.readString(repo.resolve("token")).strip();
    return new JsonRpcClient(MinerEndpoint.of(address, token), Address.Network.TESTNET);
  }

  /** The sectors' methods. */
  SectorsApi sectors() throws IOException {
    return client().api(SectorsApi.class);
  }

  /** Adds a piece with a deal, of which no unsealed copy is kept; its sector. */
  long addPiece(byte[] data) throws Exception {
    JsonRpcClient client = client();
    SectorsApi sectors = client.api(SectorsApi.class);
    WirePiece piece = sectors.computeDataCid(data.length, new ByteArrayInputStream(data));
    PieceDealInfo deal =
        client
            .api(DevnetApi.class)
            .devnetPublishDeal(
                Objects.requireNonNull(piece.pieceCid()), piece.size(), "a test", 0, 0);
    PieceDealInfo notKept =
        new PieceDealInfo(
            deal.publishCid(),
            deal.dealId(),
            deal.dealProposal(),
            deal.dealSchedule(),
            deal.pieceActivationManifest(),
            false);
    return sectors
        .sectorAddPieceToAny(data.length, new ByteArrayInputStream(data), notKept)
        .sector();
  }

  /** SIGKILL: no hook runs, nothing is flushed. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
