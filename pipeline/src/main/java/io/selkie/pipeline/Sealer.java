package io.selkie.pipeline;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The work on a sector's files. The pipeline asks; storage and proofs answer.
 *
 * <p>Every call blocks until its result is durable (forced), may run twice with the same arguments
 * and the same outcome, takes the locks it needs itself, and ends with {@link SealFault} of kind
 * CANCELLED when its thread is interrupted. Implementations are thread-safe.
 */
public interface Sealer {

  /** A sector and the proof it is sealed under. */
  record SectorRef(SectorId id, RegisteredSealProof proof) {}

  /** Where a piece's bytes come from; opened once per attempt. */
  @FunctionalInterface
  interface PieceSource {
    /** A stream of exactly the piece's unpadded bytes; the caller closes it. */
    InputStream open() throws IOException;
  }

  /** What pre-commit 2 yields. */
  record SealedCommitments(Commitment commR, Commitment commD) {}

  /**
   * A range of client bytes.
   *
   * @param offsetBytes unpadded, a multiple of 127
   * @param sizeBytes unpadded, a multiple of 127
   */
  record UnpaddedRange(long offsetBytes, long sizeBytes) {}

  /**
   * Writes one piece into the unsealed file (created when absent), padded by fr32.
   *
   * @param offsetPaddedBytes where in the sector, a multiple of the padded size
   * @return the piece as written, its commitment computed from the bytes that came
   * @throws SealFault BAD_REQUEST if it does not fit or the source is shorter or longer than {@code
   *     size}
   */
  PieceInfo addPiece(
      SectorRef sector,
      long offsetPaddedBytes,
      UnpaddedPieceSize size,
      PieceSource data,
      Progress progress)
      throws SealFault;

  /**
   * As {@link #addPiece} with zeros, without reading them; {@code size} may be the whole sector.
   */
  PieceInfo addZeros(
      SectorRef sector, long offsetPaddedBytes, UnpaddedPieceSize size, Progress progress)
      throws SealFault;

  /**
   * Pre-commit 1: TreeD and the label layers. What an earlier attempt left is deleted first.
   *
   * @param pieces all pieces in order, fillers included; their commitment must equal the data's
   * @return the reference's phase-1 output, UTF-8 JSON
   */
  byte[] sealPreCommit1(
      SectorRef sector, Randomness ticket, List<PieceInfo> pieces, Progress progress)
      throws SealFault;

  /** Pre-commit 2: TreeC, the replica, TreeR. */
  SealedCommitments sealPreCommit2(SectorRef sector, byte[] preCommit1Out, Progress progress)
      throws SealFault;

  /**
   * Commit 1: the vanilla proofs.
   *
   * @return the reference's phase-1 output of the commit, UTF-8 JSON
   */
  byte[] sealCommit1(
      SectorRef sector,
      Randomness ticket,
      Randomness seed,
      List<PieceInfo> pieces,
      SealedCommitments commitments,
      Progress progress)
      throws SealFault;

  /**
   * Commit 2: the proof that goes on chain. Until circuits are there this is the vanilla proof
   * itself, in its binary form, which the devnet's miner actor verifies whole.
   */
  byte[] sealCommit2(SectorRef sector, byte[] commit1Out, Progress progress) throws SealFault;

  /**
   * Keeps what a proving sector needs, deletes the rest (layers, tree-c, tree-d), drops unsealed
   * data outside {@code keepUnsealed} and moves everything to long-term storage.
   */
  void finalizeSector(SectorRef sector, List<UnpaddedRange> keepUnsealed) throws SealFault;

  /**
   * Removes all files of the sector from all paths. Absent files are no error.
   *
   * @param permit made for this sector; another one is refused and nothing removed
   * @throws SealFault BAD_REQUEST if the permit is for another sector
   */
  void remove(SectorId sector, RemovalPermit permit) throws SealFault;

  /**
   * Puts aside what an upgrade that never took effect has made: the new replica with its cache, and
   * the new data. The replica from before is not touched. Absent files are no error.
   */
  void dropUpgrade(SectorId sector) throws SealFault;

  /**
   * Recovers the whole sector's data from its replica into the unsealed file, checks it against
   * {@code commD}, and only then marks it as present. Returns at once if everything is present
   * already, whatever the ticket.
   *
   * @param ticket as the caller gave it
   * @throws SealFault BAD_REQUEST if a ticket is needed and this is none
   */
  void unseal(SectorRef sector, OpaqueBytes ticket, Commitment commD, Progress progress)
      throws SealFault;

  /** As above, with a ticket that is known to be one. */
  default void unseal(SectorRef sector, Randomness ticket, Commitment commD, Progress progress)
      throws SealFault {
    unseal(sector, OpaqueBytes.of(ticket.bytes()), commD, progress);
  }

  /** Whether every byte of the range is present in an unsealed file. */
  boolean isUnsealed(SectorRef sector, UnpaddedRange range) throws SealFault;

  /**
   * The client bytes of the range, read from the unsealed file.
   *
   * @throws SealFault MISSING_FILE if they are not all there: unseal first
   */
  InputStream readPiece(SectorRef sector, UnpaddedRange range) throws SealFault;
}
