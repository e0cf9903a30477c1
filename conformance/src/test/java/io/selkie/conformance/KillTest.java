package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLog;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.client.JsonRpcClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The real program, with real proofs on a 2 KiB devnet, is killed with SIGKILL in one state after
 * the other; each time it is started again it has to take the sector up where the journal left it.
 * {@code --hold-at} makes the moment exact: the state is on disk, and nothing has been done for it.
 */
@Execution(ExecutionMode.CONCURRENT)
class KillTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The way of a sector without client data. */
  static final List<String> PLEDGED =
      List.of(
          "Packing",
          "GetTicket",
          "PreCommit1",
          "PreCommit2",
          "SubmitPreCommitBatch",
          "PreCommitBatchWait",
          "WaitSeed",
          "Committing",
          "SubmitCommitAggregate",
          "CommitAggregateWait",
          "FinalizeSector");

  /** States reached only when something failed or by the older way, from where they make sense. */
  static final List<Forced> FORCED =
      List.of(
          new Forced("PreCommit1", "SealPreCommit1Failed"),
          new Forced("PreCommit2", "SealPreCommit2Failed"),
          new Forced("SubmitPreCommitBatch", "PreCommitting"),
          new Forced("PreCommitBatchWait", "PreCommitWait"),
          new Forced("WaitSeed", "PreCommitFailed"),
          new Forced("Committing", "ComputeProofFailed"),
          new Forced("Committing", "CommitFailed"),
          new Forced("Committing", "RemoteCommitFailed"),
          new Forced("SubmitCommitAggregate", "CommitFinalize"),
          new Forced("SubmitCommitAggregate", "CommitFinalizeFailed"),
          new Forced("SubmitCommitAggregate", "SubmitCommit"),
          new Forced("CommitAggregateWait", "CommitWait"),
          new Forced("FinalizeSector", "FinalizeFailed"));

  /** Where a sector without or with a piece is killed besides. */
  static final List<String> BESIDES =
      List.of(
          "Proving",
          "Available",
          "Removing",
          "Removed",
          "RemoveFailed",
          "WaitDeals",
          "AddPiece",
          "AddPieceFailed");

  /** A state forced on a sector that is held in another. */
  record Forced(String heldAt, String state) {}

  @TempDir Path directory;

  @Test
  void pledgedSector_killedInEachState_isProvenOnce() throws Exception {
    Path repo = directory.resolve("miner");
    NodeProcess node = start(repo, PLEDGED.getFirst());
    long pledged = pledge(node);
    for (int i = 0; i < PLEDGED.size(); i++) {
      node.awaitLine("held s-t01000-" + pledged + " " + PLEDGED.get(i));
      node.kill();
      String following = i + 1 < PLEDGED.size() ? PLEDGED.get(i + 1) : "";
      node = start(repo, following);
    }
    SectorInfo proven = await(node, pledged, Set.of("Proving"));
    assertThat(proven.activation()).isPositive();
    assertThat(count(proven, "event;sealing.SectorProving")).isEqualTo(1);
    node.kill();
    node = forceAndKill(repo, pledged, "Available");
    await(node, pledged, Set.of("Available"));
    node.sectors().sectorAbortUpgrade(pledged);
    await(node, pledged, Set.of("Proving"));
    node.kill();
    node = start(repo, "Removing");
    assertThat(node.sectors().sectorsStatus(pledged, false).state()).isEqualTo("Proving");
    NodeProcess removing = node;
    SectorControlApi control = removing.client().api(SectorControlApi.class);
    untilKilled(() -> control.sectorRemove(pledged, pledged));
    node.awaitLine("held s-t01000-" + pledged + " Removing");
    node.kill();
    node = start(repo, "");
    await(node, pledged, Set.of("Removed"));
    long next = pledge(node);
    assertThat(next).isGreaterThan(pledged);
    await(node, next, Set.of("Proving"));
    node.kill();
    node = start(repo, "PreCommit1");
    long unwanted = pledge(node);
    node.awaitLine("held s-t01000-" + unwanted + " PreCommit1");
    node.kill();
    node = forceAndKill(repo, unwanted, "RemoveFailed");
    await(node, unwanted, Set.of("Removed"));
    assertThat(node.sectors().sectorsStatus(next, false).state()).isEqualTo("Proving");
    node.close();
  }

  @Test
  void sectorWithPiece_killedWhileItWaitsAndWrites_keepsWhatWasAcknowledged() throws Exception {
    Path repo = directory.resolve("miner");
    byte[] first = bytes(508, 1);
    byte[] second = bytes(1016, 2);
    NodeProcess node = start(repo, "");
    long sector = addPiece(node, first);
    await(node, sector, Set.of("WaitDeals"));
    node.kill();

    node = forceAndKill(repo, sector, "AddPieceFailed");
    await(node, sector, Set.of("WaitDeals"));
    node.kill();

    node = start(repo, "AddPiece");
    assertThat(node.sectors().sectorsStatus(sector, false).pieces()).hasSize(1);
    NodeProcess held = node;
    Thread caller = untilKilled(() -> addPiece(held, second));
    node.awaitLine("held s-t01000-" + sector + " AddPiece");
    node.kill();
    caller.join();

    node = start(repo, "");
    long again = addPiece(node, second);
    assertThat(again).isEqualTo(sector);
    node.sectors().sectorStartSealing(sector);
    SectorInfo proven = await(node, sector, Set.of("Proving"));
    List<Long> sizes = proven.pieces().stream().map(each -> each.piece().size()).toList();
    assertThat(sizes).containsExactly(512L, 512L, 1024L);
    assertThat(proven.deals()).filteredOn(deal -> deal != 0).hasSize(2);
    node.close();
  }

  @Test
  void failedAndOlderStates_killedInEach_goOnToProving() throws Exception {
    Path repo = directory.resolve("miner");
    for (Forced forced : FORCED) {
      NodeProcess node = start(repo, forced.heldAt());
      long sector = pledge(node);
      node.awaitLine("held s-t01000-" + sector + " " + forced.heldAt());
      node.kill();
      node = forceAndKill(repo, sector, forced.state());
      SectorInfo proven = await(node, sector, Set.of("Proving"));
      assertThat(proven.activation()).as(forced.toString()).isPositive();
      node.kill();
    }
  }

  /** Starts the program, forces the state, kills it there, and starts it once more. */
  private static NodeProcess forceAndKill(Path repo, long sector, String state)
      throws IOException, InterruptedException {
    NodeProcess forcing = start(repo, state);
    untilKilled(() -> forcing.sectors().sectorsUpdate(sector, state));
    forcing.awaitLine("held s-t01000-" + sector + " " + state);
    forcing.kill();
    return start(repo, "");
  }

  private static NodeProcess start(Path repo, String holdAt)
      throws IOException, InterruptedException {
    return holdAt.isEmpty()
        ? NodeProcess.start(repo, "--sector-size", "2KiB", "--block-time", "50ms")
        : NodeProcess.start(
            repo, "--sector-size", "2KiB", "--block-time", "50ms", "--hold-at", holdAt);
  }

  private static long addPiece(NodeProcess node, byte[] data)
      throws IOException, RpcFault, InterruptedException {
    JsonRpcClient client = node.client();
    SectorsApi sectors = client.api(SectorsApi.class);
    WirePiece piece = sectors.computeDataCid(data.length, new ByteArrayInputStream(data));
    PieceDealInfo deal =
        client
            .api(DevnetApi.class)
            .devnetPublishDeal(
                Objects.requireNonNull(piece.pieceCid()), piece.size(), "kill test", 0, 0);
    return sectors.sectorAddPieceToAny(data.length, new ByteArrayInputStream(data), deal).sector();
  }

  /** A call to the node. */
  @FunctionalInterface
  private interface Call {
    void run() throws IOException, RpcFault, InterruptedException;
  }

  /** Makes a call that the process may not live to answer. */
  private static Thread untilKilled(Call call) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            call.run();
          } catch (IOException | RpcFault | InterruptedException killed) {
            // The call ended with the process; nothing was acknowledged, and that is the point.
            assertThat(killed).isNotNull();
          }
        });
  }

  /**
   * Pledges a sector, whose first state may be one that is held, and waits until it is recorded.
   */
  private static long pledge(NodeProcess node) throws IOException, RpcFault, InterruptedException {
    List<Long> before = node.sectors().sectorsList();
    untilKilled(() -> node.sectors().pledgeSector());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<Long> now = new ArrayList<>(node.sectors().sectorsList());
      now.removeAll(before);
      if (!now.isEmpty()) {
        return now.getFirst();
      }
      assertThat(System.nanoTime())
          .as("no sector was recorded; %s", node.output())
          .isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  private static SectorInfo await(NodeProcess node, long sector, Set<String> states)
      throws IOException, RpcFault, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    SectorsApi sectors = node.sectors();
    while (true) {
      SectorInfo info = sectors.sectorsStatus(sector, true);
      if (states.contains(info.state())) {
        return info;
      }
      assertThat(System.nanoTime())
          .as(
              "sector %d is in %s (%s), not in %s;\n%s",
              sector, info.state(), info.lastErr(), states, node.output())
          .isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static long count(SectorInfo info, String kind) {
    return info.log().stream().map(SectorLog::kind).filter(kind::equals).count();
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
