package io.selkie.node.workers.program;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.node.workers.Machine;
import io.selkie.node.workers.TaskType;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.proofs.pieces.PieceCommitment;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.KeptRange;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerApi;
import io.selkie.rpc.api.WorkerInfo;
import io.selkie.rpc.api.WorkerPath;
import io.selkie.rpc.api.WorkerTask;
import io.selkie.rpc.client.ZeroStream;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.PathType;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorTransfer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the worker answers its miner. Thread-safe. */
final class WorkerService implements WorkerApi {

  /** Of calls that belong to none (lotus storage/sealer/storiface/storage.go, NoSectorRef). */
  private static final WireSectorId NO_SECTOR = new WireSectorId(0, 0);

  private final UUID session;
  private final Set<String> tasks = new ConcurrentSkipListSet<>();
  private final CallDesk desk;
  private final LocalSealer sealer;
  private final SectorTransfer transfer;
  private final SectorLocks locks;
  private final Supplier<List<WorkerPath>> paths;
  private final String hostname;
  private final Runnable end;
  private final AtomicLong askedAtNs = new AtomicLong(System.nanoTime());
  private volatile boolean enabled = true;

  WorkerService(
      UUID session,
      Set<TaskType> tasks,
      CallDesk desk,
      LocalSealer sealer,
      SectorTransfer transfer,
      SectorLocks locks,
      Supplier<List<WorkerPath>> paths,
      String hostname,
      Runnable end) {
    this.end = end;
    this.session = session;
    tasks.forEach(each -> this.tasks.add(each.wireName()));
    this.desk = desk;
    this.sealer = sealer;
    this.transfer = transfer;
    this.locks = locks;
    this.paths = paths;
    this.hostname = hostname;
  }

  /** How long nobody has asked for the session. */
  long silenceNs() {
    return System.nanoTime() - askedAtNs.get();
  }

  @Override
  public long version() {
    return VERSION;
  }

  @Override
  public Map<String, WorkerTask> taskTypes() {
    Map<String, WorkerTask> all = new TreeMap<>();
    tasks.forEach(each -> all.put(each, new WorkerTask()));
    return all;
  }

  @Override
  public List<WorkerPath> paths() {
    return paths.get();
  }

  @Override
  public WorkerInfo info() {
    return new WorkerInfo(hostname, false, Machine.resources());
  }

  @Override
  public UUID session() throws RpcFault {
    askedAtNs.set(System.nanoTime());
    if (!enabled) {
      throw new RpcFault("worker disabled");
    }
    return session;
  }

  @Override
  public UUID processSession() {
    return session;
  }

  @Override
  public boolean enabled() {
    return enabled;
  }

  @Override
  public void setEnabled(boolean on) {
    enabled = on;
  }

  @Override
  public void taskDisable(String task) {
    tasks.remove(task);
  }

  @Override
  public void taskEnable(String task) throws RpcFault {
    if (TaskType.ofWireName(task).isEmpty()) {
      throw new RpcFault("this worker knows no task '" + task + "'");
    }
    tasks.add(task);
  }

  @Override
  public void waitQuiet() throws InterruptedException {
    desk.awaitQuiet();
  }

  @Override
  public void shutdown() {
    end.run();
  }

