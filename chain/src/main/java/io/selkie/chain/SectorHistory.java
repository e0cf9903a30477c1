package io.selkie.chain;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.SectorNumber;
import java.util.List;
import java.util.Optional;

/**
 * What the messages on chain say of one sector, beyond what the miner actor still knows.
 *
 * @param number which
 * @param preCommit its last pre-commit that was taken
 * @param proven the last message that carried its proof, which may have been refused for it
 */
public record SectorHistory(
    SectorNumber number, Optional<PreCommitted> preCommit, Optional<Proven> proven) {

  /** A pre-commit: the message, the tip set it landed in, and what it promised. */
  public record PreCommitted(
      Cid message,
      List<Cid> tipSet,
      ChainEpoch landed,
      PreCommitSectorBatch2Params.Sector promised) {}

  /** A proof: the message, and the pieces it named in order, zero pieces left out. */
  public record Proven(Cid message, List<Piece> pieces) {}

  SectorHistory with(PreCommitted next) {
    return new SectorHistory(number, Optional.of(next), proven);
  }

  SectorHistory with(Proven next) {
    return new SectorHistory(number, preCommit, Optional.of(next));
  }
}
