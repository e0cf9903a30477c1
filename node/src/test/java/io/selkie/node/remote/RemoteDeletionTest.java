package io.selkie.node.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.node.SealedRepo;
import io.selkie.rpc.api.AuditApi;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.StoragePathApi;
import io.selkie.rpc.api.TokenListApi;
import io.selkie.rpc.token.AuditFilter;
import io.selkie.rpc.token.AuditRecord;
import io.selkie.rpc.token.TokenRequest;
import java.io.IOException;
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

/** Deleting sector files below {@code /remote}: what goes, what stays, and that it is on record. */
final class RemoteDeletionTest {

  @TempDir private static Path home;

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static SealedRepo repo = SealedRepo.none();
  private static SealedRepo.@Nullable Running node;
  private static Path second = Path.of("");
  private static String secondId = "";
  private static String admin = "";

  /** Sector 0 has a record and rests; nobody knows the other numbers. */
  @BeforeAll
  static void start() throws Exception {
    repo = SealedRepo.inDirectory(home);
    node = repo.start();
    admin = Files.readString(repo.root.resolve("token"));
    second = home.resolve("second");
    secondId =
        node()
            .client()
            .api(StoragePathApi.class)
            .storageInit(second.toString(), 10, false, true, 0, List.of(), List.of());
    storage().storageAddLocal(second.toString());
    node().sectors().pledgeSector();
    node().client().api(SectorControlApi.class).sectorsUpdate(0, "FailedUnrecoverable", true);
    node().until(0, info -> info.state().equals("FailedUnrecoverable"));
  }

  @AfterAll
  static void stop() {
    node().close();
    HTTP.close();
  }

  private static SealedRepo.Running node() {
    return Objects.requireNonNull(node);
  }

  private static StorageApi storage() {
    return node().client().api(StorageApi.class);
  }

  private static Path place(Path root, long number) throws IOException {
    return Files.createDirectories(root.resolve("sealed")).resolve("s-t01000-" + number);
  }

  /** A file of 2 KiB in its place, known to the index. */
  private static Path file(Path root, long number, String content) throws Exception {
    Path file = place(root, number);
    Files.writeString(file, content.repeat(2048));
    storage().storageRedeclareLocal(null, false);
    return file;
  }

  private static HttpResponse<String> send(String verb, String path, String token)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(node().client().endpoint().base().resolve("/remote" + path))
            .method(verb, HttpRequest.BodyPublishers.noBody())
            .header("Authorization", "Bearer " + token)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send("DELETE", path, admin);
  }

  @Test
  void delete_ofASectorNobodyKnows_movesTheFileToTheTrash() throws Exception {
    Path file = file(repo.root, 70, "a");
    HttpResponse<String> gone = delete("/sealed/s-t01000-70");
    assertThat(gone.statusCode()).as(gone.body()).isEqualTo(200);
    assertThat(gone.body()).isEmpty();
    assertThat(file).doesNotExist();
    try (var trash = Files.list(repo.root.resolve("trash"))) {
      assertThat(trash).anyMatch(each -> each.toString().contains("s-t01000-70"));
    }
    HttpResponse<String> again = delete("/sealed/s-t01000-70");
    assertThat(again.statusCode()).isEqualTo(500);
    assertThat(again.body())
        .isEqualTo("not deleting sealed/s-t01000-70: it is in no storage path\n");
  }

  @Test
  void delete_ofTheLastFileOfAKnownSector_needsItsNumberAgain() throws Exception {
    Path file = file(repo.root, 0, "a");
    HttpResponse<String> refused = delete("/sealed/s-t01000-0");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(refused.body())
        .isEqualTo(
            "not deleting sealed/s-t01000-0: no copy that stays holds what "
                + file
                + " holds; sector 0 is needed: its state is FailedUnrecoverable; with confirm=0 its"
                + " last copies go too\n");
    assertThat(delete("/sealed/s-t01000-0?confirm=1").body()).contains("confirm is '1'");
    assertThat(delete("/sealed/s-t01000-0?keep=" + secondId).statusCode()).isEqualTo(500);
    Path other = file(second, 0, "b");
    HttpResponse<String> differs = delete("/sealed/s-t01000-0?keep=" + secondId);
    assertThat(differs.statusCode()).as("the copy that would stay differs").isEqualTo(500);
    assertThat(file).exists();
    file(second, 0, "a");
    assertThat(delete("/sealed/s-t01000-0?keep=x." + secondId).statusCode()).isEqualTo(200);
    assertThat(file).doesNotExist();
    assertThat(other).exists();
    assertThat(delete("/sealed/s-t01000-0").statusCode()).isEqualTo(500);
    assertThat(delete("/sealed/s-t01000-0?confirm=0").statusCode()).isEqualTo(200);
    assertThat(other).doesNotExist();
    List<AuditRecord> calls =
        node()
            .client()
            .api(AuditApi.class)
            .auditQuery(new AuditFilter(null, null, "DELETE /remote/*", "", List.of(0L), 0, 0))
            .records();
    assertThat(calls).hasSize(7);
    assertThat(calls.getFirst().error()).isEmpty();
    assertThat(calls.getLast().error()).startsWith("not deleting sealed/s-t01000-0");
  }

  @Test
  void delete_withoutAWholeAdminToken_isUnauthorised() throws Exception {
    Path file = file(repo.root, 71, "a");
    TokenListApi tokens = node().client().api(TokenListApi.class);
    String write =
        tokens
            .tokenNew(
                new TokenRequest("w", List.of("read", "write"), Duration.ZERO, List.of(), "", ""))
            .token();
    String narrowed =
        tokens
            .tokenNew(
                new TokenRequest("n", List.of("read", "admin"), Duration.ZERO, List.of(), "", "71"))
            .token();
    for (String token : List.of(write, narrowed)) {
      for (String verb : List.of("DELETE", "GET")) {
        HttpResponse<String> refused = send(verb, "/sealed/s-t01000-71", token);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body())
            .isEqualTo("{\"Error\":\"unauthorized: missing write permission\"}\n");
      }
    }
    assertThat(file).exists();
  }

  @Test
  void delete_ofWhatIsNoSectorFile_deletesNothing() throws Exception {
    Path file = file(repo.root, 72, "a");
    for (String path :
        List.of("/sealed/s-t01000-072", "/sealed/..", "/nothing/s-t01000-72", "/trash/x")) {
      assertThat(delete(path).statusCode()).as(path).isIn(301, 404, 500);
    }
    assertThat(file).exists();
  }
}
