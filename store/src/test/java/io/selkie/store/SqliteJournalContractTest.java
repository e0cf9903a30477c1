package io.selkie.store;

import io.selkie.pipeline.SectorJournal;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalContractTest extends SqlJournalContract {

  @TempDir Path directory;

  @Override
  SectorJournal open() throws IOException {
    return SqliteJournal.open(directory.resolve("journal.db"));
  }

  @Override
  String url() {
    return "jdbc:sqlite:" + directory.resolve("journal.db");
  }

  @Override
  String blob(String hex) {
    return "x'" + hex + "'";
  }
}
