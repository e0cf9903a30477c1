package io.selkie.store;

import io.selkie.pipeline.SectorJournal;
import java.io.IOException;

class PostgresJournalContractTest extends SectorJournalContract {

  @Override
  SectorJournal open() throws IOException {
    return PostgresJournal.open(PostgresServer.emptySchema(), "postgres", "", "test");
  }
}
