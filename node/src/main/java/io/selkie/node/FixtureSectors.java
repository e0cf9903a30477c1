package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.PieceDealInfo.AllocationKey;
import io.selkie.pipeline.PieceDealInfo.DealProposal;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.PieceDealInfo.Notification;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.SectorPiece;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRecord.Commit;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.SectorRecord.Failures;
import io.selkie.pipeline.SectorRecord.PreCommit;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The sector records of fixture F1. */
final class FixtureSectors {

  static final Cid COMM_D =
      Cid.parse("baga6ea4seaqpy7usqklokfx2vxuynmupslkeutzexe2uqurdg5vhtebhxqmpqmy");
  static final Cid COMM_R =
      Cid.parse("bagboea4b5abcam7ydc6cpedzni3sgusigw4sit2k2sji7mug5gw7ufxfs2bje7x4");
  static final Cid PIECE =
      Cid.parse("baga6ea4seaqb66wjlfkrbye6uqoemcyxmqylwmrm235uclwfpsyx3ge2imidoly");
  static final Cid MESSAGE =
      Cid.parse("bafy2bzacea3wsdh6y3a36tb3skempjoxqpuyompjbmfeyf34fi3uy6uue42v4");

  private static final PaddedPieceSize SIZE = new PaddedPieceSize(1024);
  private static final DealSchedule SCHEDULE =
      new DealSchedule(new ChainEpoch(10101), new ChainEpoch(20202));

  private FixtureSectors() {}

  static List<SectorRecord> all() {
    return List.of(
        full(9),
        empty(10, "WaitDeals"),
        empty(11, "Removed"),
        mixed(12),
        empty(13, "FailedUnrecoverable"),
        committedCapacity(100),
        empty(101, "Proving"),
        empty(102, "Proving"),
        empty(103, "Faulty"),
        empty(104, "Proving"),
        empty(105, "Proving"));
  }

  static SectorRecord empty(long number, String state) {
    SectorRecord fresh = fresh(number);
    return record(
        number,
        state,
        List.of(),
        Optional.empty(),
        fresh.preCommit(),
        fresh.commit(),
        fresh.failures());
  }

  /** Everything set, with a market deal and a filler. */
  private static SectorRecord full(long number) {
    byte[] seven = new byte[32];
    seven[0] = 7;
    Drawn drawn = new Drawn(new Randomness(seven), new ChainEpoch(10101));
    OpaqueBytes proof = OpaqueBytes.of("byte array".getBytes(StandardCharsets.US_ASCII));
    return record(
        number,
        "Proving",
        List.of(piece(marketDeal("string value <&>")), filler()),
        Optional.of(drawn),
        sealed(Optional.of(MESSAGE)),
        new Commit(Optional.of(drawn), Optional.of(proof), Optional.of(MESSAGE)),
        new Failures(0, 0, 42, Collections.emptySortedMap(), Optional.empty()));
  }

  /** Pieces brought on chain directly, a deal whose label is bytes, and one that is not valid. */
  private static SectorRecord mixed(long number) {
    Notification notify = new Notification("f01234", OpaqueBytes.of(new byte[] {1, 2, 3}));
    PieceDealInfo invalid =
        new PieceDealInfo(
            Optional.of(MESSAGE),
            new DealId(0),
            Optional.empty(),
            SCHEDULE,
            Optional.empty(),
            true);
    SectorRecord fresh = fresh(number);
    return record(
        number,
        "Available",
        List.of(
            piece(
                direct(
                    Optional.of(new AllocationKey(new ActorId(1234), 55)),
                    Optional.of(List.of(notify)))),
            piece(direct(Optional.empty(), Optional.empty())),
            piece(marketDeal("")),
            piece(invalid)),
        Optional.empty(),
        fresh.preCommit(),
        fresh.commit(),
        fresh.failures());
  }

  private static SectorRecord committedCapacity(long number) {
    SectorRecord fresh = fresh(number);
    return record(
        number,
        "Proving",
        List.of(filler(), filler()),
        Optional.of(new Drawn(new Randomness(new byte[32]), ChainEpoch.ZERO)),
        sealed(Optional.empty()),
        fresh.commit(),
        fresh.failures());
  }

  private static SectorRecord fresh(long number) {
    return SectorRecord.fresh(
        new SectorId(FixtureChain.MINER, new io.selkie.abi.SectorNumber(number)),
        RegisteredSealProof.ofNumber(5));
  }

  private static SectorRecord record(
      long number,
      String state,
      List<SectorPiece> pieces,
      Optional<Drawn> ticket,
      PreCommit preCommit,
      Commit commit,
      Failures failures) {
    SectorRecord fresh = fresh(number);
    return new SectorRecord(
        fresh.sector(),
        state,
        fresh.sealProof(),
        0,
        pieces,
        ticket,
        preCommit,
        commit,
        fresh.upgrade(),
        fresh.termination(),
        failures,
        "",
        "",
        0,
        1,
        Optional.empty(),
        Optional.empty());
  }

  private static PreCommit sealed(Optional<Cid> message) {
    return new PreCommit(
        Optional.empty(),
        Optional.of(COMM_D),
        Optional.of(COMM_R),
        message,
        List.of(),
        TokenAmount.ZERO);
  }

  private static SectorPiece piece(PieceDealInfo info) {
    return new SectorPiece(filler().piece(), Optional.of(info));
  }

  private static SectorPiece filler() {
    return SectorPiece.filler(new PieceInfo(SIZE, PIECE.commitment().orElseThrow()));
  }

  private static PieceDealInfo marketDeal(String label) {
    DealProposal proposal =
        new DealProposal(
            PIECE,
            SIZE,
            true,
            "f01234",
            "f01000",
            label,
            SCHEDULE.startEpoch(),
            SCHEDULE.endEpoch(),
            TokenAmount.of(7),
            TokenAmount.ZERO,
            TokenAmount.ZERO);
    return new PieceDealInfo(
        Optional.of(MESSAGE),
        new DealId(5432),
        Optional.of(proposal),
        SCHEDULE,
        Optional.empty(),
        true);
  }

  private static PieceDealInfo direct(
      Optional<AllocationKey> allocation, Optional<List<Notification>> notify) {
    return PieceDealInfo.direct(
        new PieceActivationManifest(PIECE, SIZE, allocation, notify), SCHEDULE, false);
  }
}
