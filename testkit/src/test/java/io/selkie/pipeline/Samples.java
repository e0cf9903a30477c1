package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.SectorRecord.Commit;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.SectorRecord.Failures;
import io.selkie.pipeline.SectorRecord.Imported;
import io.selkie.pipeline.SectorRecord.PreCommit;
import io.selkie.pipeline.SectorRecord.Termination;
import io.selkie.pipeline.SectorRecord.Upgrade;
import io.selkie.testkit.FakeChain;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Sectors with every member of their record set, and chains that know of them. */
final class Samples {

  static final ActorId MINER = new ActorId(1000);
  static final SectorId SECTOR = SectorId.of(1000, 7);
  static final long HEAD = 2000;

  private Samples() {}

  static byte[] bytes(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  static Cid message(int fill) {
    return Cid.of(Cid.DAG_CBOR, Cid.BLAKE2B_256, bytes(fill));
  }

  private static PieceInfo piece(long size, int fill) {
    return new PieceInfo(new PaddedPieceSize(size), new Commitment(bytes(fill)));
  }

  /** A whole sector of one piece that a client brought on chain directly. */
  static SectorRecord withDeals(String state) {
    PieceDealInfo info =
        PieceDealInfo.direct(
            new PieceActivationManifest(
                Cid.ofUnsealed(new Commitment(bytes(1))),
                new PaddedPieceSize(2048),
                Optional.empty(),
                Optional.empty()),
            new DealSchedule(new ChainEpoch(20_000), new ChainEpoch(1_600_000)),
            false);
    return record(state, List.of(new SectorPiece(piece(2048, 1), Optional.of(info))));
  }

  /** A whole sector of zeros. */
  static SectorRecord committedCapacity(String state) {
    return record(state, List.of(SectorPiece.filler(piece(2048, 1))));
  }

  /** Half a sector. */
  static SectorRecord halfFull(String state) {
    return record(state, List.of(SectorPiece.filler(piece(1024, 1))));
  }

  private static SectorRecord record(String state, List<SectorPiece> pieces) {
    return new SectorRecord(
        SECTOR,
        state,
        RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
        12,
        pieces,
        Optional.of(new Drawn(new Randomness(bytes(4)), new ChainEpoch(HEAD - 900))),
        new PreCommit(
            Optional.of(OpaqueBytes.of(new byte[] {'{', '}'})),
            Optional.of(Cid.ofUnsealed(new Commitment(bytes(5)))),
            Optional.of(Cid.ofSealed(new Commitment(bytes(6)))),
            Optional.of(message(7)),
            List.of(message(8)),
            TokenAmount.ZERO),
        new Commit(
            Optional.of(new Drawn(new Randomness(bytes(10)), new ChainEpoch(HEAD - 10))),
            Optional.of(OpaqueBytes.of(new byte[] {1, 2, 3})),
            Optional.of(message(11))),
        new Upgrade(
            true,
            List.of(SectorPiece.filler(piece(2048, 12))),
            Optional.of(Cid.ofSealed(new Commitment(bytes(13)))),
            Optional.of(Cid.ofUnsealed(new Commitment(bytes(14)))),
            Optional.of(OpaqueBytes.of(new byte[] {4})),
            Optional.of(message(15))),
        new Termination(Optional.of(message(16)), new ChainEpoch(500)),
        new Failures(0, 0, 0, new TreeMap<>(), Optional.of(message(17))),
        "PreCommit1",
        "",
        0,
        6,
        Optional.empty(),
        Optional.of(new Imported("https://a/u", "", Imported.LOCAL, "", "", "")));
  }

  static SectorRecord fresh(String state) {
    return SectorRecord.fresh(SECTOR, RegisteredSealProof.STACKED_DRG_2KIB_V1_1)
        .withState(state, 0);
  }

  static FakeChain chain() {
    return new FakeChain(MINER, SectorSize.KIB_2, HEAD);
  }

  static PreCommitOnChain preCommitOf(SectorRecord sector) {
    return new PreCommitOnChain(
        sector.sector().number(),
        sector.sealProof(),
        sector.preCommit().commR().orElseThrow(),
        sector.ticket().orElseThrow().epoch(),
        new ChainEpoch(1_600_000),
        Optional.empty(),
        TokenAmount.ZERO,
        new ChainEpoch(HEAD - 20));
  }

  static SectorOnChain sectorOf(SectorRecord sector) {
    return new SectorOnChain(
        sector.sector().number(),
        sector.sealProof(),
        sector.preCommit().commR().orElseThrow(),
        new ChainEpoch(HEAD - 5),
        new ChainEpoch(1_600_000),
        TokenAmount.ZERO,
        TokenAmount.ZERO,
        TokenAmount.of(1));
  }

  static FakeChain chainWithPreCommit() {
    FakeChain chain = chain();
    chain.addPreCommit(preCommitOf(committedCapacity("")));
    return chain;
  }

  static FakeChain chainWithSector() {
    FakeChain chain = chain();
    chain.addSector(sectorOf(committedCapacity("")));
    return chain;
  }
}
