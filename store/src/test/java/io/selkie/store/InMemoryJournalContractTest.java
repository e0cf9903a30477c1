package io.selkie.store;

import io.selkie.pipeline.SectorJournal;
import io.selkie.testkit.InMemoryJournal;

/** Other modules test against this fake; it must keep the same contract. */
class InMemoryJournalContractTest extends SectorJournalContract {

  @Override
  SectorJournal open() {
    return new InMemoryJournal();
  }
}
