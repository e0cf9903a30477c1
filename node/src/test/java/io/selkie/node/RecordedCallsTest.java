package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.selkie.abi.BitField;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.AuditApi;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.BackupApi;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.api.RemovedFile;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.StoragePathApi;
import io.selkie.rpc.api.TokenListApi;
import io.selkie.rpc.api.TrashApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.token.AuditFilter;
import io.selkie.rpc.token.AuditRecord;
import io.selkie.rpc.token.AuditTrail;
import io.selkie.rpc.token.NewToken;
import io.selkie.rpc.token.TokenRequest;
import io.selkie.rpc.token.TouchedState;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a running node's record says that calls changed. */
final class RecordedCallsTest {

  private static final int UNDO_TRIES = 100;

  @TempDir private static Path home;

  private static SealedRepo repo = SealedRepo.none();
  private static SealedRepo.@Nullable Running node;

  @BeforeAll
  static void start() throws Exception {
    repo = SealedRepo.inDirectory(home);
    node = repo.start();
  }

  /** What no table of methods can tell was told by the calls of these tests, each of it. */
  @AfterAll
  static void stop() throws Exception {
    try {
      for (String method : TouchedState.TOLD_BY_THEIR_ANSWERERS) {
        assertThat(records(method, 100))
            .as("%s with what it changed", method)
            .anyMatch(each -> !each.before().isEmpty() || !each.after().isEmpty());
      }
    } finally {
      node().close();
    }
  }

  private static SealedRepo.Running node() {
    return Objects.requireNonNull(node);
  }

  private static <T> T api(Class<T> type) {
    return node().client().api(type);
  }

  private static List<AuditRecord> records(String method, int most) throws Exception {
    return api(AuditApi.class)
        .auditQuery(new AuditFilter(null, null, method, "", List.of(), 0, most))
        .records();
  }

  private static AuditRecord last(String method) throws Exception {
    return records(method, 1).getFirst();
  }

  private static void assertChanged(String method, String before, String after) throws Exception {
    AuditRecord call = last(method);
    assertThat(call.before().getLast()).as("%s before", method).isEqualTo(before);
    assertThat(call.after().getLast()).as("%s after", method).isEqualTo(after);
  }

  @Test
  void numbersAndConfiguration_areRecordedWithTheirValues() throws Exception {
    SectorsApi sectors = api(SectorsApi.class);
    sectors.sectorNumReserve("lab", BitField.ofRange(200, 210), false);
    assertChanged(
        "Filecoin.SectorNumReserve",
        "SectorNumReservations: {}",
        "SectorNumReservations: {\"lab\":[200,10]}");
    sectors.sectorNumFree("lab");
    assertChanged(
        "Filecoin.SectorNumFree",
        "SectorNumReservations: {\"lab\":[200,10]}",
        "SectorNumReservations: {}");
    long before = sectors.sectorGetSealDelay().toNanos();
    sectors.sectorSetSealDelay(Duration.ofSeconds(7));
    assertChanged(
        "Filecoin.SectorSetSealDelay",
        "SectorGetSealDelay: " + before,
        "SectorGetSealDelay: 7000000000");
    api(CommonApi.class).logSetLevel("io.selkie.node.RecordedCallsTest", "warn");
    assertThat(last("Filecoin.LogSetLevel").after()).isEmpty();
    api(CommonApi.class).logSetLevel("io.selkie.node.MinerNode", "warn");
    assertThat(last("Filecoin.LogSetLevel").after())
        .containsExactly("log level of io.selkie.node.MinerNode: WARN");
  }

  @Test
  void tokens_areRecordedByNameAndNeverByText() throws Exception {
    TokenListApi tokens = api(TokenListApi.class);
    NewToken made =
        tokens.tokenNew(new TokenRequest("lab", List.of("read"), Duration.ZERO, List.of(), "", ""));
    var _ = api(AuthApi.class).authNew(List.of("read"));
    assertThat(last("Filecoin.AuthNew").after()).singleElement().asString().endsWith(": made");
    String called = "token " + made.entry().id() + " lab: ";
    assertThat(last("Selkie.TokenNew").after()).containsExactly(called + "made");
    var _ = tokens.tokenRevoke(made.entry().id(), true);
    assertThat(last("Selkie.TokenRevoke").before()).containsExactly(called + "good");
    assertThat(last("Selkie.TokenRevoke").after()).singleElement().asString().startsWith(called);
    try (var files = Files.list(repo.root.resolve("audit"))) {
      for (Path file : files.toList()) {
        assertThat(file).content().contains(called).doesNotContain(made.token());
      }
    }
  }

