package io.selkie.testkit.simulation;

import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.pipeline.Forcing;
import io.selkie.pipeline.NoSuchSector;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.PieceDealInfo.DealProposal;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.PieceRefused;
import io.selkie.pipeline.RetryPolicy;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRefused;
import io.selkie.pipeline.SectorState;
import io.selkie.testkit.FakeSealer;
import io.selkie.testkit.simulation.Faults.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** What clients and operators do: all that they may do, at the worst moment. */
final class Workload {

  /** No more unfinished sectors than this, or nothing gets anywhere. */
  private static final int MANY_SECTORS = 12;

  private static final long[] SIZES = {127, 254, 508, 508, 1016, 2032};

  /** States that end in a removal. */
  private static final Set<SectorState> ENDING =
      Collections.unmodifiableSet(
          EnumSet.of(
              SectorState.Removing,
              SectorState.RemoveFailed,
              SectorState.Terminating,
              SectorState.TerminateWait,
              SectorState.TerminateFinality,
              SectorState.TerminateFailed));

  private static final long FIRST_END = 1_600_000;

  /** A piece that a client wants to see in a sector. */
  private static final class Asked {
    private final byte[] data;
    private final PieceDealInfo info;
    private boolean offered;
    private boolean answered;

    Asked(byte[] data, PieceDealInfo info) {
      this.data = data;
      this.info = info;
    }
  }

  private interface Act {
    void run() throws NoSuchSector, SectorRefused, PieceRefused, ChainFault, IOException;
  }

  private final World world;
  private final RandomGenerator random;
  private final List<Asked> pieces = new ArrayList<>();
  private SealingConfig config;
  private long accepted;
  private long deals;

  Workload(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
    this.config = anyConfig();
  }

  SealingConfig config() {
    return config;
  }

  long accepted() {
    return accepted;
  }

  /** Whether nobody waits for an answer that should have come. */
  boolean isAnswered() {
    return pieces.stream().allMatch(piece -> piece.answered || !piece.offered);
  }

