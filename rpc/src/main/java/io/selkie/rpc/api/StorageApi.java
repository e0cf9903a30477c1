package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Storage paths, the index of sector files, and locks.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface StorageApi {

  /** Every path and what is declared in it. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "map[storiface.ID][]storiface.Decl")
  Map<String, List<StorageDecl>> storageList() throws RpcFault, InterruptedException;

  /** The directories of the paths this node opened itself. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "map[storiface.ID]string")
  Map<String, String> storageLocal() throws RpcFault, InterruptedException;

  /** A path. */
  @RpcMethod(Permission.ADMIN)
  StorageInfo storageInfo(@Wire(type = "storiface.ID") String id)
      throws RpcFault, InterruptedException;

  /** The room in a path. */
  @RpcMethod(Permission.ADMIN)
  FsStat storageStat(@Wire(type = "storiface.ID") String id) throws RpcFault, InterruptedException;

  /** Where the files of a sector are. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]storiface.SectorStorageInfo")
  List<SectorStorageInfo> storageFindSector(
      @Wire(type = "abi.SectorID") WireSectorId sector,
      @Wire(type = "storiface.SectorFileType") int fileTypes,
      @Wire(type = "abi.SectorSize") long sectorSize,
      @Wire(type = "bool") boolean allowFetch)
      throws RpcFault, InterruptedException;

  /** The paths fit for new files, best first. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]storiface.StorageInfo")
  List<StorageInfo> storageBestAlloc(
      @Wire(type = "storiface.SectorFileType") int fileTypes,
      @Wire(type = "abi.SectorSize") long sectorSize,
      @Wire(type = "storiface.PathType") String pathType,
      @Wire(type = "abi.ActorID") long miner)
      throws RpcFault, InterruptedException;

  /** Registers a path, or updates it. */
  @RpcMethod(Permission.ADMIN)
  void storageAttach(
      @Wire(type = "storiface.StorageInfo") StorageInfo info,
      @Wire(type = "fsutil.FsStat") FsStat stat)
      throws RpcFault, InterruptedException;

  /** Drops a URL of a path, and with the last one the path. */
  @RpcMethod(Permission.ADMIN)
  void storageDetach(@Wire(type = "storiface.ID") String id, @Wire(type = "string") String url)
      throws RpcFault, InterruptedException;

  /** What a path reports of itself. */
  @RpcMethod(Permission.ADMIN)
  void storageReportHealth(
      @Wire(type = "storiface.ID") String id,
      @Wire(type = "storiface.HealthReport") HealthReport report)
      throws RpcFault, InterruptedException;

  /** Enters files into the index. */
  @RpcMethod(Permission.ADMIN)
  void storageDeclareSector(
      @Wire(type = "storiface.ID") String id,
      @Wire(type = "abi.SectorID") WireSectorId sector,
      @Wire(type = "storiface.SectorFileType") int fileTypes,
      @Wire(type = "bool") boolean primary)
      throws RpcFault, InterruptedException;

  /** Takes files out of the index. */
  @RpcMethod(Permission.ADMIN)
  void storageDropSector(
      @Wire(type = "storiface.ID") String id,
      @Wire(type = "abi.SectorID") WireSectorId sector,
      @Wire(type = "storiface.SectorFileType") int fileTypes)
      throws RpcFault, InterruptedException;

  /** Waits until these locks could be taken; they are released with the answer. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void storageLock(
      @Wire(type = "abi.SectorID") WireSectorId sector,
      @Wire(type = "storiface.SectorFileType") int read,
      @Wire(type = "storiface.SectorFileType") int write)
      throws RpcFault, InterruptedException;

  /** Whether these locks could be taken now. */
  @RpcMethod(Permission.ADMIN)
  boolean storageTryLock(
      @Wire(type = "abi.SectorID") WireSectorId sector,
      @Wire(type = "storiface.SectorFileType") int read,
      @Wire(type = "storiface.SectorFileType") int write)
      throws RpcFault, InterruptedException;

  /** All locks held. */
  @RpcMethod(Permission.ADMIN)
  SectorLocks storageGetLocks() throws RpcFault, InterruptedException;

  /** Opens a local path. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void storageAddLocal(@Wire(type = "string") String directory)
      throws RpcFault, InterruptedException;

  /** Closes a local path. */
  @RpcMethod(Permission.ADMIN)
  void storageDetachLocal(@Wire(type = "string") String directory)
      throws RpcFault, InterruptedException;

  /** Looks at one local path again, or at all. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void storageRedeclareLocal(
      @Wire(type = "storiface.ID") @Nullable String id, @Wire(type = "bool") boolean dropMissing)
      throws RpcFault, InterruptedException;
}
