package io.selkie.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.query.SectorFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalQueriesTest extends JournalQueriesContract {

  @TempDir Path directory;

  @Override
  SqlJournal open() throws IOException {
    return SqliteJournal.open(directory.resolve("journal.db"));
  }

  @Override
  String url() {
    return "jdbc:sqlite:" + directory.resolve("journal.db");
  }

  /** Of either engine: the backup is one file, and its positions are those of the journal. */
  @Test
  void backup_restoredIntoPostgres_keepsPositionsAndRows() throws IOException {
    Path backup = directory.resolve("backup");
    SectorId sector = SectorId.of(1000, 1);
    try (SqliteJournal from = SqliteJournal.open(directory.resolve("from.db"))) {
      from.append(List.of(JournalEntries.entry(sector, 1, "Packing")));
      from.append(List.of(JournalEntries.entry(sector, 2, "PreCommit1")));
      JournalBackup.write(from, backup);
      try (PostgresJournal to =
          PostgresJournal.open(PostgresServer.emptySchema(), "postgres", "", "test")) {
        JournalBackup.restoreInto(backup, to);
        assertThat(to.after(0, 10)).isEqualTo(from.after(0, 10));
        ActorId miner = sector.miner();
        assertThat(to.page(miner, SectorFilter.ALL, -1, 9))
            .isEqualTo(from.page(miner, SectorFilter.ALL, -1, 9))
            .hasSize(1);
        to.append(List.of(JournalEntries.entry(sector, 3, "WaitSeed")));
        assertThat(to.lastPosition()).isEqualTo(3);
      }
    }
  }
}