  private SealingConfig anyConfig() {
    SealingConfig base = SealingConfig.defaults();
    SealingConfig.Sectors sectors = base.sectors();
    return base.withInput(
            new SealingConfig.Input(
                1 + random.nextInt(4), 0, 0, true, Duration.ofSeconds(10 + random.nextInt(90)), 50))
        .withSectors(
            new SealingConfig.Sectors(
                sectors.committedCapacityLifetime(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                false))
        .withBatches(batch(), batch())
        .withRetry(
            new SealingConfig.Retry(
                new RetryPolicy(Duration.ofSeconds(2), Duration.ofMinutes(1), 0.5, 1_000_000),
                new RetryPolicy(Duration.ofSeconds(10), Duration.ofMinutes(2), 0.2, 4),
                new RetryPolicy(
                    Duration.ofSeconds(2), Duration.ofMinutes(1), 0.5, 2 + random.nextInt(8))));
  }

  private SealingConfig.Batch batch() {
    return new SealingConfig.Batch(
        1 + random.nextInt(6), Duration.ofSeconds(random.nextInt(60)), Duration.ZERO);
  }

  /** A new life has begun: whoever had no answer asks again. */
  void began(Life life) {
    for (Asked piece : List.copyOf(pieces)) {
      piece.offered = false;
      if (piece.answered) {
        pieces.remove(piece);
      } else if (random.nextInt(4) > 0) {
        attempt(() -> offer(piece, life));
      }
    }
  }

  /** Two sectors without data, and two pieces. */
  void begin() {
    for (int i = 0; i < 2; i++) {
      attempt(() -> world.pipeline().pledge());
      Asked piece = direct();
      pieces.add(piece);
      attempt(() -> offer(piece, world.life()));
    }
  }

  /** One act of somebody. */
  void act() {
    int what = random.nextInt(100);
    if (what < 20) {
      if (unfinished() < MANY_SECTORS) {
        attempt(() -> world.pipeline().pledge());
      }
    } else if (what < 50) {
      if (unfinished() < MANY_SECTORS) {
        Asked piece = random.nextInt(3) == 0 ? deal() : direct();
        pieces.add(piece);
        attempt(() -> offer(piece, world.life()));
      }
    } else if (what < 78) {
      sector().ifPresent(this::command);
    } else if (what < 84) {
      attempt(() -> world.pipeline().preCommitFlush());
    } else if (what < 90) {
      attempt(() -> world.pipeline().commitFlush());
    } else if (what < 94) {
      config = anyConfig();
    } else {
      attempt(this::numbers);
    }
  }

  /** What may fail fails as it may, and not otherwise. */
  private void attempt(Act act) {
    try {
      act.run();
    } catch (NoSuchSector
        | SectorRefused
        | PieceRefused
        | ChainFault
        | IOException
        | UncheckedIOException e) {
      // The operator reads why and goes home.
      return;
    }
  }

  private long unfinished() {
    return world.books().sectors().values().stream()
        .filter(
            s -> SectorState.ofWireName(s.state()).map(state -> !state.isResting()).orElse(false))
        .count();
  }

  private Optional<SectorId> sector() {
    List<SectorId> all = List.copyOf(world.books().sectors().keySet());
    if (all.isEmpty()) {
      return Optional.empty();
    }
    // Mostly the younger ones: the old ones have nothing to do.
    int last = Math.min(all.size(), 10);
    return Optional.of(all.get(all.size() - 1 - random.nextInt(last)));
  }

  private void command(SectorId sector) {
    switch (random.nextInt(9)) {
      case 0 -> attempt(() -> remove(sector));
      case 5 -> {
        // It ends with the removal of what is left of it.
        world.books().asksRemoval(sector, false);
        attempt(() -> world.pipeline().terminate(sector.number()));
      }
      case 1, 2 -> attempt(() -> world.pipeline().startPacking(sector.number()));
      case 3 -> attempt(() -> world.pipeline().matchPieces());
      case 4 -> attempt(() -> world.pipeline().restart(sector.number()));
      default -> attempt(() -> force(sector));
    }
  }

  private void remove(SectorId sector) throws NoSuchSector, SectorRefused, ChainFault {
    boolean withKey = random.nextInt(3) == 0;
    world.books().asksRemoval(sector, withKey);
    world
        .pipeline()
        .remove(sector.number(), withKey ? Optional.of(sector.number()) : Optional.empty());
  }

  /** Any state there is, half the time the one it is in: the pipeline says whether it may be. */
  private void force(SectorId sector) throws NoSuchSector, SectorRefused, ChainFault {
    SectorState[] all = SectorState.values();
    Optional<SectorState> now =
        world
            .books()
            .durable(sector)
            .flatMap(SectorRecord::knownState)
            .filter(_ -> random.nextInt(4) == 0);
    SectorState state = now.orElse(all[random.nextInt(all.length)]);
    if (ENDING.contains(state)) {
      world.books().asksRemoval(sector, false);
    }
    world.pipeline().forceState(sector.number(), state.wireName(), Forcing.CHECKED);
  }

  private void numbers() throws IOException, ChainFault {
    long from = (long) world.books().sectors().size() + random.nextInt(20);
    switch (random.nextInt(4)) {
      case 0 -> reserve(BitField.ofRange(from, from + 1 + random.nextInt(3)));
      case 1 -> {
        if (world.pipeline().numbers().reservations().containsKey("mine")) {
          world.pipeline().numbers().free("mine");
        }
      }
      case 2 -> {
        if (!world.pipeline().numbers().reservations().containsKey("more")) {
          world.pipeline().numbers().reserveCount("more", 1 + random.nextInt(4));
        }
      }
      default -> {
        SectorNumber foreign = new SectorNumber(from + 3);
        if (!world.books().isUsed(foreign)) {
          world.chain().useElsewhere(foreign);
        }
      }
    }
  }

  private void reserve(BitField numbers) throws IOException {
    try {
      world.pipeline().numbers().reserve("mine", numbers, false);
    } catch (IllegalArgumentException e) {
      if (!String.valueOf(e.getMessage()).contains("reservation")) {
        throw e;
      }
    }
  }

  private void offer(Asked piece, Life life) throws PieceRefused, ChainFault {
    CompletableFuture<SectorOffset> answer =
        world
            .pipeline()
            .addPiece(new UnpaddedPieceSize(piece.data.length), () -> open(piece), piece.info);
    piece.offered = true;
    CompletableFuture<SectorOffset> _ =
        answer.whenComplete((place, refusal) -> {
          if (life.isOver()) {
            return;
          }
          if (refusal == null && !piece.answered) {
            accepted++;
            world
                .books()
                .accepted(new SectorId(World.MINER, place.sector()), piece.info.identity(), place);
          }
          piece.answered = true;
        });
  }

  private InputStream open(Asked piece) throws IOException {
    if (world.faults().strikes(Kind.SOURCE_FAILS)) {
      if (random.nextBoolean()) {
        throw new IOException("the client has gone");
      }
      byte[] wrong = piece.data.clone();
      wrong[random.nextInt(wrong.length)] ^= 1;
      return new ByteArrayInputStream(wrong);
    }
    return new ByteArrayInputStream(piece.data);
  }

  private byte[] data() {
    byte[] data = new byte[(int) SIZES[random.nextInt(SIZES.length)]];
    ByteBuffer.wrap(data).putLong(random.nextLong()).putLong(++deals);
    return data;
  }

  private DealSchedule schedule() {
    long start = world.chain().height() + 60 + random.nextInt(3000);
    return new DealSchedule(
        new ChainEpoch(start), new ChainEpoch(FIRST_END + random.nextInt(1000)));
  }

  private Asked direct() {
    byte[] data = data();
    return new Asked(
        data,
        PieceDealInfo.direct(
            new PieceActivationManifest(
                Cid.ofUnsealed(FakeSealer.commitmentOf(data)),
                new UnpaddedPieceSize(data.length).padded(),
                Optional.empty(),
                Optional.empty()),
            schedule(),
            random.nextBoolean()));
  }

  private Asked deal() {
    byte[] data = data();
    PieceInfo piece =
        new PieceInfo(new UnpaddedPieceSize(data.length).padded(), FakeSealer.commitmentOf(data));
    DealId id = new DealId(++deals);
    DealSchedule schedule = schedule();
    DealOnChain deal =
        new DealOnChain(
            id,
            new io.selkie.abi.ActorId(101),
            World.MINER,
            piece,
            false,
            "",
            schedule.startEpoch(),
            schedule.endEpoch(),
            TokenAmount.ZERO,
            TokenAmount.ZERO,
            TokenAmount.ZERO,
            Optional.empty());
    if (random.nextInt(20) > 0) {
      world.chain().publish(deal);
    }
    return new Asked(
        data,
        new PieceDealInfo(
            Optional.of(Cid.ofUnsealed(piece.commP())),
            id,
            Optional.of(
                new DealProposal(
                    Cid.ofUnsealed(piece.commP()),
                    piece.size(),
                    false,
                    "t0101",
                    "t01000",
                    "",
                    schedule.startEpoch(),
                    schedule.endEpoch(),
                    TokenAmount.ZERO,
                    TokenAmount.ZERO,
                    TokenAmount.ZERO)),
            schedule,
            Optional.empty(),
            random.nextBoolean()));
  }
}
