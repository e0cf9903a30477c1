package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.SectorId;
import io.selkie.node.query.OwnApiServer;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.JournalReplay.Finding.Undecodable;
import io.selkie.rpc.api.Alert;
import io.selkie.rpc.api.AlertEvent;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.json.JsonValue;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.SectorStoreMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which conditions are raised, what they say, and that they are resolved. */
final class NodeAlertsTest extends OwnApiServer {

  private static final long SECTOR_BYTES = 2048;
  private static final Duration AN_HOUR = Duration.ofHours(1);

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private Optional<ChainFault> chain = Optional.empty();
  private List<Undecodable> unreadable = List.of();
  private long room = 1L << 30;

  private LocalPaths paths() throws IOException {
    LocalPaths paths =
        new LocalPaths(index, _ -> new DiskSpace.Room(1L << 40, room, "disk"), List.of());
    Path path = directory.resolve("path");
    LocalPaths.init(path, SectorStoreMeta.of(UUID.fromString(PATH_ID), true, true));
    paths.open(path);
    paths.reportHealth();
    return paths;
  }

  private NodeAlerts alerts(LocalPaths paths) {
    return alerts(paths, () -> unreadable);
  }

  private NodeAlerts alerts(
      LocalPaths paths, NodeAlerts.Look<List<Undecodable>, IOException> records) {
    return new NodeAlerts(
        new NodeAlerts.Sources(
            MINER,
            directory.resolve("journal.db"),
            SECTOR_BYTES,
            journal,
            () -> {
              if (chain.isPresent()) {
                throw chain.get();
              }
              return HEIGHT;
            },
            records,
            index,
            paths),
        now::get);
  }

  private static Alert of(List<Alert> all, String system, String subsystem) {
    return all.stream()
        .filter(each ->
            each.type().system().equals(system) && each.type().subsystem().equals(subsystem))
        .findFirst()
        .orElseThrow();
  }

  private static String text(JsonValue message) {
    return message.toJson();
  }

  @Test
  void alerts_whereAllIsWell_areAllListedAndQuiet() throws IOException {
    try (NodeAlerts alerts = alerts(paths())) {
      List<Alert> all = alerts.get();
      assertThat(all)
          .extracting(each -> each.type().system() + ":" + each.type().subsystem())
          .containsExactly(
              "chain:head",
              "journal:records",
              "journal:room",
              "journal:write",
              "sealing:standing",
              "storage:paths",
              "storage:room");
      assertThat(all)
          .allMatch(
              each -> !each.active() && each.lastActive() == null && each.lastResolved() == null);
    }
  }

  @Test
  void alert_whenItsConditionComesAndGoes_isRaisedOnceAndResolvedOnce() throws IOException {
    try (NodeAlerts alerts = alerts(paths())) {
      chain = Optional.of(new ChainFault(ChainFault.Kind.OTHER, "no route"));
      AlertEvent raised = Objects.requireNonNull(of(alerts.get(), "chain", "head").lastActive());
      assertThat(raised.type()).isEqualTo("raised");
      assertThat(raised.time()).isEqualTo(START);
      assertThat(text(raised.message()))
          .isEqualTo("{\"message\":\"the chain does not answer: no route\"}");
      now.set(START.plus(AN_HOUR));
      assertThat(of(alerts.get(), "chain", "head").lastActive()).isEqualTo(raised);
      chain = Optional.empty();
      Alert over = of(alerts.get(), "chain", "head");
      assertThat(over.active()).isFalse();
      assertThat(over.lastActive()).isEqualTo(raised);
      AlertEvent resolved = Objects.requireNonNull(over.lastResolved());
      assertThat(resolved.type()).isEqualTo("resolved");
      assertThat(resolved.time()).isEqualTo(START.plus(AN_HOUR));
      now.set(START.plus(AN_HOUR).plus(AN_HOUR));
      assertThat(of(alerts.get(), "chain", "head")).isEqualTo(over);
    }
  }

