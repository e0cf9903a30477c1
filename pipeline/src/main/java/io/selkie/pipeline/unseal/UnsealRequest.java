package io.selkie.pipeline.unseal;

import io.selkie.abi.Commitment;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorState;
import java.util.EnumSet;
import java.util.Set;

/**
 * What somebody wants unsealed.
 *
 * @param sector the sector and its proof
 * @param ticket as the caller gave it; judged only if a ticket is needed
 * @param commD the commitment of the data, to which the result is held
 * @param range what must be present in the end; the work is always that of the whole sector, and
 *     none at all if the range is there
 * @param priority the higher, the sooner; 0 is usual
 * @param requestedBy who asks, for the operator
 */
public record UnsealRequest(
    SectorRef sector,
    OpaqueBytes ticket,
    Commitment commD,
    UnpaddedRange range,
    int priority,
    String requestedBy) {

  /** States of an upgrade in which the sector's data is still that of before. */
  private static final Set<SectorState> BEFORE_UPGRADE =
      EnumSet.of(
          SectorState.SnapDealsWaitDeals,
          SectorState.SnapDealsAddPiece,
          SectorState.SnapDealsPacking,
          SectorState.UpdateReplica,
          SectorState.ProveReplicaUpdate,
          SectorState.SubmitReplicaUpdate,
          SectorState.WaitMutable,
          SectorState.ReplicaUpdateWait,
          SectorState.FinalizeReplicaUpdate,
          SectorState.UpdateActivating,
          SectorState.SnapDealsAddPieceFailed,
          SectorState.SnapDealsDealsExpired,
          SectorState.SnapDealsRecoverDealIDs,
          SectorState.AbortUpgrade,
          SectorState.ReplicaUpdateFailed,
          SectorState.FinalizeReplicaUpdateFailed);

  /**
   * The whole of a sector, as its record describes it. Of an upgraded sector past UpdateActivating
   * that is the upgrade's data.
   *
   * @throws UnsealRefused if the sector has no ticket or no commitment yet
   */
  public static UnsealRequest ofRecord(SectorRecord record, int priority, String requestedBy)
      throws UnsealRefused {
    SectorId id = record.sector();
    OpaqueBytes ticket =
        record
            .ticket()
            .map(drawn -> OpaqueBytes.of(drawn.value().bytes()))
            .orElseThrow(() ->
                new UnsealRefused(
                    "sector " + id.number() + " has no ticket yet: it was never sealed"));
    SectorRef sector = new SectorRef(id, record.sealProof());
    return new UnsealRequest(
        sector, ticket, commitmentOf(record), whole(sector), priority, requestedBy);
  }

  /** The commitment of the data that a sector holds according to its record. */
  private static Commitment commitmentOf(SectorRecord record) throws UnsealRefused {
    boolean upgraded =
        record.upgrade().started()
            && !record.knownState().map(BEFORE_UPGRADE::contains).orElse(false);
    if (!upgraded) {
      return record
          .commD()
          .orElseThrow(() ->
              new UnsealRefused(
                  "sector " + record.sector().number() + " has no CommD yet: it was never sealed"));
    }
    return record
        .upgrade()
        .newUnsealed()
        .flatMap(cid -> cid.commitment())
        .orElseThrow(() ->
            new UnsealRefused(
                "sector "
                    + record.sector().number()
                    + " was upgraded, and its record lacks the new data's commitment"));
  }

  /** All of a sector. */
  public static UnpaddedRange whole(SectorRef sector) {
    return new UnpaddedRange(0, sector.proof().sectorSize().unpadded().bytes());
  }

  /** The same for this part of it. */
  public UnsealRequest withRange(UnpaddedRange next) {
    return new UnsealRequest(sector, ticket, commD, next, priority, requestedBy);
  }

  /** Refuses a range that is not in the sector, or not made of whole groups of 127 bytes. */
  void requireRange() throws UnsealRefused {
    long bytes = sector.proof().sectorSize().unpadded().bytes();
    long offset = range.offsetBytes();
    long length = range.sizeBytes();
    boolean fits =
        offset >= 0
            && length > 0
            && offset % UnpaddedPieceSize.MIN_BYTES == 0
            && length % UnpaddedPieceSize.MIN_BYTES == 0
            && length <= bytes
            && offset <= bytes - length;
    if (!fits) {
      throw new UnsealRefused(
          "range of "
              + length
              + " bytes at "
              + offset
              + " is not made of multiples of 127 within the "
              + bytes
              + " of sector "
              + sector.id().number());
    }
  }

  boolean isWhole() {
    return range.equals(whole(sector));
  }
}
