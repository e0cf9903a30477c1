package io.selkie.rpc.api;

import io.selkie.abi.BitField;
import io.selkie.abi.Cid;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sectors: asking about them, moving them along, pieces and numbers.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface SectorsApi {

  /** All recorded sectors, removed ones included, bytewise by decimal number. */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]abi.SectorNumber")
  List<Long> sectorsList() throws RpcFault, InterruptedException;

  /** The sectors in the known states among these; absent if there are none. */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]abi.SectorNumber")
  @Nullable List<Long> sectorsListInStates(@Wire(type = "[]api.SectorState") List<String> states)
      throws RpcFault, InterruptedException;

  /** How many sectors are in each state. */
  @RpcMethod(Permission.READ)
  @Wire(type = "map[api.SectorState]int")
  Map<String, Long> sectorsSummary() throws RpcFault, InterruptedException;

  /** Where each deal's data lies. */
  @RpcMethod(Permission.READ)
  @Wire(type = "map[string][]api.SealedRef")
  Map<Long, @Nullable List<SealedRef>> sectorsRefs() throws RpcFault, InterruptedException;

  /** Everything known of a sector. */
  @RpcMethod(Permission.READ)
  SectorInfo sectorsStatus(
      @Wire(type = "abi.SectorNumber") long sector, @Wire(type = "bool") boolean showOnChainInfo)
      throws RpcFault, InterruptedException;

  /** Forces a sector into a state; returns once that is queued. */
  @RpcMethod(Permission.ADMIN)
  void sectorsUpdate(
      @Wire(type = "abi.SectorNumber") long sector, @Wire(type = "api.SectorState") String state)
      throws RpcFault, InterruptedException;

  /** Unseals a sector into long-term storage; returns when it is done. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void sectorsUnsealPiece(
      @Wire(type = "storiface.SectorRef") SectorRef sector,
      @Wire(type = "storiface.UnpaddedByteIndex") long offset,
      @Wire(type = "abi.UnpaddedPieceSize") long size,
      @Wire(type = "abi.SealRandomness") byte @Nullable [] ticket,
      @Wire(type = "cid.Cid") @Nullable Cid commD)
      throws RpcFault, InterruptedException;

  /** Begins a sector of committed capacity. */
  @RpcMethod(Permission.WRITE)
  WireSectorId pledgeSector() throws RpcFault, InterruptedException;

  /** Adds a piece to an open sector; returns when its data is written. */
  @RpcMethod(Permission.ADMIN)
  SectorOffset sectorAddPieceToAny(
      @Wire(type = "abi.UnpaddedPieceSize") long size,
      @Wire(type = "storiface.Data") InputStream data,
      @Wire(type = "piece.PieceDealInfo") PieceDealInfo info)
      throws RpcFault, InterruptedException;

  /** The piece CID of some data. */
  @RpcMethod(Permission.ADMIN)
  WirePiece computeDataCid(
      @Wire(type = "abi.UnpaddedPieceSize") long size,
      @Wire(type = "storiface.Data") InputStream data)
      throws RpcFault, InterruptedException;

  /** Assigns waiting pieces now. */
  @RpcMethod(Permission.ADMIN)
  void sectorMatchPendingPiecesToOpenSectors() throws RpcFault, InterruptedException;

  /** Closes an open sector and seals it. */
  @RpcMethod(Permission.WRITE)
  void sectorStartSealing(@Wire(type = "abi.SectorNumber") long sector)
      throws RpcFault, InterruptedException;

  /** How long an open sector waits for pieces. */
  @RpcMethod(Permission.WRITE)
  void sectorSetSealDelay(@Wire(type = "time.Duration") Duration delay)
      throws RpcFault, InterruptedException;

  /** How long an open sector waits for pieces. */
  @RpcMethod(Permission.READ)
  @Wire(type = "time.Duration")
  Duration sectorGetSealDelay() throws RpcFault, InterruptedException;

  /** How long sealing is expected to take. */
  @RpcMethod(Permission.WRITE)
  void sectorSetExpectedSealDuration(@Wire(type = "time.Duration") Duration expected)
      throws RpcFault, InterruptedException;

  /** How long sealing is expected to take. */
  @RpcMethod(Permission.READ)
  @Wire(type = "time.Duration")
  Duration sectorGetExpectedSealDuration() throws RpcFault, InterruptedException;

  /** Deletes a sector's files without touching the chain. */
  @RpcMethod(Permission.ADMIN)
  void sectorRemove(@Wire(type = "abi.SectorNumber") long sector)
      throws RpcFault, InterruptedException;

  /** Ends a sector on chain, then removes it. */
  @RpcMethod(Permission.ADMIN)
  void sectorTerminate(@Wire(type = "abi.SectorNumber") long sector)
      throws RpcFault, InterruptedException;

  /** Sends the waiting terminations now. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  @Nullable Cid sectorTerminateFlush() throws RpcFault, InterruptedException;

  /** The waiting terminations. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]abi.SectorID")
  List<WireSectorId> sectorTerminatePending() throws RpcFault, InterruptedException;

  /** Sends the waiting pre-commits now. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  @Wire(type = "[]sealiface.PreCommitBatchRes")
  @Nullable List<PreCommitBatchRes> sectorPreCommitFlush() throws RpcFault, InterruptedException;

  /** The waiting pre-commits. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]abi.SectorID")
  List<WireSectorId> sectorPreCommitPending() throws RpcFault, InterruptedException;

  /** Sends the waiting prove-commits now. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  @Wire(type = "[]sealiface.CommitBatchRes")
  @Nullable List<CommitBatchRes> sectorCommitFlush() throws RpcFault, InterruptedException;

  /** The waiting prove-commits. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]abi.SectorID")
  List<WireSectorId> sectorCommitPending() throws RpcFault, InterruptedException;

  /** Offers a sector of committed capacity for an upgrade. */
  @RpcMethod(Permission.ADMIN)
  void sectorMarkForUpgrade(
      @Wire(type = "abi.SectorNumber") long sector, @Wire(type = "bool") boolean snap)
      throws RpcFault, InterruptedException;

  /** Takes an upgrade back. */
  @RpcMethod(Permission.ADMIN)
  void sectorAbortUpgrade(@Wire(type = "abi.SectorNumber") long sector)
      throws RpcFault, InterruptedException;

  /** Begins to unseal a sector; returns at once. */
  @RpcMethod(Permission.ADMIN)
  void sectorUnseal(@Wire(type = "abi.SectorNumber") long sector)
      throws RpcFault, InterruptedException;

  /** Takes over a sector sealed elsewhere. */
  @RpcMethod(value = Permission.ADMIN, waits = true)
  void sectorReceive(@Wire(type = "api.RemoteSectorMeta") RemoteSectorMeta meta)
      throws RpcFault, InterruptedException;

  /** The state of the number assigner. */
  @RpcMethod(Permission.READ)
  NumAssignerMeta sectorNumAssignerMeta() throws RpcFault, InterruptedException;

  /** Reserved numbers by name. */
  @RpcMethod(Permission.READ)
  @Wire(type = "map[string]bitfield.BitField")
  Map<String, BitField> sectorNumReservations() throws RpcFault, InterruptedException;

  /** Reserves these numbers. */
  @RpcMethod(Permission.ADMIN)
  void sectorNumReserve(
      @Wire(type = "string") String name,
      @Wire(type = "bitfield.BitField") BitField numbers,
      @Wire(type = "bool") boolean force)
      throws RpcFault, InterruptedException;

  /** Reserves the lowest free numbers. */
  @RpcMethod(Permission.ADMIN)
  BitField sectorNumReserveCount(
      @Wire(type = "string") String name, @Wire(type = "uint64") long count)
      throws RpcFault, InterruptedException;

  /** Gives a reservation up. */
  @RpcMethod(Permission.ADMIN)
  void sectorNumFree(@Wire(type = "string") String name) throws RpcFault, InterruptedException;
}