  @Test
  void storage_fullOrGone_isNamed() throws IOException {
    LocalPaths paths = paths();
    try (NodeAlerts alerts = alerts(paths)) {
      room = SECTOR_BYTES - 1;
      paths.reportHealth();
      Alert full = of(alerts.get(), "storage", "room");
      assertThat(full.active()).isTrue();
      assertThat(text(Objects.requireNonNull(full.lastActive()).message()))
          .contains("\"ID\":\"" + PATH_ID + "\"")
          .contains("\"Available\":2047");
      Files.move(directory.resolve("path"), directory.resolve("gone"));
      paths.reportHealth();
      Alert gone = of(alerts.get(), "storage", "paths");
      assertThat(gone.active()).isTrue();
      assertThat(text(Objects.requireNonNull(gone.lastActive()).message()))
          .contains(directory.resolve("path").toString())
          .contains("\"Err\":");
      assertThat(of(alerts.get(), "storage", "room").active()).isFalse();
      Files.move(directory.resolve("gone"), directory.resolve("path"));
      room = SECTOR_BYTES;
      paths.reportHealth();
      assertThat(alerts.get()).noneMatch(Alert::active);
    }
  }

  @Test
  @Timeout(60)
  void records_thatTakeLongToRead_keepNobodyWaiting() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (NodeAlerts alerts =
        alerts(
            paths(),
            () -> {
              begun.countDown();
              awaited(goOn);
              throw new IOException("a page is damaged");
            })) {
      now.set(START.plus(AN_HOUR));
      Thread timer = Thread.ofVirtual().start(alerts::readRecords);
      begun.await();
      assertThat(of(alerts.get(), "journal", "records").active()).isFalse();
      goOn.countDown();
      timer.join();
      assertThat(
              text(
                  Objects.requireNonNull(of(alerts.get(), "journal", "records").lastActive())
                      .message()))
          .isEqualTo("{\"message\":\"the records cannot be read: a page is damaged\"}");
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void journal_withUnreadableRecordsOrUnwritable_isNamed() throws IOException {
    try (NodeAlerts alerts = alerts(paths())) {
      unreadable =
          List.of(
              new Undecodable(
                  SectorId.of(MINER.value(), 7),
                  "Proving",
                  "it ends early",
                  new JournalReplay.Result.Broken(Optional.empty(), 1, "no entries")));
      alerts.readRecords();
      assertThat(of(alerts.get(), "journal", "records").active())
          .as("records are read some time after the start")
          .isFalse();
      now.set(START.plus(AN_HOUR));
      alerts.readRecords();
      Alert records = of(alerts.get(), "journal", "records");
      assertThat(text(Objects.requireNonNull(records.lastActive()).message()))
          .contains("1 records cannot be read")
          .contains("{\"Number\":7,\"State\":\"Proving\",\"Reason\":\"it ends early\"}");
      unreadable = List.of();
      now.set(START.plus(AN_HOUR).plus(AN_HOUR));
      alerts.readRecords();
      assertThat(of(alerts.get(), "journal", "records").active()).isFalse();
      alerts.journalFailed(new IOException("no space left on device"));
      assertThat(
              text(
                  Objects.requireNonNull(of(alerts.get(), "journal", "write").lastActive())
                      .message()))
          .isEqualTo("{\"message\":\"the journal cannot be written: no space left on device\"}");
    }
  }

  @Test
  void condition_thatCannotBeLookedAt_isWrong() {
    AlertBoard board = new AlertBoard(now::get);
    board.watch(
        "a",
        "b",
        () -> {
          throw new IOException("unreadable");
        });
    board.look();
    assertThat(text(Objects.requireNonNull(of(board.list(), "a", "b").lastActive()).message()))
        .isEqualTo("{\"message\":\"it cannot be looked at: unreadable\"}");
  }

  @Test
  void node_withASectorThatStandsStill_saysWhichAndWhyUntilItIsHelped() throws Exception {
    SealedRepo repo = SealedRepo.inDirectory(directory.resolve("home"));
    try (SealedRepo.Running node = repo.start()) {
      CommonApi api = node.client().api(CommonApi.class);
      node.sectors().pledgeSector();
      node.client().api(SectorControlApi.class).sectorsUpdate(0, "DealsExpired", true);
      node.until(0, info -> info.lastErr().contains("its deals have expired"));
      Alert standing = of(api.logAlerts(), "sealing", "standing");
      assertThat(standing.active()).isTrue();
      assertThat(text(Objects.requireNonNull(standing.lastActive()).message()))
          .contains("{\"Number\":0,\"State\":\"DealsExpired\",\"Reason\":\"its deals have expired")
          .contains("\"More\":false");
      node.sectors().sectorRemove(0);
      node.until(0, info -> info.state().equals("Removed"));
      Alert over = of(api.logAlerts(), "sealing", "standing");
      assertThat(over.active()).isFalse();
      assertThat(over.lastResolved()).isNotNull();
    }
  }
}
