package io.selkie.store;

import java.io.IOException;

class PostgresJournalQueriesTest extends JournalQueriesContract {

  private String url = "";

  @Override
  SqlJournal open() throws IOException {
    if (url.isEmpty()) {
      url = PostgresServer.emptySchema();
    }
    return PostgresJournal.open(url, "postgres", "", "test");
  }

  @Override
  String url() {
    return url;
  }
}
