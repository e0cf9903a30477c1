package io.selkie.node.proving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.PeriodOnChain;
import io.selkie.chain.ProvenSector;
import io.selkie.node.CommandRun;
import io.selkie.node.KnownSector;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.proofs.post.PostSector;
import io.selkie.proofs.post.PostVerifier;
import io.selkie.proofs.seal.Verdict;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ExtendedSectorInfo;
import io.selkie.rpc.api.PostPartition;
import io.selkie.rpc.api.PostProof;
import io.selkie.rpc.api.WindowPost;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.ReplicaProofs;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.testkit.FakeChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The proofs of a deadline, of sectors that were sealed for it, on a chain that is told. */
final class WindowPostRunTest {

  private static final ActorId MINER = new ActorId(424242);
  private static final long HEIGHT = 5000;
  private static final RegisteredPoStProof TYPE = RegisteredPoStProof.WINDOW_2KIB_V1_1;

  /** Deadline 10 is open since 4980, challenged at 4960. */
  private static final PeriodOnChain PERIOD =
      new PeriodOnChain(HEIGHT, Instant.EPOCH, 4380, 2880, 48, 10, 4980, 5040, 4960, 4910);

  @TempDir private static Path home;

  private static final List<Commitment> SEALED = new ArrayList<>();

  private final FakeChain chain = new FakeChain(MINER, SectorSize.KIB_2, HEIGHT);
  private final List<ProvenSector> onChain = new ArrayList<>();
  private final SectorLocks locks = new SectorLocks();
  private @Nullable SectorProver prover;

  /** Sectors 0 to 2, which differ by their tickets. */
  @BeforeAll
  static void seal() throws IOException {
    KnownSector known = new KnownSector(home);
    LocalPaths.init(home.resolve("path"), SectorStoreMeta.of(new UUID(1, 1), true, true));
    for (int i = 0; i < 3; i++) {
      Path out = home.resolve("sealed-" + i);
      String ticket = "0" + i + KnownSector.text("ticket").substring(2);
      CommandRun run = known.seal(out, ticket, KnownSector.text("seed"), known.pieceFiles());
      assertThat(run.status()).as(run.err()).isZero();
      String commR = JsonMapper.shared().readTree(run.out()).get("comm_r").asString();
      SEALED.add(Commitment.ofHex(commR));
      Path kind = Files.createDirectories(home.resolve("path/sealed"));
      Files.move(out.resolve("sealed"), kind.resolve("s-t0424242-" + i));
      Path cache = Files.createDirectories(home.resolve("path/cache"));
      Files.move(out.resolve("cache"), cache.resolve("s-t0424242-" + i));
    }
  }