  @Test
  void storage_isRecordedWithPathsAndFiles() throws Exception {
    Path second = home.resolve("second");
    String id =
        api(StoragePathApi.class)
            .storageInit(second.toString(), 10, false, true, 0, List.of(), List.of());
    assertThat(last("Selkie.StorageInit").after()).containsExactly("answer: \"" + id + "\"");
    StorageApi storage = api(StorageApi.class);
    storage.storageAddLocal(second.toString());
    AuditRecord added = last("Filecoin.StorageAddLocal");
    assertThat(added.before()).singleElement().asString().doesNotContain(id);
    assertThat(added.after())
        .singleElement()
        .asString()
        .startsWith("StorageLocal: {")
        .contains(JsonValue.text(id).toJson() + ":" + JsonValue.text(second.toString()).toJson());
    storage.storageDeclareSector(id, new WireSectorId(1000, 90), 2, true);
    AuditRecord declared = last("Filecoin.StorageDeclareSector");
    assertThat(declared.before()).containsExactly("", "StorageFindSector: []");
    assertThat(declared.after().getLast()).contains(id);
    storage.storageRedeclareLocal(id, true);
    assertThat(last("Filecoin.StorageRedeclareLocal").before().getLast()).contains(id + "=1");
    assertThat(last("Filecoin.StorageRedeclareLocal").after().getLast()).contains(id + "=0");
    storage.storageDetachLocal(second.toString());
    assertThat(last("Filecoin.StorageDetachLocal").after())
        .singleElement()
        .asString()
        .doesNotContain(id);
  }

