package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.pipeline.SectorState;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLog;
import io.selkie.rpc.api.SectorsApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The states that {@link KillTest} does not pass: those of upgrades, imports and faults, which an
 * operator can force, and those of termination. The real program is killed in each.
 */
@Execution(ExecutionMode.CONCURRENT)
class KillInOtherStatesTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** States in which a proven sector keeps what it has, whatever its handler does. */
  private static final List<String> KEPT =
      List.of(
          "SnapDealsWaitDeals",
          "SnapDealsAddPiece",
          "SnapDealsAddPieceFailed",
          "SnapDealsPacking",
          "SnapDealsDealsExpired",
          "SnapDealsRecoverDealIDs",
          "UpdateReplica",
          "ProveReplicaUpdate",
          "SubmitReplicaUpdate",
          "WaitMutable",
          "ReplicaUpdateWait",
          "FinalizeReplicaUpdate",
          "FinalizeReplicaUpdateFailed",
          "UpdateActivating",
          "ReleaseSectorKey",
          "ReleaseSectorKeyFailed",
          "ReplicaUpdateFailed",
          "AbortUpgrade",
          "ReceiveSector",
          "PackingFailed",
          "RecoverDealIDs",
          "DealsExpired",
          "Empty",
          "Faulty",
          "FaultReported",
          "FaultedFinal",
          "FailedUnrecoverable",
          "TerminateFailed");

  private static final List<String> TERMINATED =
      List.of("Terminating", "TerminateWait", "TerminateFinality");

  @TempDir Path directory;

  @Test
  void states_all_areKilledInSomewhere() {
    Set<String> killed = new HashSet<>(KEPT);
    killed.addAll(TERMINATED);
    killed.addAll(KillTest.PLEDGED);
    killed.addAll(KillTest.BESIDES);
    KillTest.FORCED.forEach(forced -> killed.add(forced.state()));
    Set<String> all =
        Arrays.stream(SectorState.values())
            .filter(state -> state != SectorState.Undefined)
            .map(SectorState::wireName)
            .collect(Collectors.toSet());
    assertThat(killed).isEqualTo(all);
  }

  @Test
  void provenSector_killedInStatesItIsForcedInto_losesNothing() throws Exception {
    Path repo = directory.resolve("miner");
    NodeProcess node = start(repo, "");
    long sector = proven(node);
    SectorInfo before = node.sectors().sectorsStatus(sector, true);
    for (String state : KEPT) {
      // Held at its new state at once; nothing of a proven sector may be gone in any of them.
      node.kill();
      node = start(repo, heldAs(state));
      SectorControlApi control = node.client().api(SectorControlApi.class);
      inBackground(() -> control.sectorsUpdate(sector, state, true));
      node.awaitLine("held s-t01000-" + sector + " " + heldAs(state));
      node.kill();
      node = start(repo, "");
      SectorInfo after = node.sectors().sectorsStatus(sector, true);
      assertThat(count(after, "event;sealing.SectorForceState"))
          .as("forced to %s, and still known", state)
          .isEqualTo(KEPT.indexOf(state) + 1L);
      assertThat(after.commR()).as(state).isEqualTo(before.commR());
      assertThat(after.activation()).as(state).isEqualTo(before.activation());
    }
    node.client().api(SectorControlApi.class).sectorsUpdate(sector, "FinalizeSector", true);
    SectorInfo again = await(node, sector, "Proving");
    assertThat(again.commR()).isEqualTo(before.commR());
    node.close();
  }

  /**
   * The table sends a sector on from PackingFailed before anybody sees it there. It is held only
   * where it moves to, so it must not come from DealsExpired.
   */
  private static String heldAs(String state) {
    return state.equals("PackingFailed") ? "DealsExpired" : state;
  }

  @Test
  void sector_killedWhileItIsTerminated_isTerminatedOnceAndRemoved() throws Exception {
    Path repo = directory.resolve("miner");
    NodeProcess node = start(repo, "");
    long sector = proven(node);
    node.kill();
    node = start(repo, TERMINATED.getFirst());
    NodeProcess first = node;
    inBackground(() -> first.sectors().sectorTerminate(sector));
    for (int i = 0; i < TERMINATED.size(); i++) {
      node.awaitLine("held s-t01000-" + sector + " " + TERMINATED.get(i));
      node.kill();
      boolean last = i + 1 == TERMINATED.size();
      node = start(repo, last ? "" : TERMINATED.get(i + 1));
      if (!last) {
        NodeProcess flushing = node;
        inBackground(() -> flushing.sectors().sectorTerminateFlush());
      }
    }
    assertThat(node.sectors().sectorsStatus(sector, true).activation())
        .as("no longer on chain")
        .isZero();
    for (int kill = 0; kill < 3; kill++) {
      Thread.sleep(1_000);
      node.kill();
      node = start(repo, "");
    }
    SectorInfo removed = await(node, sector, "Removed");
    assertThat(count(removed, "event;sealing.SectorTerminated")).isEqualTo(1);
    node.kill();
    node = start(repo, "");
    assertThat(node.sectors().sectorsStatus(sector, false).state()).isEqualTo("Removed");
    node.close();
  }

  private static NodeProcess start(Path repo, String holdAt)
      throws IOException, InterruptedException {
    return holdAt.isEmpty()
        ? NodeProcess.start(repo, "--sector-size", "2KiB", "--block-time", "50ms")
        : NodeProcess.start(
            repo, "--sector-size", "2KiB", "--block-time", "50ms", "--hold-at", holdAt);
  }

  private static long proven(NodeProcess node) throws IOException, RpcFault, InterruptedException {
    long sector = node.sectors().pledgeSector().number();
    await(node, sector, "Proving");
    return sector;
  }

  private static SectorInfo await(NodeProcess node, long sector, String state)
      throws IOException, RpcFault, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    SectorsApi sectors = node.sectors();
    while (true) {
      SectorInfo info = sectors.sectorsStatus(sector, true);
      if (info.state().equals(state)) {
        return info;
      }
      assertThat(System.nanoTime())
          .as("%d is in %s (%s)\n%s", sector, info.state(), info.lastErr(), node.output())
          .isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** A call to the node. */
  @FunctionalInterface
  private interface Call {
    void run() throws IOException, RpcFault, InterruptedException;
  }

  /** Makes a call that the process may not live to answer. */
  private static void inBackground(Call call) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            call.run();
          } catch (IOException | RpcFault | InterruptedException killed) {
            // The call ended with the process.
            Objects.requireNonNull(killed);
          }
        });
  }

  private static long count(SectorInfo info, String kind) {
    return info.log().stream().map(SectorLog::kind).filter(kind::equals).count();
  }
}