  @Override
  public CallId dataCid(long pieceSize, InputStream pieceData) throws RpcFault {
    try {
      UnpaddedPieceSize size = new UnpaddedPieceSize(pieceSize);
      return desk.begin(
          NO_SECTOR,
          ReturnKind.DATA_CID,
          () -> {
            try (pieceData) {
              WirePiece piece =
                  new WirePiece(
                      size.padded().bytes(),
                      Cid.ofUnsealed(PieceCommitment.compute(pieceData, size)));
              return (node, call) -> node.returnDataCid(call, piece, null);
            } catch (IOException | IllegalArgumentException e) {
              throw new SealFault(
                  SealFault.Kind.BAD_REQUEST, "the data's commitment: " + e.getMessage(), e);
            }
          });
    } catch (IllegalArgumentException | RpcFault e) {
      close(pieceData);
      throw e instanceof RpcFault fault ? fault : new RpcFault(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public CallId addPiece(
      SectorRef sector, @Nullable List<Long> pieceSizes, long newPieceSize, InputStream pieceData)
      throws RpcFault {
    try {
      Sealer.SectorRef ref = ref(sector);
      UnpaddedPieceSize size = new UnpaddedPieceSize(newPieceSize);
      long offset = 0;
      for (long each : pieceSizes == null ? List.<Long>of() : pieceSizes) {
        offset += new UnpaddedPieceSize(each).padded().bytes();
      }
      long at = offset;
      return desk.begin(
          sector.id(),
          ReturnKind.ADD_PIECE,
          () -> {
            try (pieceData) {
              PieceInfo piece =
                  pieceData instanceof ZeroStream
                      ? sealer.addZeros(ref, at, size, Progress.NONE)
                      : sealer.addPiece(ref, at, size, () -> pieceData, Progress.NONE);
              WirePiece wire = new WirePiece(piece.size().bytes(), Cid.ofUnsealed(piece.commP()));
              return (node, call) -> node.returnAddPiece(call, wire, null);
            } catch (IOException e) {
              throw new SealFault(SealFault.Kind.IO, "closing the piece: " + e.getMessage(), e);
            }
          });
    } catch (IllegalArgumentException | RpcFault e) {
      close(pieceData);
      throw e instanceof RpcFault fault ? fault : new RpcFault(String.valueOf(e.getMessage()));
    }
  }

  private static void close(InputStream data) throws RpcFault {
    try {
      data.close();
    } catch (IOException e) {
      throw new RpcFault("closing the piece: " + e.getMessage());
    }
  }

  @Override
  public CallId sealPreCommit1(
      SectorRef sector, byte @Nullable [] ticket, @Nullable List<WirePiece> pieces)
      throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    Randomness randomness = randomness("ticket", ticket);
    List<PieceInfo> infos = pieces(pieces);
    return desk.begin(
        sector.id(),
        ReturnKind.PRE_COMMIT_1,
        () -> {
          byte[] out = sealer.sealPreCommit1(ref, randomness, infos, Progress.NONE);
          return (node, call) -> node.returnSealPreCommit1(call, out, null);
        });
  }

  @Override
  public CallId sealPreCommit2(SectorRef sector, byte @Nullable [] preCommit1Out) throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    byte[] phase1 = bytes("output of pre-commit 1", preCommit1Out);
    return desk.begin(
        sector.id(),
        ReturnKind.PRE_COMMIT_2,
        () -> {
          SealedCommitments sealed = sealer.sealPreCommit2(ref, phase1, Progress.NONE);
          SectorCids cids =
              new SectorCids(Cid.ofUnsealed(sealed.commD()), Cid.ofSealed(sealed.commR()));
          return (node, call) -> node.returnSealPreCommit2(call, cids, null);
        });
  }

  @Override
  public CallId sealCommit1(
      SectorRef sector,
      byte @Nullable [] ticket,
      byte @Nullable [] seed,
      @Nullable List<WirePiece> pieces,
      SectorCids cids)
      throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    Randomness drawn = randomness("ticket", ticket);
    Randomness interactive = randomness("seed", seed);
    List<PieceInfo> infos = pieces(pieces);
    SealedCommitments sealed =
        new SealedCommitments(commitment(cids.sealed()), commitment(cids.unsealed()));
    return desk.begin(
        sector.id(),
        ReturnKind.COMMIT_1,
        () -> {
          byte[] out = sealer.sealCommit1(ref, drawn, interactive, infos, sealed, Progress.NONE);
          return (node, call) -> node.returnSealCommit1(call, out, null);
        });
  }

