package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.BitField;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.SectorNumber;
import io.selkie.proofs.post.PostSector;
import io.selkie.proofs.post.PostVerifier;
import io.selkie.proofs.seal.Verdict;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ChainSector;
import io.selkie.rpc.api.ExtendedSectorInfo;
import io.selkie.rpc.api.PostPartition;
import io.selkie.rpc.api.PostProof;
import io.selkie.rpc.api.ProvingApi;
import io.selkie.rpc.api.ProvingViewApi;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.TokenListApi;
import io.selkie.rpc.api.WindowPost;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.token.TokenRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proofs of spacetime of real sectors over real sockets: sector 0 was sealed by the node and is
 * proven, sector 77 of another miner was sealed before, its answers are the reference's.
 */
final class ProvingOverTimeTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path home;

  private static SealedRepo repo = SealedRepo.none();
  private static SealedRepo.@Nullable Running node;
  private static String admin = "";

  @BeforeAll
  static void start() throws Exception {
    repo = SealedRepo.inDirectory(home);
    node = repo.start();
    admin = Files.readString(repo.root.resolve("token"));
    node().sectors().pledgeSector();
    KnownSector known = new KnownSector(home);
    Path out = home.resolve("known");
    CommandRun sealing = known.seal(out);
    assertThat(sealing.status()).as(sealing.err()).isZero();
    Path sealed = Files.createDirectories(repo.root.resolve("sealed"));
    Files.copy(out.resolve("sealed"), sealed.resolve("s-t0424242-77"));
    Path cache = Files.createDirectories(repo.root.resolve("cache/s-t0424242-77"));
    try (var files = Files.list(out.resolve("cache"))) {
      for (Path file : files.toList()) {
        Files.copy(file, cache.resolve(file.getFileName()));
      }
    }
    node().client().api(StorageApi.class).storageRedeclareLocal(null, false);
    node().untilProving(0);
  }

  @AfterAll
  static void stop() {
    node().close();
    HTTP.close();
  }

  private static SealedRepo.Running node() {
    return Objects.requireNonNull(node);
  }

  private static ProvingApi proving() {
    return node().client().api(ProvingApi.class);
  }

  private static SectorRef sector(long number) {
    return new SectorRef(new WireSectorId(1000, number), 5);
  }

  private static Path sealedFile() {
    return repo.root.resolve("sealed/s-t01000-0");
  }

  private static void flip(Path file, int at) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int old = open.read();
      open.seek(at);
      open.write(old ^ 1);
    }
  }

  // ------------------------------------------------------------------ CheckProvable

  @Test
  void checkProvable_ofASealedSector_findsNothingUntilABitFlips() throws Exception {
    assertThat(proving().checkProvable(10, List.of(sector(0)))).isEmpty();
    assertThat(proving().checkProvable(5, List.of(sector(0)))).isEmpty();
    assertThat(proving().checkProvable(0, List.of(sector(0)))).isEmpty();
    Path sealed = sealedFile();
    flip(sealed, 77);
    try {
      assertThat(proving().checkProvable(10, List.of(sector(0))))
          .hasEntrySatisfying(
              0L,
              reason ->
                  assertThat(reason)
                      .startsWith(
                          "generating vanilla proof: "
                              + sealed
                              + ": what it holds does not prove"));
    } finally {
      flip(sealed, 77);
    }
    Path away = sealed.resolveSibling("away");
    Files.move(sealed, away);
    try {
      assertThat(proving().checkProvable(10, List.of(sector(0))))
          .hasEntrySatisfying(
              0L,
              reason ->
                  assertThat(reason)
                      .startsWith("generating vanilla proof: no sealed file of sector s-t01000-0"));
    } finally {
      Files.move(away, sealed);
    }
    assertThat(proving().checkProvable(10, List.of(sector(0)))).isEmpty();
  }

  @Test
  void checkProvable_ofWhatCannotBe_saysWhyForEach() throws Exception {
    assertThat(proving().checkProvable(99, List.of(sector(0), sector(55))))
        .isEqualTo(
            Map.of(
                0L,
                "generating fallback challenges: unsupported proof type: 99",
                55L,
                "getting commR: No state for /55: datastore: key not found"));
    assertThat(proving().checkProvable(11, List.of(sector(0))))
        .hasEntrySatisfying(
            0L, reason -> assertThat(reason).contains("2048 bytes, expected 8388608"));
    assertThat(proving().checkProvable(10, List.of())).isEmpty();
  }

  // ------------------------------------------------------------------ whole proofs

  private static ChainSector onChain() throws Exception {
    return node().client().api(ProvingViewApi.class).chainSectors(0, 1).getFirst();
  }

  @Test
  void computeWindowPoSt_ofTheSectorsDeadline_isItsProof() throws Exception {
    ChainSector sector = onChain();
    List<WindowPost> posts = proving().computeWindowPoSt(sector.deadline(), null);
    assertThat(posts).hasSize(1);
    assertThat(posts.getFirst().deadline()).isEqualTo(sector.deadline());
    assertThat(posts.getFirst().partitions())
        .containsExactly(new PostPartition(sector.partition(), BitField.EMPTY));
    PostProof proof = posts.getFirst().proofs().getFirst();
    assertThat(proof.postProof()).isEqualTo(10);
    // One sector in one partition, as the reference serialises a sector, after the count.
    assertThat(proof.proofBytes()).hasSize(8 + 5680);
    assertThat(proving().computeWindowPoSt((sector.deadline() + 1) % 48, List.of())).isEmpty();
    assertThatThrownBy(() -> proving().computeWindowPoSt(48, null))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("invalid deadline 48");
  }

  @Test
  void computeProof_ofASector_verifies() throws Exception {
    ChainSector sector = onChain();
    byte[] randomness = new byte[32];
    List<PostProof> proofs =
        proving()
            .computeProof(
                List.of(new ExtendedSectorInfo(5, 0, null, sector.sealedCid())), randomness, 7, 25);
    PostSector drawn =
        new PostSector(new SectorNumber(0), sector.sealedCid().commitment().orElseThrow());
    assertThat(
            PostVerifier.verify(
                RegisteredPoStProof.WINNING_2KIB_V1,
                new Randomness(randomness),
                List.of(drawn),
                Objects.requireNonNull(proofs.getFirst().proofBytes())))
        .isEqualTo(new Verdict.Valid());
  }

  @Test
  void recoverFault_ofTheSector_isAMessageOnChain() throws Exception {
    List<Cid> messages = proving().recoverFault(List.of(0L));
    assertThat(messages).hasSize(1);
    assertThat(proving().recoverFault(List.of())).isEmpty();
    assertThatThrownBy(() -> proving().recoverFault(List.of(0L, 55L)))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("sectors 55 not found in the sector list for miner");
  }

  // ------------------------------------------------------------------ /remote/vanilla

  private static HttpResponse<byte[]> post(String kind, String body, String token)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(node().client().endpoint().base().resolve("/remote/vanilla/" + kind))
            .method("POST", HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + token)
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String refusal(String kind, String body) throws Exception {
    HttpResponse<byte[]> answer = post(kind, body, admin);
    assertThat(answer.statusCode()).isEqualTo(500);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static String sealedCid() {
    return "{\"/\":\"" + Cid.ofSealed(Commitment.ofHex(KnownSector.text("comm_r"))) + "\"}";
  }

  private static String single(String challenges, int proofType) {
    return """
    {"Miner":424242,"Sector":{"SealProof":5,"SectorNumber":77,"SealedCID":%s,
     "Challenge":%s,"Update":false},"ProofType":%d}\
    """
        .formatted(sealedCid(), challenges, proofType);
  }

  private static String known() {
    return single(KnownSector.ANSWER.at("/post/window/challenges").toString(), 10);
  }

  @Test
  void single_ofAKnownSector_isTheReferencesProof() throws Exception {
    HttpResponse<byte[]> answer = post("single", known(), admin);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(sha256(answer.body()))
        .isEqualTo(KnownSector.ANSWER.at("/post/window/vanilla_sha256").asString());
  }

  @Test
  void single_askedManyTimesAtOnce_isAnsweredEachTime() throws Exception {
    List<Future<byte[]>> answers = new ArrayList<>();
    Callable<byte[]> ask = () -> post("single", known(), admin).body();
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 60; i++) {
        answers.add(all.submit(ask));
      }
      for (Future<byte[]> answer : answers) {
        assertThat(sha256(answer.get()))
            .isEqualTo(KnownSector.ANSWER.at("/post/window/vanilla_sha256").asString());
      }
    }
  }

  @Test
  void single_ofNonsense_isRefusedWithTheReason() throws Exception {
    assertThat(refusal("single", "")).isEqualTo("the body is no JSON\n");
    assertThat(refusal("single", "{}")).isEqualTo("SealedCID is missing\n");
    assertThat(refusal("single", single("[1]", 99))).isEqualTo("unsupported proof type: 99\n");
    assertThat(refusal("single", single("[]", 10))).isEqualTo("0 challenges, expected 1 to 66\n");
    assertThat(refusal("single", single("[" + "1,".repeat(66) + "1]", 10)))
        .isEqualTo("67 challenges, expected 1 to 66\n");
    assertThat(refusal("single", single("[64]", 10)))
        .isEqualTo("challenge 64 of a sector of 64 nodes\n");
    assertThat(refusal("single", single("[18446744073709551615]", 10)))
        .isEqualTo("challenge 18446744073709551615 of a sector of 64 nodes\n");
    assertThat(refusal("single", single("[1]", 10).replace("77", "78")))
        .startsWith("generating vanilla proof: no sealed file of sector s-t0424242-78");
    assertThat(refusal("single", single("[1]", 10).replace("424242", "18446744073709551615")))
        .isEqualTo("actor id 18446744073709551615 is over 63 bits\n");
    assertThat(refusal("single", single("[1]", 10).replace("false", "true")))
        .startsWith("generating vanilla proof: no update file of sector s-t0424242-77");
    assertThat(refusal("single", " ".repeat(20_000))).contains("16384");
    assertThat(
            refusal(
                "single",
                single("[1]", 10)
                    .replace(
                        sealedCid(),
                        "{\"/\":\"" + Cid.ofSealed(new Commitment(new byte[32])) + "\"}")))
        .contains("its two roots do not hash to CommR");
  }

  private static String porep(String seed) {
    String commD = Cid.ofUnsealed(Commitment.ofHex(KnownSector.text("comm_d"))).toString();
    return """
    {"Sector":{"ID":{"Miner":424242,"Number":77},"ProofType":5},"Sealed":%s,
     "Unsealed":{"/":"%s"},"Ticket":"%s","Seed":"%s"}\
    """
        .formatted(sealedCid(), commD, base64(KnownSector.text("ticket")), base64(seed));
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  @Test
  void porep_ofAKnownSector_isTheReferencesPhase1Output() throws Exception {
    HttpResponse<byte[]> answer = post("porep", porep(KnownSector.text("seed")), admin);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(sha256(answer.body())).isEqualTo(KnownSector.text("c1_json_sha256"));
  }

  @Test
  void porep_ofNonsense_isRefusedWithTheReason() throws Exception {
    assertThat(refusal("porep", "{}")).isEqualTo("Unsealed is missing\n");
    assertThat(refusal("porep", porep("00"))).isEqualTo("Seed of 1 bytes, expected 32\n");
    assertThat(refusal("porep", porep(KnownSector.text("seed")).replace("77", "78")))
        .contains("no sealed file of sector s-t0424242-78");
    assertThat(refusal("porep", porep(KnownSector.text("seed")).replace("424242", "424243")))
        .contains("no sealed file of sector s-t0424243-77");
  }

  @Test
  void vanillaProofs_ofWhomMayNot_areUnauthorised() throws Exception {
    TokenListApi tokens = node().client().api(TokenListApi.class);
    String write =
        tokens
            .tokenNew(
                new TokenRequest("w", List.of("read", "write"), Duration.ZERO, List.of(), "", ""))
            .token();
    String narrowed =
        tokens
            .tokenNew(
                new TokenRequest("n", List.of("read", "admin"), Duration.ZERO, List.of(), "", "77"))
            .token();
    for (String token : List.of(write, narrowed)) {
      for (String kind : List.of("single", "porep")) {
        assertThat(post(kind, known(), token).statusCode()).isEqualTo(401);
      }
    }
    assertThat(post("nothing", known(), admin).statusCode()).isEqualTo(405);
    HttpResponse<String> get =
        HTTP.send(
            HttpRequest.newBuilder(
                    node().client().endpoint().base().resolve("/remote/vanilla/single"))
                .header("Authorization", "Bearer " + admin)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    // As in the reference, where it is a file of the unknown kind "vanilla".
    assertThat(get.statusCode()).isEqualTo(500);
  }
}
