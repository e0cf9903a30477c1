package io.selkie.node.workers;

import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static io.selkie.storage.SectorFileType.UNSEALED;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.RemovalPermit;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.proofs.seal.SealContext;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.client.ZeroStream;
import io.selkie.storage.PathType;
import io.selkie.storage.PreCommit1Json;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorTransfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Sealer} that gives work to workers where there are any for it, and has the rest done
 * here. What a worker returns is looked at before it is used ({@link Answers}). Finished sectors
 * always come to this machine's paths. Thread-safe.
 */
final class DispatchingSealer implements Sealer {

  private static final Set<SectorFileType> NONE = Set.of();
  private static final Set<SectorFileType> REPLICA = EnumSet.of(SEALED, CACHE);
  private static final Set<SectorFileType> SECTOR = EnumSet.of(UNSEALED, SEALED, CACHE);

  private final Sealer local;
  private final Dispatch dispatch;
  private final TaskFiles files;
  private final SectorTransfer transfer;
  private final SectorLocks locks;
  private final Places places;
  private final SealContext checking;
  private final RandomGenerator random;

  /** Each piece is work of its own, be it like the one before. */
  private final AtomicLong pieces = new AtomicLong();

  /**
   * @param local does what is done here
   * @param checking hashes data that came
   * @param random what nobody foresees: draws what results are held to
   */
  DispatchingSealer(
      Sealer local,
      Dispatch dispatch,
      TaskFiles files,
      SectorTransfer transfer,
      SectorLocks locks,
      Places places,
      SealContext checking,
      RandomGenerator random) {
    this.random = random;
    this.local = local;
    this.dispatch = dispatch;
    this.files = files;
    this.transfer = transfer;
    this.locks = locks;
    this.places = places;
    this.checking = checking;
  }

  private static Work work(TaskType type, SectorRef sector, Object... params) {
    List<String> texts = new ArrayList<>();
    for (Object param : params) {
      texts.add(
          "\"" + (param instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : param) + "\"");
    }
    return Work.of(type, sector, texts);
  }

  @Override
  public PieceInfo addPiece(
      SectorRef sector,
      long offsetPaddedBytes,
      UnpaddedPieceSize size,
      PieceSource data,
      Progress progress)
      throws SealFault {
    return add(
        sector,
        offsetPaddedBytes,
        size,
        data,
        piece -> {},
        () -> local.addPiece(sector, offsetPaddedBytes, size, data, progress));
  }

  @Override
  public PieceInfo addZeros(
      SectorRef sector, long offsetPaddedBytes, UnpaddedPieceSize size, Progress progress)
      throws SealFault {
    return add(
        sector,
        offsetPaddedBytes,
        size,
        () -> new ZeroStream(size.bytes()),
        piece -> Answers.requireZeros(piece),
        () -> local.addZeros(sector, offsetPaddedBytes, size, progress));
  }

  private PieceInfo add(
      SectorRef sector,
      long offset,
      UnpaddedPieceSize size,
      PieceSource data,
      Answers.Look<PieceInfo> look,
      RemoteTask.Here<PieceInfo> here)
      throws SealFault {
    Set<SectorFileType> unsealed = EnumSet.of(UNSEALED);
    boolean first = offset == 0 && isNowhere(sector.id(), UNSEALED);
    InputStream[] opened = new InputStream[1];
    try {
      return dispatch.run(
          new RemoteTask<>(
              work(TaskType.ADD_PIECE, sector, offset, size.bytes(), pieces.incrementAndGet()),
              sector,
              NONE,
              unsealed,
              first ? NONE : unsealed,
              true,
              NONE,
              worker -> {
                try {
                  // What an earlier worker had of it is of no use to this one.
                  close(opened[0]);
                  opened[0] = data.open();
                } catch (IOException e) {
                  throw new RpcFault("the data cannot be read: " + e.getMessage());
                }
                return worker
                    .api()
                    .addPiece(
                        Dispatch.wire(sector), Answers.before(offset), size.bytes(), opened[0]);
              },
              result -> {
                PieceInfo piece = Answers.piece(result, size);
                look.at(piece);
                return piece;
              },
              false),
          here);
    } finally {
      close(opened[0]);
    }
  }

