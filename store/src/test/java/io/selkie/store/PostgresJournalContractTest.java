package io.selkie.store;

import io.selkie.pipeline.SectorJournal;
import java.io.IOException;

class PostgresJournalContractTest extends SqlJournalContract {

  private String url = "";

  @Override
  SectorJournal open() throws IOException {
    url = PostgresServer.emptySchema();
    return PostgresJournal.open(url, "postgres", "", "test");
  }

  @Override
  String url() {
    return url;
  }

  @Override
  String blob(String hex) {
    return "'\\x" + hex + "'::bytea";
  }
}
