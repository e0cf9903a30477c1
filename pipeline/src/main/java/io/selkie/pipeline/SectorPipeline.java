package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.DealId;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.RegisteredSealProof.Kind;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ChainNode.MinerInfo;
import io.selkie.pipeline.Sealer.PieceSource;
import io.selkie.pipeline.SectorEvent.SectorAddPiece;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorMarkForUpdate;
import io.selkie.pipeline.SectorEvent.SectorRebuilt;
import io.selkie.pipeline.SectorEvent.SectorRemove;
import io.selkie.pipeline.SectorEvent.SectorRestart;
import io.selkie.pipeline.SectorEvent.SectorStart;
import io.selkie.pipeline.SectorEvent.SectorStartCC;
import io.selkie.pipeline.SectorEvent.SectorStartPacking;
import io.selkie.pipeline.SectorEvent.SectorTerminate;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A miner's sectors: everything that can be asked of them and told to them. One light thread per
 * sector at work, none for a sector that waits or rests; the journal is ahead of memory at every
 * instant.
 *
 * <p>Thread-safe. Create, {@link #start}, use, {@link #close}.
 */
public final class SectorPipeline implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SectorPipeline.class);

  /** When no sector could be opened for waiting pieces, this much later it is tried again. */
  private static final Duration OPEN_AGAIN = Duration.ofSeconds(5);

  private final PipelineParts parts;
  private final SectorMachines machines;
  private final SectorNumbers numbers;
  private final InputQueue input;
  private final MessageBatcher<BatchKinds.PreCommitItem> preCommits;
  private final MessageBatcher<BatchKinds.CommitItem> commits;
  private final MessageBatcher<ChainNode.SectorPlace> terminations;
  private final SectorImports imports;
  private final AtomicBoolean started = new AtomicBoolean();

  /** A pipeline at rest. */
  public SectorPipeline(PipelineParts given) {
    this.machines = new SectorMachines(given);
    this.parts = given.withJournal(machines.journal());
    this.input = new InputQueue(parts.threads());
    this.numbers = new SectorNumbers(parts.miner(), parts.journal(), parts.chain());
    MessageBatcher.Sectors batched = new BatchedSectors(machines);
    this.preCommits = new MessageBatcher<>(BatchKinds.preCommit(parts), parts, batched);
    this.commits = new MessageBatcher<>(BatchKinds.commit(parts), parts, batched);
    this.terminations = new MessageBatcher<>(BatchKinds.terminate(parts), parts, batched);
    ImportBook book = new ImportBook(parts.miner(), parts.journal());
    this.imports = new SectorImports(parts, machines, book, numbers);
    machines.use(new SealingServices(parts, book, input, preCommits, commits, terminations));
    input.use(new Opening());
  }

  /**
   * Takes every sector up where the journal left it: the handler of each state runs again.
   *
   * @throws IOException if the journal cannot be read
   */
  public void start() throws IOException {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("started already");
    }
    preCommits.restore();
    commits.restore();
    terminations.restore();
    imports.start();
    machines.start();
  }

  /** Numbers of all sectors, bytewise by decimal text. */
  public List<SectorNumber> list() throws IOException {
    return parts.journal().list(parts.miner());
  }

  /** Numbers of the sectors in these states, in the same order; unknown names match nothing. */
  public List<SectorNumber> listInStates(Set<String> states) throws IOException {
    Set<String> known =
        states.stream()
            .filter(name -> !name.isEmpty() && SectorState.ofWireName(name).isPresent())
            .collect(Collectors.toUnmodifiableSet());
    return known.isEmpty() ? List.of() : parts.journal().listInStates(parts.miner(), known);
  }

  /** How many sectors are in each state that occurs. */
  public SortedMap<String, Long> summary() throws IOException {
    return parts.journal().summary(parts.miner());
  }

  /** Where deals lie. */
  public SortedMap<DealId, List<DealRef>> refs() throws IOException {
    return parts.journal().refs(parts.miner());
  }

  /** What is known of a sector; empty for one that is not. */
  public Optional<SectorStatus> status(SectorNumber number) throws IOException {
    SectorId sector = id(number);
    Optional<SectorMachine> machine = machines.inMemory(sector);
    Optional<Told> told = parts.journal().told(sector);
    if (told.isEmpty()) {
      return Optional.empty();
    }
    Shown shown = shown(told.get().row(), told.get().log().size());
    return Optional.of(
        new SectorStatus(
            shown.record(),
            told.get().log(),
            machine.flatMap(SectorMachine::timer).or(shown::timer),
            machine.map(SectorMachine::isRunning).orElse(false)));
  }

  private record Shown(SectorRecord record, Optional<SectorJournal.Timer> timer) {}

  /**
   * The row's record and timer; if the record cannot be read, what its entries yield, with the
   * reason in it and no timer: nothing fires for such a sector.
   */
  private Shown shown(Snapshot row, long entries) throws IOException {
    try {
      SectorRecord record = RecordCodec.decode(row);
      if (row.sequence() < entries) {
        throw RecordCodec.staleRow(row, entries);
      }
      return new Shown(record, row.timer());
    } catch (UndecodableRecord e) {
      return new Shown(JournalReplay.standIn(parts.journal(), row, e), Optional.empty());
    }
  }

  /** The sectors whose records cannot be read; they stand still until they are repaired. */
  public List<JournalReplay.Finding.Undecodable> undecodable() throws IOException {
    return JournalReplay.undecodable(parts.journal(), parts.miner());
  }

  /** Why a sector is where it is, and what comes next; empty for one that is not. */
  public Optional<SectorExplanation> explain(SectorNumber number) throws IOException {
    Optional<SectorStatus> status = status(number);
    return status.isEmpty()
        ? Optional.empty()
        : Optional.of(SectorExplanation.of(status.get(), parts));
  }

  /**
   * Starts a sector without client data; its sealing goes on by itself.
   *
   * @throws PieceRefused {@code too many sectors sealing (…)}
   */
  public SectorId pledge() throws PieceRefused, ChainFault, IOException {
    SealingConfig config = parts.config().get();
    int limit = config.input().maxSealingSectors();
    if (limit > 0) {
      long sealing = count(config, Set.of("STAGING", "SEALING", "FAILED"));
      if (sealing >= limit) {
        throw new PieceRefused(
            "too many sectors sealing (curSealing: " + sealing + ", max: " + limit + ")");
      }
    }
    RegisteredSealProof proof;
    try {
      proof = proofForNewSectors();
    } catch (ChainFault e) {
      throw e.within("getting seal proof type");
    }
    try (SectorNumbers.Claim number = numbers.allocate()) {
      SectorId sector = number.sector();
      machines.create(SectorRecord.fresh(sector, proof), new SectorStartCC(sector.number(), proof));
      return sector;
    } catch (ChainFault e) {
      throw e.within("getting sector number");
    }
  }

  /**
   * Takes a piece of client data.
   *
   * @param data opened once per attempt, perhaps from another thread; must yield exactly {@code
   *     size} bytes
   * @return done when the piece is written, forced and recorded; failed with {@link PieceRefused}
   *     if it cannot be
   * @throws PieceRefused if it is refused outright, with the reference's text
   */
  public CompletableFuture<SectorOffset> addPiece(
      UnpaddedPieceSize size, PieceSource data, PieceDealInfo info)
      throws PieceRefused, ChainFault {
    return addPiece(size.bytes(), data, info);
  }

  /** As {@link #addPiece(UnpaddedPieceSize, PieceSource, PieceDealInfo)}, of an unchecked size. */
  public CompletableFuture<SectorOffset> addPiece(
      long unpaddedBytes, PieceSource data, PieceDealInfo info) throws PieceRefused, ChainFault {
    if (!UnpaddedPieceSize.isValid(unpaddedBytes)) {
      throw new PieceRefused("cannot allocate unpadded piece");
    }
    SectorSize sectorSize = parts.chain().minerInfo(parts.miner()).sectorSize();
    if (unpaddedBytes > sectorSize.unpadded().bytes()) {
      throw new PieceRefused("piece cannot fit into a sector");
    }
    ChainEpoch head;
    try {
      head = parts.chain().head().height();
    } catch (ChainFault e) {
      throw e.within("couldn't get chain head");
    }
    Optional<String> objection =
        InputRules.objection(info, head, parts.config().get().input().startEpochSealingBuffer());
    if (objection.isPresent()) {
      throw new PieceRefused(objection.get());
    }
    return input.add(new InputQueue.Pending(new UnpaddedPieceSize(unpaddedBytes), data, info));
  }

  /** Takes back a piece whose caller has gone, unless a sector is writing it already. */
  public boolean withdraw(PieceDealInfo piece) {
    return input.withdraw(piece);
  }

  /** Assigns waiting pieces to open sectors now. */
  public void matchPieces() {
    input.match();
  }

  /** How many pieces wait for a sector. */
  public int waitingPieces() {
    return input.waitingCount();
  }

  /**
   * Packs a sector without waiting for more pieces; ignored where there is nothing to pack.
   *
   * @throws NoSuchSector with the reference's text for an unknown number
   */
  public void startPacking(SectorNumber number) throws NoSuchSector {
    tell(number, new SectorStartPacking());
  }

  /**
   * Forces a state, whatever the sector does at the moment: its work is interrupted. Any name is
   * taken, as in the reference; a sector in a state nobody knows rests.
   */
  public void forceState(SectorNumber number, String state) throws NoSuchSector {
    tell(number, new SectorForceState(state));
  }

  /**
   * As {@link #forceState(SectorNumber, String)}, with a look at what the state needs first.
   *
   * @throws SectorRefused if there is no such state, or it makes no sense for this sector
   * @throws ChainFault if only the chain knows whether it does, and does not answer
   */
  public void forceState(SectorNumber number, String state, Forcing forcing)
      throws NoSuchSector, SectorRefused, ChainFault {
    ForceRules.check(known(number), state, forcing, parts.chain());
    tell(number, new SectorForceState(state));
  }

  /** What forcing a state would meet, and taking it back. */
  public ForcedStates forcedStates() {
    return new ForcedStates(parts, machines);
  }

  /** Taking in sectors that were sealed elsewhere. */
  public SectorImports imports() {
    return imports;
  }

  /** Runs the handler of a sector's state once more, as a restart of the process does. */
  public void restart(SectorNumber number) throws NoSuchSector {
    tell(number, new SectorRestart());
  }

  /** Removes a sector that is not alive on chain, as {@link #remove(SectorNumber, Optional)}. */
  public void remove(SectorNumber number) throws NoSuchSector, SectorRefused, ChainFault {
    remove(number, Optional.empty());
  }

  /**
   * Deletes a sector's files, without a word to the chain.
   *
   * @param secondKey the sector's own number, without which nothing is deleted that the chain
   *     believes alive; kept in the record until the removal is done
   * @throws SectorRefused if it is alive and there is no key, or the key is another number
   * @throws ChainFault if the chain does not say whether it is alive; nothing changed
   */
  public void remove(SectorNumber number, Optional<SectorNumber> secondKey)
      throws NoSuchSector, SectorRefused, ChainFault {
    SectorRecord sector = known(number);
    if (secondKey.isPresent()) {
      if (!secondKey.get().equals(number)) {
        throw new SectorRefused(
            "the second key is " + secondKey.get() + ", the sector is " + number);
      }
    } else {
      Optional<String> alive = Liveness.of(sector, parts.chain());
      if (alive.isPresent()) {
        throw new SectorRefused(RemovalStates.refusal(sector, alive.get()));
      }
    }
    tell(number, new SectorRemove(secondKey));
  }

  /**
   * Sets a sector's record to one that recovery made, whatever it does or is recorded as.
   *
   * @throws IOException if it cannot be recorded, or somebody else makes the record at this moment
   */
  public void rebuild(SectorRecord rebuilt, String why) throws IOException {
    SectorId sector = rebuilt.sector();
    try (SectorNumbers.Claim claim = numbers.claim(sector).orElse(null)) {
      if (claim == null) {
        throw new IOException("sector " + sector + " is being made at this moment: look again");
      }
      try {
        if (machines.submit(sector, new SectorRebuilt(why, rebuilt)).isPresent()) {
          return;
        }
      } catch (UndecodableSector undecodable) {
        LOG.warn("{}; it is replaced", undecodable.getMessage());
      }
      new JournalRepair(parts.journal()).rebuild(rebuilt, why, parts.clock().instant());
      machines.find(sector).ifPresent(SectorMachine::wake);
    }
  }

  /** Ends a sector early. */
  public void terminate(SectorNumber number) throws NoSuchSector {
    tell(number, new SectorTerminate());
  }

  /** Marks a proven sector for an upgrade, or gives an upgrade up. */
  public void markForUpgrade(SectorNumber number, boolean mark) throws NoSuchSector {
    tell(
        number,
        mark
            ? new SectorMarkForUpdate()
            : new SectorEvent.SectorAbortUpgrade("aborted by the operator"));
  }

  /** The sector numbers and their reservations. */
  public SectorNumbers numbers() {
    return numbers;
  }

  /** Sends the pre-commits that wait, now. */
  public List<BatchResult> preCommitFlush() {
    return results(preCommits.flush());
  }

  /** The sectors whose pre-commit waits to be sent. */
  public List<SectorId> preCommitPending() {
    return preCommits.pending();
  }

  /** Sends the proofs that wait, now. */
  public List<BatchResult> commitFlush() {
    return results(commits.flush());
  }

  /** The sectors whose proof waits to be sent. */
  public List<SectorId> commitPending() {
    return commits.pending();
  }

  /** Sends the terminations that wait, now. */
  public List<BatchResult> terminateFlush() {
    return results(terminations.flush());
  }

  /** The sectors whose termination waits to be sent. */
  public List<SectorId> terminatePending() {
    return terminations.pending();
  }

  @Override
  public void close() {
    machines.close();
  }

  private static List<BatchResult> results(List<MessageBatcher.Sent> sent) {
    return sent.stream().map(s -> new BatchResult(s.sectors(), s.message(), s.error())).toList();
  }

  private void tell(SectorNumber number, SectorEvent event) throws NoSuchSector {
    known(number);
    machines.submit(id(number), event);
  }

  /** The sector, if there is one that events can still do something to. */
  private SectorRecord known(SectorNumber number) throws NoSuchSector {
    Optional<SectorMachine> machine = machines.find(id(number));
    if (machine.isEmpty()) {
      throw NoSuchSector.unknown(number);
    }
    SectorRecord record = machine.get().record();
    if (record.state().equals(SectorState.Removed.wireName())) {
      throw NoSuchSector.removed();
    }
    return record;
  }

  private SectorId id(SectorNumber number) {
    return new SectorId(parts.miner(), number);
  }

  /** What a sector started now is sealed under. */
  public RegisteredSealProof proofForNewSectors() throws ChainFault {
    MinerInfo info = parts.chain().minerInfo(parts.miner());
    boolean synthetic =
        parts.config().get().sectors().useSyntheticPoRep()
            && SealingLimits.hasSynthetic(parts.chain().timing().networkVersion());
    return RegisteredSealProof.of(info.sectorSize(), synthetic ? Kind.SYNTHETIC : Kind.V1_1);
  }

  private long count(SealingConfig config, Set<String> buckets) throws IOException {
    long sum = 0;
    for (Map.Entry<String, Long> entry : summary().entrySet()) {
      boolean counts =
          SectorState.ofWireName(entry.getKey())
              .map(state -> state.bucket(config.sectors().finalizeEarly()).name())
              .map(buckets::contains)
              .orElse(false);
      sum += counts ? entry.getValue() : 0;
    }
    return sum;
  }

  /** Opens sectors for pieces, within the limits. */
  private final class Opening implements InputQueue.Opener {
    @Override
    public boolean isIn(SectorId sector, long moves) {
      return machines.isIn(sector, moves);
    }

    @Override
    public void pieceAssigned(SectorId sector) {
      machines.submit(sector, new SectorAddPiece());
    }

    @Override
    public void sectorWanted() {
      SealingConfig config = parts.config().get();
      try {
        long staging = count(config, Set.of("STAGING"));
        long sealing = count(config, Set.of("STAGING", "SEALING", "FAILED"));
        SealingConfig.Input limits = config.input();
        boolean full =
            !limits.makeNewSectorForDeals()
                || (limits.maxWaitDealsSectors() > 0 && staging >= limits.maxWaitDealsSectors())
                || (limits.maxSealingSectorsForDeals() > 0
                    && sealing >= limits.maxSealingSectorsForDeals());
        if (full) {
          input.notCreated();
          return;
        }
        RegisteredSealProof proof = proofForNewSectors();
        try (SectorNumbers.Claim number = numbers.allocate()) {
          SectorId sector = number.sector();
          input.created(sector);
          machines.create(
              SectorRecord.fresh(sector, proof), new SectorStart(sector.number(), proof));
        }
      } catch (ChainFault | IOException e) {
        LOG.warn("no sector could be opened for waiting pieces", e);
        input.notCreated();
        parts.clock().at(parts.clock().instant().plus(OPEN_AGAIN), input::matchSoon);
      }
    }
  }

  /** Whose sectors these are. */
  public ActorId miner() {
    return parts.miner();
  }
}
