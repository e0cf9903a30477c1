package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.token.AuditFilter;
import io.selkie.rpc.token.AuditPage;
import io.selkie.rpc.token.AuditRecord;
import io.selkie.rpc.token.AuditTrail;
import io.selkie.rpc.token.AuditedParams;
import io.selkie.rpc.token.CallAudit;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The durable record of calls. */
class AuditTrailTest {

  private static final AuditFilter EVERYTHING =
      new AuditFilter(null, null, "", "", List.of(), 0, 0);

  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private final TreeMap<Long, String> states = new TreeMap<>();

  private AuditTrail open(AuditTrail.Limits limits) throws IOException {
    return AuditTrail.open(directory, () -> now, sector -> states.getOrDefault(sector, ""), limits);
  }

  private static CallAudit.Call call(String method, long... sectors) throws Exception {
    Tokens tokens = Tokens.of(new byte[32]);
    Caller caller = Caller.of(tokens.grant(tokens.create(Permission.ADMIN)), "127.0.0.1");
    return new CallAudit.Call(
        caller, method, "[1]", java.util.Arrays.stream(sectors).boxed().toList());
  }

  @Test
  void call_isRecordedWithStatesBeforeAndAfter() throws Exception {
    states.put(7L, "Proving");
    try (AuditTrail trail = open(AuditTrail.Limits.DEFAULT)) {
      CallAudit.Running running = trail.begin(call("Selkie.SectorsUpdate", 7));
      AuditRecord open = trail.auditQuery(EVERYTHING).records().getFirst();
      assertThat(open.outcome()).isEqualTo("running");
      assertThat(open.before()).containsExactly("Proving");
      states.put(7L, "Faulty");
      now = now.plusSeconds(3);
      running.ended("");
      AuditRecord done = trail.auditQuery(EVERYTHING).records().getFirst();
      assertThat(done.outcome()).isEqualTo("done");
      assertThat(done.after()).containsExactly("Faulty");
      assertThat(done.ended()).isEqualTo(now);
      assertThat(done.token()).hasSize(16);
      assertThat(done.remote()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void records_outliveTheProcess_andATornLine() throws Exception {
    try (AuditTrail trail = open(AuditTrail.Limits.DEFAULT)) {
      trail.begin(call("A.One", 1)).ended("no room");
      var _ = trail.begin(call("A.Two", 2));
    }
    Path file;
    try (Stream<Path> files = Files.list(directory)) {
      file = files.findFirst().orElseThrow();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.writeString(file, "{\"seq\":9,\"ti", StandardOpenOption.APPEND);
    try (AuditTrail trail = open(AuditTrail.Limits.DEFAULT)) {
      trail.begin(call("A.Three", 3)).ended("");
      List<AuditRecord> all = trail.auditQuery(EVERYTHING).records();
      assertThat(all).extracting(AuditRecord::method).containsExactly("A.Three", "A.Two", "A.One");
      assertThat(all).extracting(AuditRecord::outcome).containsExactly("done", "running", "failed");
      assertThat(all.getLast().error()).isEqualTo("no room");
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void query_filtersAndGoesOnWhereThePageEnded() throws Exception {
    try (AuditTrail trail = open(new AuditTrail.Limits(2000, 100))) {
      for (int i = 0; i < 50; i++) {
        now = now.plusSeconds(60);
        trail.begin(call(i % 2 == 0 ? "A.Even" : "B.Odd", i)).ended("");
      }
      List<Long> seen = new ArrayList<>();
      long cursor = 0;
      do {
        AuditPage page =
            trail.auditQuery(new AuditFilter(null, null, "A.*", "", List.of(), cursor, 7));
        page.records().forEach(each -> seen.add(each.sectors().getFirst()));
        cursor = page.cursor();
      } while (cursor != 0);
      assertThat(seen).hasSize(25).isSortedAccordingTo((a, b) -> Long.compare(b, a));
      Instant start = Instant.parse("2026-01-31T12:00:00Z");
      AuditFilter window =
          new AuditFilter(start.plusSeconds(600), start.plusSeconds(1200), "", "", List.of(), 0, 0);
      assertThat(trail.auditQuery(window).records())
          .hasSize(10)
          .allMatch(each -> each.outcome().equals("done"));
      AuditFilter one = new AuditFilter(null, null, "", "", List.of(13L), 0, 0);
      assertThat(trail.auditQuery(one).records()).hasSize(1);
      AuditFilter nobody = new AuditFilter(null, null, "", "nobody", List.of(), 0, 0);
      assertThat(trail.auditQuery(nobody).records()).isEmpty();
      assertThatThrownBy(
              () -> trail.auditQuery(new AuditFilter(null, null, "", "", List.of(), 0, 1001)))
          .hasMessage("limit of 1001 records, maximum 1000 allowed");
    }
  }

  @Test
  void files_areTurnedOver_andOnlySoManyAreKept() throws Exception {
    try (AuditTrail trail = open(new AuditTrail.Limits(1000, 3))) {
      for (int i = 0; i < 40; i++) {
        trail.begin(call("A.B", i)).ended("");
      }
      AuditPage page = trail.auditQuery(EVERYTHING);
      assertThat(page.records().getFirst().sectors()).containsExactly(39L);
      assertThat(page.records()).hasSizeLessThan(15);
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).hasSize(3);
    }
  }

  @Test
  void concurrentCalls_areAllRecorded() throws Exception {
    try (AuditTrail trail = open(new AuditTrail.Limits(20_000, 100))) {
      List<Thread> threads = new ArrayList<>();
      CallAudit.Call call = call("A.B", 1);
      for (int i = 0; i < 16; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int n = 0; n < 20; n++) {
                    try {
                      // An interrupt must not close the file for everybody.
                      Thread.currentThread().interrupt();
                      trail.begin(call).ended("");
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  }
                }));
      }
      for (Thread each : threads) {
        each.join();
      }
      AuditFilter all = new AuditFilter(null, null, "", "", List.of(), 0, 1000);
      assertThat(trail.auditQuery(all).records())
          .hasSize(320)
          .allMatch(each -> each.outcome().equals("done"));
    }
  }

  @Test
  void call_thatCannotBeRecorded_doesNotRun() throws Exception {
    AuditTrail trail = open(AuditTrail.Limits.DEFAULT);
    trail.close();
    try (TestServer server = TestServer.start(builder -> builder.audit(trail))) {
      String bearer = "Authorization: Bearer " + server.token("admin", "read") + "\r\n";
      assertThat(
              server
                  .post("{\"id\":1,\"method\":\"Probe.Govern\",\"params\":[[],null]}", bearer)
                  .body())
          .contains("not invoking 'Govern': audit: it cannot be recorded");
      assertThat(server.post("{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[1]}", bearer).body())
          .contains("\"result\":1");
    }
  }

  @Test
  void refusals_ofStrangers_takeNoRoom() throws Exception {
    try (AuditTrail trail = open(AuditTrail.Limits.DEFAULT)) {
      trail.refused(call("A.B"), "missing permission");
      trail.refused(
          new CallAudit.Call(new Caller(Set.of(), "10.0.0.1"), "A.B", "[]", List.of()), "no");
      assertThat(trail.auditQuery(EVERYTHING).records())
          .singleElement()
          .satisfies(each -> assertThat(each.outcome()).isEqualTo("refused"));
    }
  }

  @Test
  void parameters_areShownWithoutSecrets() {
    String token = Tokens.of(new byte[32]).create(Permission.ADMIN);
    JsonValue params =
        new JsonValue.Arr(
            List.of(
                JsonValue.text(token),
                JsonValue.text("http://user:pw@host/x?key=1"),
                JsonValue.object().put("a", "b".repeat(2000)).build()));
    String shown = AuditedParams.of(params);
    assertThat(shown)
        .doesNotContain(token.substring(token.lastIndexOf('.') + 1))
        .doesNotContain("pw")
        .doesNotContain("key=1")
        .contains("host/x");
    assertThat(shown.length()).isLessThan(1000);
  }
}