  private static void close(@Nullable InputStream data) {
    try {
      if (data != null) {
        data.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("closing a piece's data", e);
    }
  }

  private boolean isNowhere(SectorId sector, SectorFileType type) throws SealFault {
    return transfer.here(sector, Set.of(type)).isEmpty()
        && transfer.elsewhere(sector, type).isEmpty();
  }

  @Override
  public byte[] sealPreCommit1(
      SectorRef sector, Randomness ticket, List<PieceInfo> pieces, Progress progress)
      throws SealFault {
    return dispatch.run(
        new RemoteTask<>(
            work(TaskType.PRE_COMMIT_1, sector, ticket.bytes(), pieces),
            sector,
            EnumSet.of(UNSEALED),
            REPLICA,
            EnumSet.of(UNSEALED),
            true,
            REPLICA,
            worker ->
                worker.api().sealPreCommit1(Dispatch.wire(sector), ticket.bytes(), wire(pieces)),
            result -> Answers.preCommit1(result, sector, pieces),
            true),
        () -> {
          files.clearElsewhere(sector.id(), REPLICA, Set.of());
          return local.sealPreCommit1(sector, ticket, pieces, progress);
        });
  }

  @Override
  public SealedCommitments sealPreCommit2(SectorRef sector, byte[] preCommit1Out, Progress progress)
      throws SealFault {
    return dispatch.run(
        new RemoteTask<>(
            work(TaskType.PRE_COMMIT_2, sector, preCommit1Out),
            sector,
            NONE,
            REPLICA,
            REPLICA,
            true,
            NONE,
            worker -> worker.api().sealPreCommit2(Dispatch.wire(sector), preCommit1Out),
            result -> Answers.preCommit2(result, preCommit1Out),
            true,
            sealed -> confirming(sector, preCommit1Out, sealed)),
        () -> local.sealPreCommit2(sector, preCommit1Out, progress));
  }

  /**
   * The vanilla proof to a seed of our own, from the files as they are: before anything is on chain
   * it shows that CommR is that of this sector, ticket and data. The reference's worker does so
   * itself (lotus storage/sealer/ffiwrapper/sealer_cgo.go, PC2CheckRounds).
   */
  private Optional<RemoteTask<?>> confirming(
      SectorRef sector, byte[] preCommit1Out, SealedCommitments sealed) {
    Optional<Randomness> ticket = PreCommit1Json.ticket(preCommit1Out);
    if (ticket.isEmpty()) {
      return Optional.empty();
    }
    byte[] drawn = new byte[Randomness.LENGTH];
    random.nextBytes(drawn);
    Randomness seed = new Randomness(drawn);
    // Whatever the pieces were: one that fills the sector has the sector's commitment.
    List<WirePiece> whole =
        List.of(new WirePiece(sizeOf(sector).bytes(), Cid.ofUnsealed(sealed.commD())));
    SectorCids cids = new SectorCids(Cid.ofUnsealed(sealed.commD()), Cid.ofSealed(sealed.commR()));
    byte[] drawnTicket = ticket.get().bytes();
    return Optional.of(
        new RemoteTask<>(
            work(TaskType.COMMIT_1, sector, drawnTicket, drawn, sealed),
            sector,
            NONE,
            NONE,
            NONE,
            false,
            NONE,
            worker ->
                worker.api().sealCommit1(Dispatch.wire(sector), drawnTicket, drawn, whole, cids),
            result -> Answers.commit1(result, sector, ticket.get(), seed, sealed),
            false));
  }

  @Override
  public byte[] sealCommit1(
      SectorRef sector,
      Randomness ticket,
      Randomness seed,
      List<PieceInfo> pieces,
      SealedCommitments commitments,
      Progress progress)
      throws SealFault {
    SectorCids cids =
        new SectorCids(Cid.ofUnsealed(commitments.commD()), Cid.ofSealed(commitments.commR()));
    return dispatch.run(
        new RemoteTask<>(
            work(TaskType.COMMIT_1, sector, ticket.bytes(), seed.bytes(), pieces, commitments),
            sector,
            EnumSet.of(SEALED),
            EnumSet.of(CACHE),
            REPLICA,
            false,
            NONE,
            worker ->
                worker
                    .api()
                    .sealCommit1(
                        Dispatch.wire(sector), ticket.bytes(), seed.bytes(), wire(pieces), cids),
            result -> Answers.commit1(result, sector, ticket, seed, commitments),
            true),
        () -> local.sealCommit1(sector, ticket, seed, pieces, commitments, progress));
  }

  @Override
  public byte[] sealCommit2(SectorRef sector, byte[] commit1Out, Progress progress)
      throws SealFault {
    return dispatch.run(
        new RemoteTask<>(
            work(TaskType.COMMIT_2, sector, commit1Out),
            sector,
            NONE,
            NONE,
            NONE,
            false,
            NONE,
            worker -> worker.api().sealCommit2(Dispatch.wire(sector), commit1Out),
            result -> {
              byte[] proof = Answers.bytes(result);
              if (!Arrays.equals(proof, Answers.proof(commit1Out))) {
                throw new RemoteTask.WrongAnswer("it is not the proof of this commit 1 output");
              }
              return proof;
            },
            true),
        () -> local.sealCommit2(sector, commit1Out, progress));
  }

  @Override
  public void finalizeSector(SectorRef sector, List<UnpaddedRange> keepUnsealed) throws SealFault {
    SectorId id = sector.id();
    if (!transfer.here(id, REPLICA).containsAll(REPLICA)) {
      boolean _ =
          dispatch.run(
              new RemoteTask<>(
                  work(TaskType.FINALIZE, sector),
                  sector,
                  NONE,
                  EnumSet.of(CACHE),
                  EnumSet.of(CACHE),
                  false,
                  NONE,
                  worker -> worker.api().finalizeSector(Dispatch.wire(sector)),
                  Answers::done,
                  true),
              () -> true);
    }
    Set<SectorFileType> wanted = keepUnsealed.isEmpty() ? REPLICA : SECTOR;
    held(sector, SECTOR, () -> transfer.bring(id, sizeOf(sector), wanted, PathType.STORAGE, true));
    local.finalizeSector(sector, keepUnsealed);
    held(sector, SECTOR, () -> transfer.removeElsewhere(id, SECTOR, Set.of()));
    places.forget(id);
  }

  @Override
  public void remove(SectorId sector, RemovalPermit permit) throws SealFault {
    local.remove(sector, permit);
    transfer.removeElsewhere(sector, EnumSet.allOf(SectorFileType.class), Set.of());
    places.forget(sector);
  }

  @Override
  public void dropUpgrade(SectorId sector) throws SealFault {
    local.dropUpgrade(sector);
  }

  @Override
  public void unseal(SectorRef sector, OpaqueBytes ticket, Commitment commD, Progress progress)
      throws SealFault {
    long size = sizeOf(sector).unpadded().bytes();
    if (transfer.here(sector.id(), EnumSet.of(UNSEALED)).contains(UNSEALED)
        && local.isUnsealed(sector, new UnpaddedRange(0, size))) {
      return;
    }
    boolean done =
        dispatch.run(
            new RemoteTask<>(
                work(TaskType.UNSEAL, sector, ticket, commD),
                sector,
                REPLICA,
                EnumSet.of(UNSEALED),
                REPLICA,
                true,
                NONE,
                worker ->
                    worker
                        .api()
                        .unsealPiece(
                            Dispatch.wire(sector), 0, size, ticket.bytes(), Cid.ofUnsealed(commD)),
                Answers::done,
                true),
            () -> {
              local.unseal(sector, ticket, commD, progress);
              return false;
            });
    if (done) {
      held(
          sector,
          EnumSet.of(UNSEALED),
          () -> transfer.bringUnsealed(sector.id(), sizeOf(sector), commD, checking));
      Set<SectorFileType> spare = EnumSet.of(UNSEALED);
      spare.addAll(transfer.here(sector.id(), REPLICA));
      held(sector, SECTOR, () -> transfer.removeElsewhere(sector.id(), spare, Set.of()));
    }
  }

  @Override
  public boolean isUnsealed(SectorRef sector, UnpaddedRange range) throws SealFault {
    return local.isUnsealed(sector, range);
  }

  @Override
  public InputStream readPiece(SectorRef sector, UnpaddedRange range) throws SealFault {
    return local.readPiece(sector, range);
  }

  /** Moving of files. */
  @FunctionalInterface
  private interface Moving {
    void run() throws SealFault;
  }

  private void held(SectorRef sector, Set<SectorFileType> types, Moving moving) throws SealFault {
    try (var _ = locks.lock(sector.id(), NONE, types)) {
      moving.run();
    } catch (InterruptedException e) {
      throw new SealFault(
          SealFault.Kind.CANCELLED, "moving files of sector " + sector.id() + ": interrupted", e);
    }
  }

  private static SectorSize sizeOf(SectorRef sector) {
    return sector.proof().sectorSize();
  }

  private static List<WirePiece> wire(List<PieceInfo> pieces) {
    return pieces.stream()
        .map(each -> new WirePiece(each.size().bytes(), Cid.ofUnsealed(each.commP())))
        .toList();
  }
}
