package io.selkie.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLocation;
import io.selkie.rpc.api.SectorLog;
import io.selkie.rpc.api.SectorPiece;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.json.JsonValue;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sectors that one node sealed, taken over by another on the same chain, over sockets. The second
 * node has a copy of the first one's chain and an empty journal.
 */
final class ReceiveTest {

  private static final String SECRET = SealedElsewhere.SECRET;

  private static final int RIVALS = 6;

  /** Finished sectors may have no data beside their replica; it is unsealed when it is wanted. */
  private static final SectorLocation HERE = new SectorLocation(true, null, null);

  @TempDir private static Path home;

  private static SealedRepo made = SealedRepo.none();
  private static SealedRepo.Running origin;
  private static SealingService service;

  private static @Nullable SealedElsewhere elsewhere;

  @BeforeAll
  static void seal() throws Exception {
    elsewhere = SealedElsewhere.start(home);
    made = elsewhere().made;
    origin = elsewhere().origin;
    service = elsewhere().service;
  }

  @AfterAll
  static void stop() {
    elsewhere().close();
  }

  private static SealedElsewhere elsewhere() {
    return Objects.requireNonNull(elsewhere);
  }

  private static SealedRepo target(String name) throws IOException {
    return elsewhere().target(name);
  }

  private static MetaDraft served(String state, long sector) throws RpcFault, InterruptedException {
    return elsewhere().served(state, sector);
  }

  private static byte[] unsealed(SealedRepo.Running node, SectorInfo info, int bytes)
      throws IOException, SealFault {
    SectorRef ref = ref(info);
    UnpaddedRange range = new UnpaddedRange(0, bytes);
    node.node()
        .sealer()
        .unseal(
            ref,
            new Randomness(Objects.requireNonNull(info.ticket().value())),
            Objects.requireNonNull(info.commD()).commitment().orElseThrow(),
            Progress.NONE);
    try (InputStream data = node.node().sealer().readPiece(ref, range)) {
      return data.readAllBytes();
    }
  }

  private static SectorRef ref(SectorInfo info) {
    return new SectorRef(
        SectorId.of(1000, info.sectorId()), RegisteredSealProof.ofNumber(info.sealProof()));
  }

  private static long count(SectorInfo info, String kind) {
    return Objects.requireNonNull(info.log()).stream().filter(l -> l.kind().equals(kind)).count();
  }

  @Test
  void provenSector_fromAnotherMinersRemote_isProvenHereAndUnseals() throws Exception {
    String token = Files.readString(made.root.resolveSibling("serving").resolve("token"));
    SealedRepo repo = target("proven");
    try (SealedRepo.Running node = repo.start()) {
      MetaDraft draft =
          new MetaDraft("Proving", origin.sectors().sectorsStatus(0, false))
              .from(
                  origin.client().endpoint().base().resolve("/remote").toString(),
                  "Authorization",
                  "Bearer " + token);
      draft.unsealed = HERE;
      draft.done = service.url("/done-0?key=" + SECRET);
      node.sectors().sectorReceive(draft.meta());
      SectorInfo info = node.untilProving(0);
      assertThat(info.commR()).isEqualTo(draft.commR);
      assertThat(count(info, "event;sealing.SectorReceived")).isEqualTo(1);
      assertThat(repo.root.resolve("cache/s-t01000-0/p_aux")).exists();
      assertThat(unsealed(node, info, SealedRepo.FIRST.length)).isEqualTo(SealedRepo.FIRST);
      assertThat(node.sectors().sectorNumAssignerMeta().allocated().contains(0)).isTrue();
      for (SectorLog line : Objects.requireNonNull(info.log())) {
        assertThat(line.message() + line.trace()).doesNotContain(token, SECRET);
      }
      assertThatThrownBy(() -> node.sectors().sectorReceive(draft.meta()))
          .hasMessage("sector with ID 0 already exists in the sealing pipeline");
    }
    try (SqliteJournal journal = SqliteJournal.open(repo.journal())) {
      assertThat(new String(journal.values("import/").get("import/1000/0"), UTF_8))
          .contains("/done-0?key=")
          .doesNotContain(token);
    }
  }

