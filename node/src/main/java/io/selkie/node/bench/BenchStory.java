package io.selkie.node.bench;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.PieceDealInfo.AllocationKey;
import io.selkie.pipeline.PieceDealInfo.DealProposal;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.SectorEvent;
import io.selkie.pipeline.SectorPiece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What happens to a sector from its start on, with everything that the events carry. */
enum BenchStory {
  /** To the proof and on. */
  WHOLE,
  /** As {@link #WHOLE}, then marked for an upgrade. */
  MARKED,
  /** As {@link #WHOLE}, then terminated and removed. */
  ENDED,
  /** As {@link #WHOLE}, then its files are gone. */
  LOST,
  /** It has a piece and waits for more. */
  FILLING,
  /** Its first phase failed. */
  UNSEALABLE,
  /** As {@link #UNSEALABLE}, and somebody gave it up. */
  GIVEN_UP,
  /** Pre-committed. */
  WAITING,
  /** Its proof was refused. */
  UNPROVABLE;

  /** No story is longer. */
  static final int MOST_EVENTS = 40;

  /** The pieces of a sector at most. */
  private static final int PIECES = 4;

  /** The output of phase 1 for a sector of 2 KiB, as the reference writes it. */
  private static final int PHASE_1_BYTES = 590;

  /** One proof: a sector of 2 KiB has one partition. */
  private static final int PROOF_BYTES = 192;

  private static final Cid ZERO_2KIB =
      Cid.parse("baga6ea4seaqpy7usqklokfx2vxuynmupslkeutzexe2uqurdg5vhtebhxqmpqmy");

  List<SectorEvent> events(SectorId sector, RegisteredSealProof proof, SplittableRandom random) {
    List<SectorEvent> events = new ArrayList<>();
    fill(events, sector, proof, random);
    if (this == FILLING) {
      return events;
    }
    preCommit(events, random);
    switch (this) {
      case GIVEN_UP -> events.add(new SectorEvent.SectorForceState("FailedUnrecoverable"));
      case WHOLE, UNPROVABLE -> prove(events, random);
      case MARKED -> {
        prove(events, random);
        events.add(new SectorEvent.SectorMarkForUpdate());
      }
      case ENDED -> {
        prove(events, random);
        end(events, random);
      }
      case LOST -> {
        prove(events, random);
        events.add(new SectorEvent.SectorFaulty());
      }
      case FILLING, UNSEALABLE, WAITING -> {
        // Nothing comes after.
      }
    }
    return events;
  }

  /** One sector in five holds no client data. */
  private void fill(
      List<SectorEvent> events,
      SectorId sector,
      RegisteredSealProof proof,
      SplittableRandom random) {
    if (this != FILLING && random.nextInt(5) == 0) {
      events.add(new SectorEvent.SectorStartCC(sector.number(), proof));
      Commitment zeros = ZERO_2KIB.commitment().orElseThrow();
      events.add(
          new SectorEvent.SectorPacked(
              Optional.of(
                  List.of(new PieceInfo(new PaddedPieceSize(SectorSize.KIB_2.bytes()), zeros)))));
      return;
    }
    events.add(new SectorEvent.SectorStart(sector.number(), proof));
    int pieces = this == FILLING ? 2 : 1 << random.nextInt(3);
    for (int i = 0; i < (this == FILLING ? 1 : pieces); i++) {
      events.add(new SectorEvent.SectorAddPiece());
      long deal = 1 + sector.number().value() * PIECES + i;
      SectorPiece piece = piece(SectorSize.KIB_2.bytes() / pieces, deal, random);
      events.add(new SectorEvent.SectorPieceAdded(Optional.of(List.of(piece))));
    }
    if (this != FILLING) {
      events.add(new SectorEvent.SectorStartPacking());
      events.add(new SectorEvent.SectorPacked(Optional.empty()));
    }
  }

