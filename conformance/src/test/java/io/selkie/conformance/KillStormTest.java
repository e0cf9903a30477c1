package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.fr32.Fr32;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLog;
import io.selkie.rpc.api.SectorOffset;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.client.JsonRpcClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The real program, busy with several sectors of real proofs, is killed with SIGKILL at moments
 * nobody chose: while it starts, takes pieces, hashes, writes, sends, removes and unseals. What it
 * acknowledged must be there in the end, once.
 *
 * <p>A run's seed is printed; {@code -Dselkie.storm.seed=N} repeats its choices (not the moments,
 * which belong to the machine), {@code -Dselkie.storm.kills=N} makes it longer.
 */
@Execution(ExecutionMode.CONCURRENT)
class KillStormTest {

  private static final int KILLS = Integer.getInteger("selkie.storm.kills", 64);
  private static final int UNSEALING_KILLS = 6;
  private static final int MOST_SECTORS = 14;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Set<String> AT_REST = Set.of("Proving", "Removed");

  /** A piece that the program said it has. */
  private record Acknowledged(long sector, int offsetPadded, byte[] data) {
    int paddedBytes() {
      return data.length / 127 * 128;
    }
  }

  @TempDir Path directory;

  private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
  private final Set<Long> removals = new HashSet<>();

  @Test
  void busyMiner_killedAtRandomMoments_keepsAllItAcknowledged() throws Exception {
    long seed = Long.getLong("selkie.storm.seed", System.nanoTime());
    System.out.printf("kill storm: seed %d, %d kills%n", seed, KILLS);
    Random random = new Random(seed);
    Path repo = directory.resolve("miner");
    start(repo).kill();
    for (int kill = 1; kill < KILLS; kill++) {
      if (random.nextInt(6) == 0) {
        NodeProcess starting = NodeProcess.spawn(repo, options());
        Thread.sleep(random.nextInt(1_200));
        starting.kill();
        continue;
      }
      NodeProcess node = start(repo);
      disturb(node, random, kill < KILLS * 2 / 3);
      Thread.sleep(random.nextInt(2_500));
      node.kill();
    }
    try (NodeProcess node = start(repo)) {
      settle(node);
      checkSectors(node);
    }
    unsealThroughKills(repo, random);
    System.out.printf(
        "kill storm: %d pieces acknowledged, all there; %d sectors removed on request%n",
        acknowledged.size(), removals.size());
  }

  private static NodeProcess start(Path repo) throws IOException, InterruptedException {
    return NodeProcess.start(repo, options());
  }

  private static String[] options() {
    return new String[] {"--sector-size", "2KiB", "--block-time", "50ms"};
  }

  /** Starts work in the background, which the coming kill will interrupt somewhere. */
  private void disturb(NodeProcess node, Random random, boolean newSectors) throws IOException {
    SectorsApi sectors = node.sectors();
    boolean room;
    try {
      room = newSectors && sectors.sectorsList().size() < MOST_SECTORS;
      if (room && random.nextInt(3) == 0) {
        inBackground(() -> sectors.pledgeSector());
      }
      for (long sector : inStates(sectors, "WaitDeals")) {
        if (random.nextInt(3) == 0) {
          sectors.sectorStartSealing(sector);
        }
      }
      removeOne(sectors, random);
    } catch (RpcFault | InterruptedException e) {
      throw new AssertionError("a node that nobody killed refuses", e);
    }
    if (room) {
      byte[] data = new byte[127 << (2 + random.nextInt(3))];
      random.nextBytes(data);
      inBackground(() -> addPiece(node, data));
    }
  }

  private static List<Long> inStates(SectorsApi sectors, String... states)
      throws RpcFault, InterruptedException {
    return Objects.requireNonNullElse(sectors.sectorsListInStates(List.of(states)), List.of());
  }

  /** Removes a sector that has no client's data and is not yet known to the chain. */
  private void removeOne(SectorsApi sectors, Random random) throws RpcFault, InterruptedException {
    if (random.nextInt(8) != 0) {
      return;
    }
    for (long sector : inStates(sectors, "PreCommit1", "PreCommit2", "Packing")) {
      SectorInfo info = sectors.sectorsStatus(sector, false);
      if (info.deals().stream().allMatch(deal -> deal == 0)) {
        removals.add(sector);
        sectors.sectorRemove(sector);
        return;
      }
    }
  }