  @Test
  void sectorsUploadsAndFiles_areRecorded() throws Exception {
    SectorsApi sectors = api(SectorsApi.class);
    var piece = sectors.computeDataCid(127, new ByteArrayInputStream(new byte[127]));
    assertThat(last("Filecoin.ComputeDataCid").after())
        .anyMatch(
            each -> each.startsWith("answer: ") && each.contains(String.valueOf(piece.pieceCid())))
        .anyMatch(each ->
            each.matches("stream [-0-9a-f]{36}: 127 bytes taken, sent from 127\\.0\\.0\\.1"));
    long number = sectors.pledgeSector().number();
    assertThat(last("Filecoin.PledgeSector").after().getFirst())
        .isEqualTo("answer: {\"Miner\":1000,\"Number\":" + number + "}");
    String forced = forcedAndUndone(number);
    assertThat(last("Selkie.SectorsUpdateUndo").before())
        .containsExactly("state of sector " + number + ": " + forced);
    Path file = Files.createDirectories(repo.root.resolve("sealed")).resolve("s-t01000-91");
    Files.write(file, new byte[2048]);
    HttpRequest request =
        HttpRequest.newBuilder(
                node().client().endpoint().base().resolve("/remote/sealed/s-t01000-91"))
            .header("Authorization", "Bearer " + Files.readString(repo.root.resolve("token")))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body()).hasSize(2048);
    }
    AuditRecord read = last("GET /remote/sealed/s-t01000-91");
    assertThat(read.sectors()).containsExactly(91L);
    assertThat(read.outcome()).isEqualTo("done");
  }

  /**
   * Forces a state and takes that back; the state. What the sector was at may still end meanwhile,
   * and then there is nothing to be undone: so it is tried again.
   */
  private static String forcedAndUndone(long number) throws Exception {
    SectorControlApi control = api(SectorControlApi.class);
    RpcFault refused = null;
    for (int i = 0; i < UNDO_TRIES; i++) {
      // A state whose handler acts at once leaves nothing to be undone.
      for (String state :
          List.of("DealsExpired", "FaultReported", "FailedUnrecoverable", "Faulty")) {
        String undo = control.sectorsUpdate(number, state, true);
        if (!undo.isEmpty()) {
          try {
            var _ = control.sectorsUpdateUndo(undo);
            return state;
          } catch (RpcFault moved) {
            refused = moved;
          }
        }
      }
      Thread.sleep(100);
    }
    throw new AssertionError("sector " + number + " never rested", refused);
  }

  @Test
  void removedFiles_areRecorded() throws Exception {
    TrashApi trash = api(TrashApi.class);
    RemovedFile first = removed(92);
    trash.trashRestore(first.path(), first.entry());
    String file = "file " + first.entry() + " on " + first.path() + ": ";
    assertChanged("Selkie.TrashRestore", file + "in the trash", file + "put back");
    RemovedFile second = removed(93);
    trash.trashPurge(second.path(), second.entry());
    file = "file " + second.entry() + " on " + second.path() + ": ";
    assertChanged("Selkie.TrashPurge", file + "in the trash", file + "deleted");
  }

  private static RemovedFile removed(long number) throws Exception {
    Path file = Files.createDirectories(repo.root.resolve("sealed")).resolve("s-t01000-" + number);
    Files.write(file, new byte[2048]);
    api(StorageApi.class).storageRedeclareLocal(null, false);
    String at = "/remote/sealed/s-t01000-" + number;
    HttpRequest request =
        HttpRequest.newBuilder(node().client().endpoint().base().resolve(at))
            .DELETE()
            .header("Authorization", "Bearer " + Files.readString(repo.root.resolve("token")))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
    return api(TrashApi.class).trashList().stream()
        .filter(each -> each.sector().number() == number)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void backupAndEnd_areRecordedWithWhatWasThere() throws Exception {
    Path copy = Files.createDirectories(repo.copies()).resolve("one.db");
    api(BackupApi.class).createBackup(copy.toString());
    AuditRecord made = last("Filecoin.CreateBackup");
    String called = "backup " + copy.toRealPath() + ": ";
    assertThat(made.before()).containsExactly(called + "not there");
    assertThat(made.after())
        .singleElement()
        .asString()
        .startsWith(called + Files.size(copy) + " bytes, ")
        .matches(".* sectors, \\d+ entries, SHA-256 [0-9a-f]{64}");
    // The node is told, and goes on until whoever started it has heard.
    api(CommonApi.class).shutdown();
    AuditRecord end = last("Filecoin.Shutdown");
    assertThat(end.before())
        .singleElement()
        .asString()
        .matches("node: \\d+ at work.*, \\d+ wait; sectors \\{.*}");
    assertThat(end.after()).containsExactly("node: told to stop");
  }

  @Test
  void refusalsOfStrangers_fillNeitherTheRecordNorTheLog() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger(AuditTrail.class);
    ListAppender<ILoggingEvent> seen = new ListAppender<>();
    seen.start();
    log.addAppender(seen);
    int before = records("Filecoin.AuthNew", 1000).size();
    HttpRequest request =
        HttpRequest.newBuilder(node().client().endpoint().base().resolve("/rpc/v0"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"id\":1,\"method\":\"Filecoin.AuthNew\",\"params\":[[\"admin\"]]}"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .contains("missing permission to invoke 'AuthNew'");
    } finally {
      log.detachAppender(seen);
    }
    assertThat(List.copyOf(seen.list))
        .filteredOn(each -> each.getLevel().isGreaterOrEqual(Level.INFO))
        .isEmpty();
    assertThat(records("Filecoin.AuthNew", 1000)).hasSize(before);
  }

  @Test
  void call_thatFails_isRecordedWithWhatWasThere() throws Exception {
    try {
      api(StorageApi.class).storageDetach("nowhere", "http://x");
    } catch (RpcFault expected) {
      assertThat(last("Filecoin.StorageDetach").error()).isEqualTo(expected.text());
    }
    assertThat(last("Filecoin.StorageDetach").before())
        .containsExactly("StorageInfo: sector store not found");
  }
}
