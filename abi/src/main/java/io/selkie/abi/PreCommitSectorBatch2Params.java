package io.selkie.abi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of {@code PreCommitSectorBatch2}: sectors to pre-commit, all or none.
 *
 * <p>Source: go-state-types builtin/v16/miner, PreCommitSectorBatchParams2.
 *
 * @param sectors at most {@link #MAX_SECTORS} when read
 */
public record PreCommitSectorBatch2Params(List<Sector> sectors) {

  /** The method's number on the miner actor. */
  public static final long METHOD = 28;

  /** The most sectors in one message (specs-actors policy, PreCommitSectorBatchMaxSize). */
  public static final int MAX_SECTORS = 256;

  /** Copies the list. */
  public PreCommitSectorBatch2Params {
    sectors = List.copyOf(sectors);
  }

  /**
   * What is promised about one sector.
   *
   * @param sealProof how it is sealed
   * @param number its number
   * @param sealedCid CommR
   * @param sealRandEpoch the epoch its ticket was drawn at; below zero on a young chain
   * @param expiration its last epoch
   * @param unsealedCid CommD; empty for a sector of zeros
   */
  public record Sector(
      RegisteredSealProof sealProof,
      SectorNumber number,
      Cid sealedCid,
      ChainEpoch sealRandEpoch,
      ChainEpoch expiration,
      Optional<Cid> unsealedCid) {}

  /** The DAG-CBOR. */
  public byte[] encode() {
    DagCborWriter out = new DagCborWriter().array(1).array(sectors.size());
    for (Sector sector : sectors) {
      out.array(7)
          .integer(sector.sealProof().number())
          .integer(sector.number().value())
          .cid(sector.sealedCid())
          .integer(sector.sealRandEpoch().value())
          .array(0)
          .integer(sector.expiration().value());
      sector.unsealedCid().ifPresentOrElse(out::cid, out::nul);
    }
    return out.toByteArray();
  }

  /**
   * Reads {@link #encode}; deal ids, which this method no longer takes, must be an empty array.
   *
   * @throws DagCborException for anything else
   */
  public static PreCommitSectorBatch2Params decode(byte[] params) {
    DagCborReader in = new DagCborReader(params);
    in.tuple(1);
    int count = in.array(MAX_SECTORS);
    List<Sector> sectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      in.tuple(7);
      int proofAt = in.offset();
      long proof = in.integer();
      if (proof < 0 || proof >= RegisteredSealProof.values().length) {
        throw new DagCborException(proofAt, "unsupported proof type: " + proof);
      }
      SectorNumber number = new SectorNumber(in.natural());
      Cid sealed = in.cid();
      ChainEpoch sealRand = new ChainEpoch(in.integer());
      in.tuple(0);
      ChainEpoch expiration = new ChainEpoch(in.integer());
      Optional<Cid> unsealed = in.nul() ? Optional.empty() : Optional.of(in.cid());
      sectors.add(
          new Sector(
              RegisteredSealProof.ofNumber(proof), number, sealed, sealRand, expiration, unsealed));
    }
    in.end();
    return new PreCommitSectorBatch2Params(sectors);
  }
}
