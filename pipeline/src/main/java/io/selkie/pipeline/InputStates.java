package io.selkie.pipeline;

import io.selkie.abi.Cid;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.PieceLayout;
import io.selkie.pipeline.InputQueue.Pending;
import io.selkie.pipeline.InputRules.Packing;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.SectorEvent.SectorAddPiece;
import io.selkie.pipeline.SectorEvent.SectorAddPieceFailed;
import io.selkie.pipeline.SectorEvent.SectorPacked;
import io.selkie.pipeline.SectorEvent.SectorPieceAdded;
import io.selkie.pipeline.SectorEvent.SectorRetryWaitDeals;
import io.selkie.pipeline.SectorEvent.SectorStartPacking;
import io.selkie.pipeline.WorkPool.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From an empty sector to a full one: WaitDeals, AddPiece, AddPieceFailed, Packing. */
final class InputStates {

  /** A sector without a piece has no deadline; it looks again now and then all the same. */
  private static final Duration LOOK_AGAIN = Duration.ofHours(1);

  private InputStates() {}

  static Outcome waitDeals(SectorRecord sector, SealingServices services) throws ChainFault {
    Instant now = services.clock().instant();
    Packing packing =
        InputRules.packing(
            sector,
            services.config().input(),
            services.chain().timing(),
            services.chain().head().height(),
            now);
    if (packing instanceof Packing.Now) {
      return Outcome.emit(new SectorStartPacking());
    }
    if (services.input().opened(sector)) {
      return Outcome.emit(new SectorAddPiece());
    }
    services.input().matchSoon();
    return switch (packing) {
      case Packing.At at ->
          new Outcome.WaitUntil(at.at(), Optional.empty(), "waits for more pieces");
      case Packing.NotYet _, Packing.Now _ ->
          new Outcome.WaitUntil(
              now.plus(LOOK_AGAIN), Optional.empty(), "waits for its first piece");
    };
  }

  /**
   * Writes one piece, with the zeros before it. One event per piece: the piece is in the record
   * before its caller hears of it, and a failure of the next one costs nothing.
   */
  static Outcome addPiece(SectorRecord sector, SealingServices services)
      throws SealFault, InterruptedException {
    Optional<Pending> next = services.input().next(sector);
    if (next.isEmpty()) {
      return Outcome.emit(new SectorPieceAdded(Optional.empty()));
    }
    Pending piece = next.get();
    PaddedPieceSize size = piece.size().padded();
    long used = sector.usedPaddedBytes();
    List<PaddedPieceSize> padding = PieceLayout.paddingBefore(used, size);
    long offset = used + padding.stream().mapToLong(PaddedPieceSize::bytes).sum();
    long sectorBytes = sector.sealProof().sectorSize().bytes();
    if (offset + size.bytes() > sectorBytes || InputRules.isAtDealLimit(sector)) {
      services.input().requeue(sector.sector(), piece);
      return Outcome.emit(new SectorPieceAdded(Optional.empty()));
    }
    try {
      List<SectorPiece> added = write(sector, services, piece, padding, used, offset);
      return new Outcome.Emit(
          new SectorPieceAdded(Optional.of(added)),
          () ->
              services
                  .input()
                  .accepted(
                      sector.sector(), piece, new SectorOffset(sector.sector().number(), offset)));
    } catch (SealFault e) {
      return switch (e.kind()) {
        case NO_SPACE, UNREACHABLE, CANCELLED -> throw e;
        case MISSING_FILE, DAMAGED_FILE, BAD_REQUEST, IO -> {
          String why = "writing piece: " + e.getMessage();
          yield new Outcome.Emit(
              new SectorAddPieceFailed(why),
              () -> services.input().refused(sector.sector(), piece, why));
        }
      };
    } catch (PieceRefused e) {
      String why = String.valueOf(e.getMessage());
      return new Outcome.Emit(
          new SectorAddPieceFailed(why),
          () -> services.input().refused(sector.sector(), piece, why));
    }
  }

  private static List<SectorPiece> write(
      SectorRecord sector,
      SealingServices services,
      Pending piece,
      List<PaddedPieceSize> padding,
      long used,
      long offset)
      throws SealFault, InterruptedException, PieceRefused {
    SectorRef ref = ref(sector);
    Progress progress = services.progressOf(sector.sector());
    List<SectorPiece> added = new ArrayList<>();
    services
        .work()
        .run(
            Task.ADD_PIECE,
            sector,
            () -> {
              long at = used;
              for (PaddedPieceSize zeros : padding) {
                PieceInfo filler = services.sealer().addZeros(ref, at, zeros.unpadded(), progress);
                added.add(SectorPiece.filler(filler));
                at += zeros.bytes();
              }
              PieceInfo written =
                  services.sealer().addPiece(ref, offset, piece.size(), piece.source(), progress);
              added.add(new SectorPiece(written, Optional.of(piece.info())));
              return added;
            });
    Cid got = Cid.ofUnsealed(added.getLast().piece().commP());
    Optional<Cid> expected = piece.info().pieceCid();
    if (expected.isPresent() && !expected.get().equals(got)) {
      throw new PieceRefused(
          "got unexpected piece CID: expected:" + expected.get() + ", got:" + got);
    }
    return added;
  }

  static Outcome addPieceFailed(SectorRecord sector, SealingServices services) {
    return Outcome.emit(new SectorRetryWaitDeals());
  }

  /** Fills the rest with zeros, which are really written: the sealer reads every byte. */
  static Outcome packing(SectorRecord sector, SealingServices services)
      throws SealFault, InterruptedException {
    long used = sector.usedPaddedBytes();
    long size = sector.sealProof().sectorSize().bytes();
    if (used > size) {
      return Outcome.park(
          "its pieces take " + used + " padded bytes, more than the sector's " + size);
    }
    Progress progress = services.progressOf(sector.sector());
    SectorRef ref = ref(sector);
    List<PieceInfo> fillers =
        services
            .work()
            .run(
                Task.ADD_PIECE,
                sector,
                () -> {
                  List<PieceInfo> written = new ArrayList<>();
                  long at = used;
                  for (PaddedPieceSize zeros :
                      PieceLayout.fillers(used, sector.sealProof().sectorSize())) {
                    written.add(services.sealer().addZeros(ref, at, zeros.unpadded(), progress));
                    at += zeros.bytes();
                  }
                  return written;
                });
    return Outcome.emit(
        new SectorPacked(fillers.isEmpty() ? Optional.empty() : Optional.of(fillers)));
  }

  static SectorRef ref(SectorRecord sector) {
    return new SectorRef(sector.sector(), sector.sealProof());
  }
}
