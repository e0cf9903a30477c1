package io.selkie.pipeline;

import io.selkie.abi.Cid;
import io.selkie.abi.Randomness;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import java.util.Optional;

/**
 * Those who sealed a sector elsewhere, and perhaps seal on: their files, their proofs, and what
 * they want to hear. Every call blocks, may be made twice, and ends with {@link SealFault} of kind
 * CANCELLED when its thread is interrupted. No message holds an address' secrets or a header.
 * Implementations are thread-safe.
 *
 * <p>Source: lotus 1.36, storage/pipeline/receive.go and states_sealing.go (remote commits).
 */
public interface RemoteSealer {

  /**
   * What a proof of replication is of.
   *
   * @param sector the sector
   * @param ticket its seal randomness
   * @param seed the interactive randomness
   * @param sealed its commitments
   */
  record PoRep(SectorRef sector, Randomness ticket, Randomness seed, SealedCommitments sealed) {}

  /** Nobody: an imported sector stands still. */
  RemoteSealer NONE = new NoRemoteSealer();

  /**
   * Brings the sector's files to a path of this machine, checked as far as they can be: the data by
   * its commitment if it is complete, the cache by CommR, the replica by some of its nodes. Files
   * that are there are not fetched again.
   *
   * @throws SealFault BAD_REQUEST or DAMAGED_FILE if what came is not the sector's, so that trying
   *     again is of no use; IO or MISSING_FILE if it did not come
   */
  void fetch(SectorRecord sector, ImportSources from, Progress progress) throws SealFault;

  /**
   * The first half of the commit proof.
   *
   * @param endpoint who computes it
   */
  byte[] commit1(String endpoint, PoRep what) throws SealFault;

  /**
   * The second half of the commit proof.
   *
   * @param endpoint who computes it
   */
  byte[] commit2(String endpoint, SectorRef sector, byte[] commit1Out) throws SealFault;

  /** What is wrong with a proof of replication; empty if it holds. */
  Optional<String> objection(PoRep what, byte[] proof);

  /**
   * Says that sealing has ended.
   *
   * @param endpoint who wants to hear it
   * @param state where it ended
   */
  void sealingDone(String endpoint, boolean successful, String state, Optional<Cid> commitMessage)
      throws SealFault;
}