  @BeforeEach
  void open() throws IOException {
    SectorIndex index = new SectorIndex(InstantSource.system());
    LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of("http://x/remote"));
    paths.open(home.resolve("path"));
    prover =
        new SectorProver(
            new ReplicaProofs(paths, index, locks), new TimedWork(2, Duration.ofMinutes(1)));
  }

  private SectorProver prover() {
    return Objects.requireNonNull(prover);
  }

  private WindowPostRun run() {
    return new WindowPostRun(
        MINER,
        chain,
        new ProvingChain() {
          @Override
          public PeriodOnChain period() {
            return PERIOD;
          }

          @Override
          public List<ProvenSector> sectorsOf(int deadline) {
            return onChain.stream().filter(each -> each.place().deadline() == deadline).toList();
          }
        },
        prover());
  }

  private void onChain(long number, Commitment commR, long deadline, long partition, boolean live) {
    ChainEpoch end = new ChainEpoch(1_000_000);
    onChain.add(
        new ProvenSector(
            new SectorOnChain(
                new SectorNumber(number),
                RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
                Cid.ofSealed(commR),
                ChainEpoch.ZERO,
                end,
                TokenAmount.ZERO,
                TokenAmount.ZERO,
                TokenAmount.ZERO),
            new SectorPlace(deadline, partition),
            new SectorExpiration(end, ChainEpoch.ZERO),
            live,
            ProvenSector.Fault.NONE,
            end,
            end));
  }

  private static PostSector sector(int number) {
    return new PostSector(new SectorNumber(number), SEALED.get(number));
  }

  private Verdict verdict(WindowPost post, long challengeEpoch, PostSector... sectors)
      throws ChainFault {
    Randomness randomness =
        chain.beaconRandomness(
            RandomnessTag.WINDOW_POST_CHALLENGE,
            new ChainEpoch(challengeEpoch),
            new DagCborWriter().address(Address.ofId(MINER)).toByteArray());
    PostProof proof = post.proofs().getFirst();
    assertThat(proof.postProof()).isEqualTo(TYPE.number());
    return PostVerifier.verify(
        TYPE, randomness, List.of(sectors), Objects.requireNonNull(proof.proofBytes()));
  }

  @Test
  void compute_ofTheOpenDeadline_provesEveryLiveSector() throws Exception {
    onChain(0, SEALED.get(0), 10, 0, true);
    onChain(1, SEALED.get(1), 10, 0, true);
    onChain(2, SEALED.get(2), 10, 1, true);
    onChain(7, SEALED.get(2), 10, 1, false);
    List<WindowPost> posts = run().compute(10, null);
    assertThat(posts).hasSize(1);
    WindowPost post = posts.getFirst();
    assertThat(post.deadline()).isEqualTo(10);
    assertThat(post.partitions())
        .containsExactly(
            new PostPartition(0, BitField.EMPTY), new PostPartition(1, BitField.EMPTY));
    assertThat(post.proofs()).hasSize(1);
    assertThat(post.chainCommitEpoch()).isZero();
    assertThat(post.chainCommitRand()).isNull();
    assertThat(verdict(post, 4960, sector(0), sector(1), sector(2))).isEqualTo(new Verdict.Valid());
    assertThat(verdict(post, 4959, sector(0), sector(1), sector(2)))
        .isInstanceOf(Verdict.Invalid.class);
  }

  /** The last window of a deadline before the open one is of this period, of one after it not. */
  @Test
  void compute_ofAnotherDeadline_isAsOfItsLastWindow() throws Exception {
    onChain(0, SEALED.get(0), 8, 0, true);
    onChain(1, SEALED.get(1), 11, 0, true);
    assertThat(verdict(run().compute(8, List.of()).getFirst(), 4960 - 2 * 60, sector(0)))
        .isEqualTo(new Verdict.Valid());
    assertThat(verdict(run().compute(11, null).getFirst(), 4960 - 47 * 60, sector(1)))
        .isEqualTo(new Verdict.Valid());
    assertThat(run().compute(47, null)).isEmpty();
  }

  @Test
  void compute_withWhatCannotBeProven_skipsIt() throws Exception {
    onChain(0, SEALED.get(0), 10, 0, true);
    onChain(1, SEALED.get(0), 10, 0, true);
    onChain(8, SEALED.get(0), 10, 1, true);
    WindowPost post = run().compute(10, null).getFirst();
    assertThat(post.partitions()).containsExactly(new PostPartition(0, BitField.of(1)));
    assertThat(verdict(post, 4960, sector(0))).isEqualTo(new Verdict.Valid());
    try (SectorLocks.Held _ =
        locks.lock(SectorId.of(MINER.value(), 0), Set.of(), EnumSet.of(SectorFileType.CACHE))) {
      assertThat(run().compute(10, null)).isEmpty();
    }
  }

  @Test
  void compute_ofManyPartitions_makesAMessageOfThreeEach() throws Exception {
    for (int partition = 0; partition < 5; partition++) {
      onChain(partition % 3, SEALED.get(partition % 3), 10, partition, true);
    }
    List<WindowPost> posts = run().compute(10, chain.head().cids());
    assertThat(posts).hasSize(2);
    assertThat(posts.getFirst().partitions().stream().map(PostPartition::index))
        .containsExactly(0L, 1L, 2L);
    assertThat(posts.getLast().partitions().stream().map(PostPartition::index))
        .containsExactly(3L, 4L);
    assertThat(verdict(posts.getLast(), 4960, sector(0), sector(1))).isEqualTo(new Verdict.Valid());
  }

  @Test
  void compute_ofWhatIsNotThere_saysWhat() throws Exception {
    assertThatThrownBy(() -> run().compute(48, null))
        .isInstanceOf(RpcFault.class)
        .hasMessage("getting partitions: failed to load the deadline: invalid deadline 48");
    assertThatThrownBy(() -> run().compute(-1, null))
        .hasMessageEndingWith("invalid deadline 18446744073709551615");
    Cid other = Cid.ofDagCbor(new byte[] {1});
    assertThatThrownBy(() -> run().compute(1, List.of(other)))
        .hasMessage("loading tipset [" + other + "]: the chain keeps the state of its head only");
    chain.setOffline(true);
    assertThatThrownBy(() -> run().compute(1, null))
        .isInstanceOf(RpcFault.class)
        .hasMessageStartingWith("failed to get chain randomness from beacon for window post");
  }

  @Test
  void compute_ofMoreThanAnAnswerHolds_isRefused() {
    Commitment commR = SEALED.get(0);
    int count = (int) (WindowPostRun.MOST_PROOF_BYTES / 5680) + 1;
    for (int i = 0; i < count; i++) {
      onChain(i, commR, 10, i / 2, true);
    }
    assertThatThrownBy(() -> run().compute(10, null))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("take " + count * 5680L + " bytes, the limit is 134217728");
  }

  // ------------------------------------------------------------------ winning proofs

  private static ExtendedSectorInfo drawn(long sealProof, long number) {
    return new ExtendedSectorInfo(sealProof, number, null, Cid.ofSealed(SEALED.get(0)));
  }

  private String refusal(List<ExtendedSectorInfo> sectors, byte @Nullable [] randomness)
      throws InterruptedException {
    try {
      new WinningPost(MINER, prover()).compute(sectors, randomness);
      throw new AssertionError("not refused");
    } catch (RpcFault refused) {
      return refused.text();
    }
  }

  @Test
  void winning_ofASector_isItsProof() throws Exception {
    byte[] randomness = new byte[32];
    randomness[31] = (byte) 0xff;
    List<PostProof> proofs =
        new WinningPost(MINER, prover()).compute(List.of(drawn(5, 0)), randomness);
    assertThat(proofs).hasSize(1);
    assertThat(proofs.getFirst().postProof()).isZero();
    assertThat(
            PostVerifier.verify(
                RegisteredPoStProof.WINNING_2KIB_V1,
                new Randomness(randomness),
                List.of(sector(0)),
                Objects.requireNonNull(proofs.getFirst().proofBytes())))
        .isEqualTo(new Verdict.Valid());
  }

  @Test
  void winning_ofNonsense_saysWhat() throws Exception {
    byte[] zeros = new byte[32];
    assertThat(refusal(List.of(), zeros)).isEqualTo("must provide sectors for winning post");
    assertThat(refusal(List.of(drawn(5, 0)), null)).isEqualTo("randomness of 0 bytes, expected 32");
    assertThat(refusal(List.of(drawn(99, 0)), zeros))
        .isEqualTo("failed to convert to winning post proof: unsupported proof type: 99");
    assertThat(refusal(List.of(drawn(5, 0), drawn(5, 0)), zeros))
        .isEqualTo("invalid amount of replicas: 2, expected 1");
    assertThat(refusal(List.of(drawn(5, 9)), zeros))
        .startsWith("pubSectorToPriv skipped sectors: [{424242 9}]: generating vanilla proof: no");
    assertThat(refusal(List.of(new ExtendedSectorInfo(5, 0, null, null)), zeros))
        .isEqualTo("SealedCID null of sector 0 is no commitment");
    assertThat(
            refusal(
                List.of(
                    new ExtendedSectorInfo(
                        5, 0, Cid.ofSealed(SEALED.get(0)), Cid.ofSealed(SEALED.get(0)))),
                zeros))
        .contains("no update file");
  }

  // ------------------------------------------------------------------ limits

  @Test
  void prover_withoutAPlaceInTime_saysSo() throws Exception {
    TimedWork none = new TimedWork(0, Duration.ofMinutes(1));
    assertThatThrownBy(() -> none.run("work", Duration.ZERO, () -> Optional.empty()))
        .isInstanceOf(TimedWork.Late.class)
        .hasMessage("others are in the way for too long");
    TimedWork brief = new TimedWork(1, Duration.ofMillis(1));
    assertThatThrownBy(() ->
            brief.run(
                "work",
                Duration.ZERO,
                () -> {
                  Thread.sleep(Duration.ofMinutes(1));
                  return 1;
                }))
        .isInstanceOf(TimedWork.Late.class)
        .hasMessage("it takes too long");
    // Whatever becomes of it, it gives its place back.
    TimedWork next = new TimedWork(1, Duration.ofSeconds(30));
    assertThat(next.run("work", Duration.ZERO, () -> 1)).isEqualTo(1);
    assertThatThrownBy(() ->
            next.run(
                "work",
                Duration.ofSeconds(30),
                () -> {
                  throw new IOException("read");
                }))
        .hasCauseInstanceOf(IOException.class);
    assertThat(next.run("work", Duration.ofSeconds(30), () -> 2)).isEqualTo(2);
  }
}