  private void preCommit(List<SectorEvent> events, SplittableRandom random) {
    boolean fails = this == UNSEALABLE || this == GIVEN_UP;
    for (int failures = fails ? 2 : Math.max(0, random.nextInt(20) - 17); ; failures--) {
      events.add(
          new SectorEvent.SectorTicket(
              new Randomness(bytes32(random)), new ChainEpoch(1 + random.nextInt(1000))));
      if (failures == 0) {
        break;
      }
      if (fails && failures == 1) {
        events.add(phase1Failed());
        return;
      }
      events.add(new SectorEvent.SectorOldTicket());
    }
    if (random.nextInt(20) == 0) {
      events.add(phase1Failed());
      events.add(new SectorEvent.SectorRetrySealPreCommit1());
    }
    events.add(new SectorEvent.SectorPreCommit1(opaque(random, PHASE_1_BYTES)));
    events.add(new SectorEvent.SectorPreCommit2(sealed(random), unsealed(random)));
    events.add(new SectorEvent.SectorPreCommitBatchSent(block(random)));
    events.add(new SectorEvent.SectorPreCommitLanded(List.of(block(random))));
  }

  private static SectorEvent phase1Failed() {
    return new SectorEvent.SectorSealPreCommit1Failed(
        "pre-commit 1: cache/s-t01000: write sc-02-data-layer-7.dat: No space left on device");
  }

  private void prove(List<SectorEvent> events, SplittableRandom random) {
    int refusals = this == UNPROVABLE ? 1 : Math.max(0, random.nextInt(40) - 38);
    events.add(
        new SectorEvent.SectorSeedReady(
            new Randomness(bytes32(random)), new ChainEpoch(1000 + random.nextInt(1000))));
    while (true) {
      events.add(new SectorEvent.SectorCommitted(opaque(random, PROOF_BYTES)));
      events.add(new SectorEvent.SectorCommitAggregateSent(block(random)));
      if (refusals-- == 0) {
        break;
      }
      events.add(new SectorEvent.SectorCommitFailed("message exited with code 16: invalid proof"));
      if (this == UNPROVABLE) {
        return;
      }
      events.add(new SectorEvent.SectorRetryComputeProof());
    }
    events.add(new SectorEvent.SectorProving());
    events.add(new SectorEvent.SectorFinalized());
  }

  private static void end(List<SectorEvent> events, SplittableRandom random) {
    events.add(new SectorEvent.SectorTerminate());
    events.add(new SectorEvent.SectorTerminating(Optional.of(block(random))));
    events.add(new SectorEvent.SectorTerminated(new ChainEpoch(2500)));
    events.add(new SectorEvent.SectorRemove(Optional.empty()));
    events.add(new SectorEvent.SectorRemoved());
  }

  private static SectorPiece piece(long paddedBytes, long deal, SplittableRandom random) {
    PaddedPieceSize size = new PaddedPieceSize(paddedBytes);
    Cid cid = unsealed(random);
    DealSchedule schedule = new DealSchedule(new ChainEpoch(10_000), new ChainEpoch(1_400_000));
    PieceInfo piece = new PieceInfo(size, cid.commitment().orElseThrow());
    if (random.nextInt(4) == 0) {
      PieceActivationManifest manifest =
          new PieceActivationManifest(
              cid, size, Optional.of(new AllocationKey(new ActorId(2000), deal)), Optional.empty());
      return new SectorPiece(
          piece, Optional.of(PieceDealInfo.direct(manifest, schedule, random.nextBoolean())));
    }
    DealProposal proposal =
        new DealProposal(
            cid,
            size,
            random.nextBoolean(),
            "t0" + (2000 + random.nextInt(500)),
            "t01000",
            block(random).toString(),
            schedule.startEpoch(),
            schedule.endEpoch(),
            TokenAmount.of(random.nextLong(1_000_000)),
            TokenAmount.of(random.nextLong(1L << 50)),
            TokenAmount.ZERO);
    return new SectorPiece(
        piece,
        Optional.of(
            new PieceDealInfo(
                Optional.of(block(random)),
                new DealId(deal),
                Optional.of(proposal),
                schedule,
                Optional.empty(),
                random.nextBoolean())));
  }

  private static Cid sealed(SplittableRandom random) {
    return Cid.ofSealed(new Commitment(bytes32(random)));
  }

  private static Cid unsealed(SplittableRandom random) {
    return Cid.ofUnsealed(new Commitment(bytes32(random)));
  }

  /** The CID of a message or a block. */
  private static Cid block(SplittableRandom random) {
    return Cid.of(Cid.DAG_CBOR, Cid.BLAKE2B_256, bytes32(random));
  }

  /** Below the field's order, as every commitment and every ticket is. */
  private static byte[] bytes32(SplittableRandom random) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    bytes[31] &= 0x3f;
    return bytes;
  }

  private static OpaqueBytes opaque(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return OpaqueBytes.of(bytes);
  }
}