  @Override
  public CallId sealCommit2(SectorRef sector, byte @Nullable [] commit1Out) throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    byte[] phase1 = bytes("output of commit 1", commit1Out);
    return desk.begin(
        sector.id(),
        ReturnKind.COMMIT_2,
        () -> {
          byte[] proof = sealer.sealCommit2(ref, phase1, Progress.NONE);
          return (node, call) -> node.returnSealCommit2(call, proof, null);
        });
  }

  @Override
  public CallId finalizeSector(SectorRef sector) throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    return desk.begin(
        sector.id(),
        ReturnKind.FINALIZE,
        () -> {
          sealer.trimCache(ref);
          return (node, call) -> node.returnFinalizeSector(call, null);
        });
  }

  @Override
  public CallId releaseUnsealed(SectorRef sector, @Nullable List<KeptRange> keepUnsealed)
      throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    List<UnpaddedRange> keep = new ArrayList<>();
    if (keepUnsealed != null) {
      keepUnsealed.forEach(each -> keep.add(new UnpaddedRange(each.offset(), each.size())));
    }
    return desk.begin(
        sector.id(),
        ReturnKind.RELEASE_UNSEALED,
        () -> {
          sealer.releaseUnsealed(ref, keep);
          return (node, call) -> node.returnReleaseUnsealed(call, null);
        });
  }

  @Override
  public CallId moveStorage(SectorRef sector, int types) throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    Set<SectorFileType> files = argument(() -> SectorFileType.ofMask(types));
    return desk.begin(
        sector.id(),
        ReturnKind.MOVE,
        () -> {
          bring(ref, files, PathType.STORAGE);
          return (node, call) -> node.returnMoveStorage(call, null);
        });
  }

  @Override
  public CallId unsealPiece(
      SectorRef sector, long offset, long size, byte @Nullable [] ticket, @Nullable Cid commD)
      throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    OpaqueBytes opaque = OpaqueBytes.of(ticket == null ? new byte[0] : ticket);
    Commitment data = commitment(commD);
    return desk.begin(
        sector.id(),
        ReturnKind.UNSEAL,
        () -> {
          // Always the whole sector, as the reference asks for it.
          sealer.unseal(ref, opaque, data, Progress.NONE);
          return (node, call) -> node.returnUnsealPiece(call, null);
        });
  }

  @Override
  public CallId fetch(SectorRef sector, int types, String pathType, String mode) throws RpcFault {
    Sealer.SectorRef ref = ref(sector);
    PathType use = argument(() -> PathType.ofWireName(pathType));
    if (!mode.equals(MODE_COPY)) {
      throw new RpcFault("files are only copied here, not fetched by '" + mode + "'");
    }
    Set<SectorFileType> files = argument(() -> SectorFileType.ofMask(types));
    return desk.begin(
        sector.id(),
        ReturnKind.FETCH,
        () -> {
          bring(ref, files, use);
          return (node, call) -> node.returnFetch(call, null);
        });
  }

  private void bring(Sealer.SectorRef sector, Set<SectorFileType> types, PathType use)
      throws SealFault {
    try (var _ = locks.lock(sector.id(), Set.of(), types)) {
      transfer.bring(sector.id(), sector.proof().sectorSize(), types, use, false);
    } catch (InterruptedException e) {
      throw new SealFault(
          SealFault.Kind.CANCELLED, "getting files of " + sector.id() + ": interrupted", e);
    }
    if (!transfer.here(sector.id(), types).containsAll(types)) {
      throw new SealFault(
          SealFault.Kind.MISSING_FILE, "nobody has all of " + types + " of " + sector.id());
    }
  }

  /** An argument as its own type, which says what is wrong with it. */
  private static <T> T argument(Supplier<T> reading) throws RpcFault {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new RpcFault(String.valueOf(e.getMessage()));
    }
  }

  private static Sealer.SectorRef ref(SectorRef sector) throws RpcFault {
    return argument(() ->
        new Sealer.SectorRef(
            SectorId.of(sector.id().miner(), sector.id().number()),
            RegisteredSealProof.ofNumber(sector.proofType())));
  }

  private static byte[] bytes(String what, byte @Nullable [] given) throws RpcFault {
    if (given == null) {
      throw new RpcFault("no " + what);
    }
    return given;
  }

  private static Randomness randomness(String what, byte @Nullable [] given) throws RpcFault {
    try {
      return new Randomness(bytes(what, given));
    } catch (IllegalArgumentException e) {
      throw new RpcFault(what + ": " + e.getMessage());
    }
  }

  private static Commitment commitment(@Nullable Cid cid) throws RpcFault {
    if (cid == null) {
      throw new RpcFault("a commitment is missing");
    }
    return cid.commitment().orElseThrow(() -> new RpcFault(cid + " is no commitment"));
  }

  private static List<PieceInfo> pieces(@Nullable List<WirePiece> given) throws RpcFault {
    List<PieceInfo> all = new ArrayList<>();
    try {
      for (WirePiece each : given == null ? List.<WirePiece>of() : given) {
        all.add(new PieceInfo(new PaddedPieceSize(each.size()), commitment(each.pieceCid())));
      }
    } catch (IllegalArgumentException e) {
      throw new RpcFault(String.valueOf(e.getMessage()));
    }
    return all;
  }
}
