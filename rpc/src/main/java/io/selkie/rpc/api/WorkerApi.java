package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a worker answers its miner (lotus api/api_worker.go). Work is begun and named; how it ends
 * comes back through {@link WorkerReturnsApi}.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface WorkerApi {

  /**
   * The version of this interface, of which the first two numbers must agree (lotus 1.36.2
   * api/version.go, WorkerAPIVersion0): 1.7.0.
   */
  int VERSION = 1 << 16 | 7 << 8;

  /** The bits of a version that must agree. */
  int VERSION_MASK = 0xffff00;

  /** Copies files and leaves them where they were. */
  String MODE_COPY = "copy";

  /** Copies files and then takes them away where they were. */
  String MODE_MOVE = "move";

  /** The interface's version: major, minor and patch in three bytes. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "api.Version")
  long version() throws RpcFault, InterruptedException;

  /** What it takes on, by name. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "map[sealtasks.TaskType]struct {}")
  Map<String, WorkerTask> taskTypes() throws RpcFault, InterruptedException;

  /** Its storage paths. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]storiface.StoragePath")
  List<WorkerPath> paths() throws RpcFault, InterruptedException;

  /** Its machine. */
  @RpcMethod(Permission.ADMIN)
  WorkerInfo info() throws RpcFault, InterruptedException;

  /** New at every start; an error while it is switched off. */
  @RpcMethod(Permission.ADMIN)
  UUID session() throws RpcFault, InterruptedException;

  /** As {@link #session}, whether it is switched off or not. */
  @RpcMethod(Permission.ADMIN)
  UUID processSession() throws RpcFault, InterruptedException;

  /** Whether it takes work. */
  @RpcMethod(Permission.ADMIN)
  boolean enabled() throws RpcFault, InterruptedException;

  /** Switches it on or off; what runs goes on. */
  @RpcMethod(Permission.ADMIN)
  void setEnabled(@Wire(type = "bool") boolean enabled) throws RpcFault, InterruptedException;

  /** Waits until it does nothing, and has returned everything. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void waitQuiet() throws RpcFault, InterruptedException;

  /** Ends the program. */
  @RpcMethod(Permission.ADMIN)
  void shutdown() throws RpcFault, InterruptedException;

  /** Takes no more work of this kind. */
  @RpcMethod(Permission.ADMIN)
  void taskDisable(@Wire(type = "sealtasks.TaskType") String task)
      throws RpcFault, InterruptedException;

  /** Takes work of this kind again. */
  @RpcMethod(Permission.ADMIN)
  void taskEnable(@Wire(type = "sealtasks.TaskType") String task)
      throws RpcFault, InterruptedException;

  /** The commitment of a piece that belongs to no sector; its call is named after sector 0 of 0. */
  @RpcMethod(value = Permission.ADMIN, readsOn = true)
  CallId dataCid(@Wire(type = "abi.UnpaddedPieceSize") long pieceSize, InputStream pieceData)
      throws RpcFault, InterruptedException;

  /** Writes a piece behind those that are there. */
  @RpcMethod(value = Permission.ADMIN, readsOn = true)
  CallId addPiece(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "[]abi.UnpaddedPieceSize") @Nullable List<Long> pieceSizes,
      @Wire(type = "abi.UnpaddedPieceSize") long newPieceSize,
      InputStream pieceData)
      throws RpcFault, InterruptedException;

  /** Pre-commit 1. */
  @RpcMethod(Permission.ADMIN)
  CallId sealPreCommit1(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "abi.SealRandomness") byte @Nullable [] ticket,
      @Wire(type = "[]abi.PieceInfo") @Nullable List<WirePiece> pieces)
      throws RpcFault, InterruptedException;

  /** Pre-commit 2. */
  @RpcMethod(Permission.ADMIN)
  CallId sealPreCommit2(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "storiface.PreCommit1Out") byte @Nullable [] preCommit1Out)
      throws RpcFault, InterruptedException;

  /** Commit 1. */
  @RpcMethod(Permission.ADMIN)
  CallId sealCommit1(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "abi.SealRandomness") byte @Nullable [] ticket,
      @Wire(type = "abi.InteractiveSealRandomness") byte @Nullable [] seed,
      @Wire(type = "[]abi.PieceInfo") @Nullable List<WirePiece> pieces,
      @Wire(type = "storiface.SectorCids") SectorCids cids)
      throws RpcFault, InterruptedException;

  /** Commit 2. */
  @RpcMethod(Permission.ADMIN)
  CallId sealCommit2(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "storiface.Commit1Out") byte @Nullable [] commit1Out)
      throws RpcFault, InterruptedException;

  /** Deletes what a proving sector does not need of its cache. */
  @RpcMethod(Permission.ADMIN)
  CallId finalizeSector(@Wire(type = "storiface.SectorRef") SectorRef sector)
      throws RpcFault, InterruptedException;

  /** Deletes unsealed data but for these ranges; without any the whole file. */
  @RpcMethod(Permission.ADMIN)
  CallId releaseUnsealed(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "[]storiface.Range") @Nullable List<KeptRange> keepUnsealed)
      throws RpcFault, InterruptedException;

  /** Moves files of these kinds to a path of its own where finished sectors stay. */
  @RpcMethod(Permission.ADMIN)
  CallId moveStorage(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "storiface.SectorFileType") int types)
      throws RpcFault, InterruptedException;

  /** Recovers client data from the replica. */
  @RpcMethod(Permission.ADMIN)
  CallId unsealPiece(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "storiface.UnpaddedByteIndex") long offset,
      @Wire(type = "abi.UnpaddedPieceSize") long size,
      @Wire(type = "abi.SealRandomness") byte @Nullable [] ticket,
      @Nullable Cid commD)
      throws RpcFault, InterruptedException;

  /** Gets files of these kinds from where they are. */
  @RpcMethod(Permission.ADMIN)
  CallId fetch(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "storiface.SectorFileType") int types,
      @Wire(type = "storiface.PathType") String pathType,
      @Wire(type = "storiface.AcquireMode") String mode)
      throws RpcFault, InterruptedException;
}
