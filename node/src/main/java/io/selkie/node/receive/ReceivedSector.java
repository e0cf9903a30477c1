package io.selkie.node.receive;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.TokenAmount;
import io.selkie.node.sectors.DealWire;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.RemoteSealer.PoRep;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.SectorPiece;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRecord.Commit;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.SectorRecord.Failures;
import io.selkie.pipeline.SectorRecord.PreCommit;
import io.selkie.pipeline.SectorRecord.Termination;
import io.selkie.pipeline.SectorRecord.Upgrade;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.RemoteSectorMeta;
import io.selkie.rpc.api.WirePiece;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sector sealed elsewhere as the pipeline's record: of what came, as much as its state has. The
 * pre-commit message is not taken over, as in the reference, nor is the log.
 *
 * @param meta what came
 * @param proof what it is sealed under
 * @param deals how deal infos are read
 * @param encoded whether it has a replica
 * @param sealed whether it has a seed and a proof
 * @param proven whether it may have a message that carried the proof
 */
record ReceivedSector(
    RemoteSectorMeta meta,
    RegisteredSealProof proof,
    DealWire deals,
    boolean encoded,
    boolean sealed,
    boolean proven) {

  /**
   * The record.
   *
   * @throws RpcFault if a piece is none
   */
  SectorRecord record() throws RpcFault {
    return new SectorRecord(
        SectorId.of(meta.sector().miner(), meta.sector().number()),
        meta.state(),
        proof,
        0,
        pieces(),
        encoded ? drawn(meta.ticketValue(), meta.ticketEpoch()) : Optional.empty(),
        preCommit(),
        commit(),
        new Upgrade(
            false,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        new Termination(Optional.empty(), ChainEpoch.ZERO),
        new Failures(0, 0, 0, Collections.emptySortedMap(), Optional.empty()),
        "",
        "",
        0,
        0);
  }

  private PreCommit preCommit() {
    return new PreCommit(
        encoded ? Optional.ofNullable(meta.preCommit1Out()).map(OpaqueBytes::of) : Optional.empty(),
        encoded ? Optional.ofNullable(meta.commD()) : Optional.empty(),
        encoded ? Optional.ofNullable(meta.commR()) : Optional.empty(),
        Optional.empty(),
        sealed ? Objects.requireNonNullElse(meta.preCommitTipSet(), List.of()) : List.of(),
        sealed
            ? Objects.requireNonNullElse(meta.preCommitDeposit(), TokenAmount.ZERO)
            : TokenAmount.ZERO);
  }

  private Commit commit() {
    return new Commit(
        sealed ? drawn(meta.seedValue(), meta.seedEpoch()) : Optional.empty(),
        sealed ? Optional.ofNullable(meta.commitProof()).map(OpaqueBytes::of) : Optional.empty(),
        proven ? Optional.ofNullable(meta.commitMessage()) : Optional.empty());
  }

  private static Optional<Drawn> drawn(byte @Nullable [] value, long epoch) {
    return Optional.ofNullable(value)
        .map(bytes -> new Drawn(new Randomness(bytes), new ChainEpoch(epoch)));
  }

  private List<SectorPiece> pieces() throws RpcFault {
    List<SectorPiece> pieces = new ArrayList<>();
    for (io.selkie.rpc.api.SectorPiece each :
        Objects.requireNonNullElse(meta.pieces(), List.<io.selkie.rpc.api.SectorPiece>of())) {
      String where = "piece " + pieces.size();
      PieceDealInfo info = each.dealInfo();
      try {
        pieces.add(
            new SectorPiece(
                piece(each.piece()),
                info == null ? Optional.empty() : Optional.of(deals.fromWire(info))));
      } catch (RpcFault refused) {
        throw new RpcFault(where + " deal info invalid: " + refused.getMessage());
      } catch (IllegalArgumentException refused) {
        throw new RpcFault("checking pieces: " + where + ": " + refused.getMessage());
      }
    }
    return pieces;
  }

  private static PieceInfo piece(WirePiece piece) {
    Cid cid = piece.pieceCid();
    Commitment commP =
        Optional.ofNullable(cid)
            .filter(each -> each.codec() == Cid.FIL_COMMITMENT_UNSEALED)
            .flatMap(Cid::commitment)
            .filter(commitment -> !commitment.isZero())
            .orElseThrow(() -> new IllegalArgumentException(cid + " is no piece's CID"));
    return new PieceInfo(new PaddedPieceSize(piece.size()), commP);
  }

  /** What is wrong with the pieces' sizes; empty if they fit. */
  static Optional<String> objectionToLayout(SectorRecord sector) {
    long left = sector.sealProof().sectorSize().bytes();
    for (SectorPiece piece : sector.pieces()) {
      // Stops at the first too many, so that no sum overflows.
      left -= Math.min(left + 1, piece.piece().size().bytes());
      if (left < 0) {
        return Optional.of(
            "they take more than the sector's " + sector.sealProof().sectorSize().bytes());
      }
    }
    return Optional.empty();
  }

  /** What is wrong with the content of a sector that is full; empty if nothing is. */
  static Optional<String> objectionToData(SectorRecord sector) {
    long size = sector.sealProof().sectorSize().bytes();
    if (sector.usedPaddedBytes() != size) {
      return Optional.of(
          "they take " + sector.usedPaddedBytes() + " of the sector's " + size + " padded bytes");
    }
    Commitment found =
        DataCommitment.ofPieces(sector.sealProof().sectorSize(), sector.pieceInfos());
    return sector
        .commD()
        .filter(commD -> !commD.equals(found))
        .map(commD -> "their commitment is " + found + ", CommD is " + commD);
  }

  /** What its proof must be of; only of one that is sealed. */
  PoRep poRep(SectorRecord sector) {
    return new PoRep(
        new SectorRef(sector.sector(), proof),
        sector.ticket().orElseThrow().value(),
        sector.commit().seed().orElseThrow().value(),
        new SealedCommitments(sector.commR().orElseThrow(), sector.commD().orElseThrow()));
  }
}
