package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorEvent.SectorReceive;
import java.io.IOException;
import java.util.Optional;

/** Takes in sectors that were sealed elsewhere. Thread-safe. */
public final class SectorImports {

  private final PipelineParts parts;
  private final SectorMachines machines;
  private final ImportBook book;
  private final SectorNumbers numbers;

  SectorImports(
      PipelineParts parts, SectorMachines machines, ImportBook book, SectorNumbers numbers) {
    this.parts = parts;
    this.machines = machines;
    this.book = book;
    this.numbers = numbers;
  }

  /**
   * What is wrong with the pieces of a sector that is not known here yet; empty if they are what
   * the chain says of their deals.
   */
  public Optional<String> objectionToPieces(SectorRecord sector) throws ChainFault {
    return switch (PieceChecks.check(sector, parts.miner(), parts.chain())) {
      case PieceChecks.Finding.Good _ -> Optional.empty();
      case PieceChecks.Finding.InvalidDeals found -> Optional.of(found.why());
      case PieceChecks.Finding.ExpiredDeals found -> Optional.of(found.why());
      case PieceChecks.Finding.InvalidPiece found -> Optional.of(found.why());
    };
  }

  /**
   * Makes the sector's record, which then fetches its files; its number is used from here on.
   * Everything about it was checked.
   *
   * @param received as it is to be, in the state where it goes on
   * @param sources where its files come from
   * @throws SectorRefused with the reference's text if there is such a sector by now, or somebody
   *     is about to make one of this number
   */
  public void receive(SectorRecord received, ImportSources sources)
      throws SectorRefused, IOException {
    SectorId sector = received.sector();
    try (SectorNumbers.Claim claim = numbers.claim(sector).orElse(null)) {
      if (claim == null || machines.find(sector).isPresent()) {
        throw new SectorRefused("sector " + sector.number() + " state already exists");
      }
      // Whether it was free does not matter: a number without a record was given out and lost.
      boolean _ = parts.journal().allocateNumber(sector);
      SectorRecord arriving =
          received.withReturnState(received.state()).withImported(sources.shown());
      synchronized (book) {
        book.put(sector, sources);
        machines.create(
            SectorRecord.fresh(sector, received.sealProof()),
            new SectorReceive(received.state(), arriving));
      }
      // As after a restart: who offers one of its pieces again hears where it is.
      machines.services().input().remember(arriving);
    }
  }

  void start() throws IOException {
    synchronized (book) {
      book.sweep();
    }
  }
}