  private void addPiece(NodeProcess node, byte[] data)
      throws IOException, RpcFault, InterruptedException {
    JsonRpcClient client = node.client();
    SectorsApi sectors = client.api(SectorsApi.class);
    WirePiece piece = sectors.computeDataCid(data.length, new ByteArrayInputStream(data));
    PieceDealInfo deal =
        client
            .api(DevnetApi.class)
            .devnetPublishDeal(
                Objects.requireNonNull(piece.pieceCid()), piece.size(), "storm", 0, 0);
    SectorOffset place =
        sectors.sectorAddPieceToAny(data.length, new ByteArrayInputStream(data), deal);
    acknowledged.add(new Acknowledged(place.sector(), Math.toIntExact(place.offset()), data));
  }

  /** A call to the node. */
  @FunctionalInterface
  private interface Call {
    void run() throws IOException, RpcFault, InterruptedException;
  }

  private static void inBackground(Call call) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            call.run();
          } catch (IOException | RpcFault | InterruptedException killed) {
            // The call ended with the process; nothing was acknowledged.
            assertThat(killed).isNotNull();
          }
        });
  }

  private void settle(NodeProcess node) throws IOException, RpcFault, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    SectorsApi sectors = node.sectors();
    for (long sector : sectors.sectorsList()) {
      SectorInfo info = sectors.sectorsStatus(sector, false);
      while (!AT_REST.contains(info.state())) {
        if (info.state().equals("WaitDeals")) {
          sectors.sectorStartSealing(sector);
        }
        assertThat(System.nanoTime())
            .as("sector %d is in %s: %s\n%s", sector, info.state(), info.lastErr(), node.output())
            .isLessThan(deadline);
        Thread.sleep(100);
        info = sectors.sectorsStatus(sector, false);
      }
    }
  }

  private void checkSectors(NodeProcess node) throws Exception {
    SectorsApi sectors = node.sectors();
    List<Long> numbers = sectors.sectorsList();
    assertThat(numbers).doesNotHaveDuplicates();
    for (long number : numbers) {
      SectorInfo info = sectors.sectorsStatus(number, true);
      if (info.state().equals("Removed")) {
        assertThat(removals).contains(number);
        continue;
      }
      assertThat(info.activation()).as("sector %d on chain", number).isPositive();
      assertThat(info.log())
          .as("sector %d proven once", number)
          .extracting(SectorLog::kind)
          .containsOnlyOnce("event;sealing.SectorProving");
    }
    for (Acknowledged piece : acknowledged) {
      SectorInfo info = sectors.sectorsStatus(piece.sector(), false);
      assertThat(info.state()).as("sector %d", piece.sector()).isEqualTo("Proving");
      long offset = 0;
      boolean found = false;
      for (var each : info.pieces()) {
        found |= offset == piece.offsetPadded() && each.piece().size() == piece.paddedBytes();
        offset += each.piece().size();
      }
      assertThat(found)
          .as("piece at %d of sector %d", piece.offsetPadded(), piece.sector())
          .isTrue();
    }
  }

  /** Without any unsealed copy left, every piece comes back from its replica, kills or not. */
  private void unsealThroughKills(Path repo, Random random) throws Exception {
    Path unsealed = directoryOf(repo, "unsealed");
    try (Stream<Path> files = Files.list(unsealed)) {
      for (Path file : files.toList()) {
        if (Files.isRegularFile(file)) {
          Files.delete(file);
        }
      }
    }
    for (int kill = 0; kill < UNSEALING_KILLS; kill++) {
      NodeProcess node = start(repo);
      for (Acknowledged piece : acknowledged) {
        inBackground(() -> unseal(node.sectors(), piece.sector()));
      }
      Thread.sleep(random.nextInt(600));
      node.kill();
    }
    try (NodeProcess node = start(repo)) {
      for (Acknowledged piece : acknowledged) {
        unseal(node.sectors(), piece.sector());
        byte[] padded = Files.readAllBytes(unsealed.resolve("s-t01000-" + piece.sector()));
        int from = piece.offsetPadded();
        int length = piece.paddedBytes();
        assertThat(Fr32.unpad(Arrays.copyOfRange(padded, from, from + length), piece.data().length))
            .as("piece at %d of sector %d", from, piece.sector())
            .isEqualTo(piece.data());
      }
    }
  }

  private static void unseal(SectorsApi sectors, long number)
      throws RpcFault, InterruptedException {
    SectorInfo info = sectors.sectorsStatus(number, true);
    sectors.sectorsUnsealPiece(
        new SectorRef(new WireSectorId(1000, number), info.sealProof()),
        0,
        2032,
        info.ticket().value(),
        info.commD());
  }

  private static Path directoryOf(Path repo, String name) throws IOException {
    try (Stream<Path> all = Files.walk(repo)) {
      return all.filter(path -> path.endsWith(name) && Files.isDirectory(path))
          .findFirst()
          .orElseThrow(() -> new IOException("no directory " + name + " below " + repo));
    }
  }
}
