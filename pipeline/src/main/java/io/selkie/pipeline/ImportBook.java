package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secret half of imports: whole addresses and headers, durable beside the records, so that no
 * entry, log or history ever holds them. Those of files are forgotten once the files are here,
 * those of endpoints with the sector. Thread-safe.
 */
final class ImportBook {

  private static final Logger LOG = LoggerFactory.getLogger(ImportBook.class);

  private static final String PREFIX = "import/";

  private record Stored(@Wire("V") int version, ImportSources sources) {}

  private final ActorId miner;
  private final SectorJournal journal;

  ImportBook(ActorId miner, SectorJournal journal) {
    this.miner = miner;
    this.journal = journal;
  }

  private static String key(SectorId sector) {
    return PREFIX + sector.miner() + "/" + sector.number();
  }

  /** Durable when this returns; before the sector's record is made. */
  void put(SectorId sector, ImportSources sources) throws IOException {
    journal.putValue(
        key(sector),
        Optional.of(
            WireJson.write(new Stored(WireJson.STORED_VERSION, sources))
                .getBytes(StandardCharsets.UTF_8)));
  }

  /** What is known; empty for a sector that was made here, or whose record came from elsewhere. */
  Optional<ImportSources> of(SectorId sector) {
    try {
      return journal.getValue(key(sector)).map(ImportBook::decode);
    } catch (IOException e) {
      throw new JournalFailure(e);
    }
  }

  private static ImportSources decode(byte[] stored) {
    return WireJson.read(WireJson.parse(new String(stored, StandardCharsets.UTF_8)), Stored.class)
        .sources();
  }

  /** The files of the sector are here. */
  void arrived(SectorId sector) {
    try {
      Optional<ImportSources> known = of(sector);
      if (known.isPresent() && known.get().hasFiles()) {
        keep(sector, known.get().arrived());
      }
    } catch (IOException e) {
      throw new JournalFailure(e);
    }
  }

  private void keep(SectorId sector, ImportSources rest) throws IOException {
    if (rest.hasEndpoints()) {
      put(sector, rest);
    } else {
      journal.putValue(key(sector), Optional.empty());
    }
  }

  /** Takes note of where a sector has moved to. */
  void moved(SectorRecord sector) {
    if (sector.imported().isPresent() && sector.state().equals(SectorState.Removed.wireName())) {
      forget(sector.sector());
    }
  }

  private void forget(SectorId sector) {
    try {
      journal.putValue(key(sector), Optional.empty());
    } catch (IOException e) {
      throw new JournalFailure(e);
    }
  }

  /**
   * Forgets what a crash kept from being forgotten. What cannot be read stays, and the others start
   * all the same.
   */
  void sweep() throws IOException {
    for (String key : journal.values(PREFIX + miner + "/").keySet()) {
      try {
        sweep(key);
      } catch (IllegalArgumentException unreadable) {
        LOG.error("{} of the journal cannot be read; it stays", key, unreadable);
      }
    }
  }

  private void sweep(String key) throws IOException {
    String number = key.substring(key.lastIndexOf('/') + 1);
    SectorId sector = new SectorId(miner, new SectorNumber(Long.parseLong(number)));
    Optional<Snapshot> row = journal.load(sector);
    if (row.isEmpty() || row.get().state().equals(SectorState.Removed.wireName())) {
      LOG.info("forgot where sector {} was to come from: there is no such sector", sector);
      forget(sector);
    } else if (!row.get().state().equals(SectorState.ReceiveSector.wireName())
        && hasArrived(row.get())) {
      arrived(sector);
    }
  }

  /** Not one that an operator forced elsewhere for a while. */
  private static boolean hasArrived(Snapshot row) {
    try {
      return RecordCodec.decode(row).returnState().isEmpty();
    } catch (UndecodableRecord _) { // repaired later; until then nothing is forgotten of it
      return false;
    }
  }
}