  @Test
  void sameNumber_atOnceFromSeveral_isTakenFromOne() throws Exception {
    SealedRepo repo = target("race");
    int winner;
    try (SealedRepo.Running node = repo.start()) {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Optional<String>>> calls = new ArrayList<>();
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < RIVALS; i++) {
          MetaDraft draft = served("Proving", 0);
          draft.unsealed = HERE;
          draft.done = service.url("/done?rival=" + i + ";");
          calls.add(
              callers.submit(() -> {
                go.await();
                return refusal(node, draft);
              }));
        }
        go.countDown();
      }
      List<Optional<String>> refusals = new ArrayList<>();
      for (Future<Optional<String>> each : calls) {
        refusals.add(each.get());
      }
      winner = refusals.indexOf(Optional.<String>empty());
      assertThat(refusals.stream().flatMap(Optional::stream))
          .hasSize(RIVALS - 1)
          .allMatch(text ->
              text.equals("sector 0 state already exists")
                  || text.equals("sector with ID 0 already exists in the sealing pipeline"));
      SectorInfo info = node.untilProving(0);
      assertThat(node.sectors().sectorsList()).containsExactly(0L);
      assertThat(count(info, "event;sealing.SectorReceive")).isEqualTo(1);
      assertThat(count(info, "event;sealing.SectorReceived")).isEqualTo(1);
    }
    try (SqliteJournal journal = SqliteJournal.open(repo.journal())) {
      assertThat(journal.values("import/")).hasSize(1);
      assertThat(new String(journal.values("import/").get("import/1000/0"), UTF_8))
          .contains("/done?rival=" + winner + ";");
    }
  }

  private static Optional<String> refusal(SealedRepo.Running node, MetaDraft draft)
      throws InterruptedException {
    try {
      node.sectors().sectorReceive(draft.meta());
      return Optional.empty();
    } catch (RpcFault refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  @Test
  void localSector_atPreCommitting_isProvenFromItsFiles() throws Exception {
    try (SealedRepo.Running node = target("local").start()) {
      MetaDraft draft =
          new MetaDraft("PreCommitting", origin.sectors().sectorsStatus(2, false)).local();
      node.sectors().sectorReceive(draft.meta());
      assertThat(node.untilProving(2).commR()).isEqualTo(draft.commR);
      MetaDraft elsewhere = served("Proving", 0).local();
      assertThatThrownBy(() -> node.sectors().sectorReceive(elsewhere.meta()))
          .hasMessage(
              "DataSealed: it is said to be local, but the sealed file of s-t01000-0 is on no path"
                  + " of this machine");
      assertThatThrownBy(() -> node.sectors().sectorsStatus(0, false))
          .hasMessageStartingWith("No state for /0");
    }
  }

  @Test
  void provenSector_atSubmitCommit_isSubmittedAndReported() throws Exception {
    service.answer("/done", (exchange, _) -> SealingService.status(exchange, 200));
    try (SealedRepo.Running node = target("submitted").start()) {
      MetaDraft draft = served("SubmitCommit", 0);
      draft.unsealed = HERE;
      draft.done = service.url("/done");
      node.sectors().sectorReceive(draft.meta());
      node.untilProving(0);
      while (asked("/done").isEmpty()) {
        Thread.sleep(10);
      }
      assertThat(asked("/done").getFirst().body())
          .startsWith("{\"Successful\":true,\"State\":\"Proving\",\"CommitMessage\":");
      assertThat(asked("/remote/sealed/s-t01000-0")).allMatch(a -> a.secret().equals(SECRET));
    }
  }

  private static List<SealingService.Asked> asked(String path) {
    return elsewhere().asked(path);
  }

  @Test
  void dataAlone_atPacking_isSealedHere() throws Exception {
    try (SealedRepo.Running node = target("packing").start()) {
      MetaDraft draft = served("Packing", 1);
      draft.number = 7;
      draft.ticket = null;
      draft.seed = null;
      draft.commD = null;
      draft.commR = null;
      node.sectors().sectorReceive(draft.meta());
      SectorInfo info = node.untilProving(7);
      assertThat(unsealed(node, info, SealedRepo.SECOND.length)).isEqualTo(SealedRepo.SECOND);
    }
  }

  @Test
  void sealedSector_atPreCommitting_isProvenByWhoSealedIt() throws Exception {
    try (SealedRepo.Running node = target("commits").start()) {
      MetaDraft draft = served("PreCommitting", 1);
      AtomicInteger first = new AtomicInteger();
      AtomicInteger second = new AtomicInteger();
      service.answer(
          "/c1",
          (exchange, body) -> {
            if (first.getAndIncrement() == 0) {
              SealingService.status(exchange, 500);
            } else {
              SealingService.bytes(exchange, half1(node, draft, body), "octet-stream");
            }
          });
      service.answer(
          "/c2",
          (exchange, body) -> {
            byte[] proof = half2(node, body);
            if (second.getAndIncrement() == 0) {
              proof[proof.length / 2] ^= 1;
            }
            SealingService.bytes(exchange, proof, "octet-stream");
          });
      draft.commit1 = service.url("/c1");
      draft.commit2 = service.url("/c2");
      node.sectors().sectorReceive(draft.meta());
      SectorInfo info = node.untilProving(1);
      assertThat(count(info, "event;sealing.SectorRemoteCommit1Failed")).isEqualTo(1);
      assertThat(count(info, "event;sealing.SectorRemoteCommit2Failed")).isEqualTo(1);
      assertThat(asked("/c2").getFirst().body())
          .startsWith(
              "{\"Sector\":{\"Miner\":1000,\"Number\":1},\"ProofType\":5,\"Commit1Out\":\"");
      assertThat(unsealed(node, info, SealedRepo.SECOND.length)).isEqualTo(SealedRepo.SECOND);
    }
  }

  private static SectorRef one() {
    return new SectorRef(SectorId.of(1000, 1), RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  }

  private static byte[] half1(SealedRepo.Running node, MetaDraft draft, byte[] body)
      throws IOException {
    JsonValue.Obj asked = (JsonValue.Obj) JsonValue.parse(new String(body, UTF_8)).orElseThrow();
    try {
      return node.node()
          .sealer()
          .sealCommit1(
              one(),
              random(asked, "Ticket"),
              random(asked, "Seed"),
              Objects.requireNonNull(draft.pieces).stream()
                  .map(each ->
                      new io.selkie.abi.PieceInfo(
                          new io.selkie.abi.PaddedPieceSize(each.piece().size()),
                          Objects.requireNonNull(each.piece().pieceCid())
                              .commitment()
                              .orElseThrow()))
                  .toList(),
              new SealedCommitments(
                  Objects.requireNonNull(draft.commR).commitment().orElseThrow(),
                  Objects.requireNonNull(draft.commD).commitment().orElseThrow()),
              Progress.NONE);
    } catch (SealFault fault) {
      throw new IOException(fault);
    }
  }

  private static byte[] half2(SealedRepo.Running node, byte[] body) throws IOException {
    JsonValue.Obj asked = (JsonValue.Obj) JsonValue.parse(new String(body, UTF_8)).orElseThrow();
    try {
      return node.node().sealer().sealCommit2(one(), bytes(asked, "Commit1Out"), Progress.NONE);
    } catch (SealFault fault) {
      throw new IOException(fault);
    }
  }

  private static Randomness random(JsonValue.Obj from, String member) {
    return new Randomness(bytes(from, member));
  }

  private static byte[] bytes(JsonValue.Obj from, String member) {
    return Base64.getDecoder().decode(((JsonValue.Str) from.get(member).orElseThrow()).value());
  }

  /** What is refused, and with which text. */
  private record Wrong(String message, Consumer<MetaDraft> change) {}

  private static Wrong wrong(String message, Consumer<MetaDraft> change) {
    return new Wrong(message, change);
  }

  private static List<Wrong> wrongs() {
    byte[] other = new byte[32];
    return List.of(
        wrong("sector for wrong actor - expected actor id 1000, sector was", m -> m.miner = 7),
        wrong(
            "sector seal proof type doesn't match current seal proof type (6!=5)", m -> m.type = 6),
        wrong("imported sector State in not supported", m -> m.state = "WaitSeed"),
        wrong("commit message prefix: invalid message prefix", m -> m.commitMessage = m.commD),
        wrong("sector PreCommitDeposit was null", m -> m.deposit = null),
        wrong("seed randomness had wrong length 31", m -> m.seed = new byte[31]),
        wrong("provided(" + "00".repeat(32) + ") and generated(", m -> m.seed = other),
        wrong("ticket randomness had wrong length 0", m -> m.ticket = null),
        wrong("provided(" + "00".repeat(32) + ") and generated(", m -> m.ticket = other),
        wrong("both CommR/CommD cids need to be set for sectors in", m -> m.commR = null),
        wrong("CommD cid has wrong prefix", m -> m.commD = m.commR),
        wrong("CommR cid has wrong prefix", m -> m.commR = m.commD),
        wrong("expected DataSealed to be set", m -> m.sealed = null),
        wrong("expected DataCache to be set", m -> m.cache = null),
        wrong("parsing remote c1 endpoint url: ", m -> m.commit1 = "http://[::1"),
        wrong("parsing remote c2 endpoint url: ", m -> m.commit2 = "http://[::1"),
        wrong("piece 0 deal info invalid: ", m -> m.pieces = withoutDeal(m)),
        wrong("parsing remote sealing-done endpoint url: ", m -> m.done = "http://[::1"),
        wrong("checking pieces: they take 0 of", m -> m.pieces = null),
        wrong("checking pieces: their commitment is", m -> m.commD = COMM_D),
        wrong("checking pieces: piece 0: baga", m -> m.pieces = ofZeros(m)),
        wrong("expected DataUnsealed to be set", m -> m.unsealed = null),
        wrong("validating seal proof: malformed", m -> m.proof = new byte[] {1}),
        wrong("seal proof invalid", m -> m.commR = COMM_R),
        wrong(
            "DataSealed: this node does not ask http://127.0.0.1:1/x: it",
            m -> m.sealed = new SectorLocation(false, "http://u:p@127.0.0.1:1/x?k=s", null)),
        wrong(
            "RemoteCommit1Endpoint: this node does not ask http://a/b: it",
            m -> m.commit1 = "http://a/b?key=" + SECRET));
  }

  private static final Cid COMM_D = Cid.ofUnsealed(commitment());
  private static final Cid COMM_R = Cid.ofSealed(commitment());

  private static Commitment commitment() {
    byte[] bytes = new byte[32];
    bytes[0] = 1;
    return new Commitment(bytes);
  }

  private static List<SectorPiece> withoutDeal(MetaDraft draft) {
    SectorPiece piece = Objects.requireNonNull(draft.pieces).getFirst();
    PieceDealInfo deal = Objects.requireNonNull(piece.dealInfo());
    PieceDealInfo none =
        new PieceDealInfo(null, 0, null, deal.dealSchedule(), null, deal.keepUnsealed());
    return List.of(new SectorPiece(piece.piece(), none));
  }

  private static List<SectorPiece> ofZeros(MetaDraft draft) {
    SectorPiece piece = Objects.requireNonNull(draft.pieces).getFirst();
    Cid zeros = Cid.ofUnsealed(new Commitment(new byte[32]));
    return List.of(new SectorPiece(new WirePiece(piece.piece().size(), zeros), null));
  }

  @Test
  void sector_ofWhichSomethingIsWrong_isRefusedAtTheDoor() throws Exception {
    try (SealedRepo.Running node = target("door").start()) {
      for (Wrong each : wrongs()) {
        MetaDraft draft = served("Proving", 0);
        draft.unsealed = HERE;
        each.change().accept(draft);
        assertThatThrownBy(() -> node.sectors().sectorReceive(draft.meta()))
            .hasMessageStartingWith(each.message());
      }
      assertThat(node.sectors().sectorsList()).isEmpty();
    }
  }

  @Test
  void filesThatAreNotTheSectors_areGivenUp_andOthersTriedAgain() throws Exception {
    try (SealedRepo.Running node = target("garbage").start()) {
      byte[] sealed = Files.readAllBytes(made.root.resolve("sealed/s-t01000-0"));
      String path = "/remote/sealed/s-t01000-0";
      AtomicInteger asked = new AtomicInteger();
      // A status, an answer that breaks off, and then the rest of the file.
      service.answer(
          path,
          (exchange, _) -> {
            switch (asked.getAndIncrement()) {
              case 0 -> SealingService.status(exchange, 500);
              case 1 -> {
                exchange.getResponseHeaders().add("Content-Type", "application/octet-stream");
                exchange.sendResponseHeaders(200, sealed.length);
                exchange.getResponseBody().write(sealed, 0, 1000);
                exchange.getResponseBody().flush();
              }
              default -> SealingService.file(exchange, sealed);
            }
          });
      String cache = "/remote/cache/s-t01000-0";
      byte[] archive = SealingService.archive(made.root.resolve("cache/s-t01000-0"));
      AtomicInteger archives = new AtomicInteger();
      service.answer(
          cache,
          (exchange, _) ->
              SealingService.bytes(
                  exchange,
                  archives.getAndIncrement() == 0
                      ? Arrays.copyOf(archive, 600)
                      : wrongRoots(archive),
                  "x-tar"));
      MetaDraft draft = served("Proving", 0);
      draft.unsealed = HERE;
      node.sectors().sectorReceive(draft.meta());
      SectorInfo info = node.until(0, now -> !now.lastErr().isEmpty());
      assertThat(info.lastErr()).contains("p_aux: holds roots whose hash is not CommR");
      assertThat(asked.get()).isEqualTo(3);
      assertThat(asked(path).getLast().range()).isEqualTo("bytes=1000-");
      assertThat(archives.get()).isEqualTo(2);
      // Told to try once more, with the right files: it goes on.
      service.serveSector(made.root, "s-t01000-0");
      node.client()
          .api(io.selkie.rpc.api.SectorControlApi.class)
          .sectorsUpdate(0, "ReceiveSector", true);
      node.untilProving(0);
    }
  }

  /** The archive with another root in its first file, p_aux. */
  private static byte[] wrongRoots(byte[] archive) {
    byte[] wrong = archive.clone();
    wrong[512] ^= 1;
    return wrong;
  }
}
