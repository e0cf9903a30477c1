package io.selkie.node;

import io.selkie.pipeline.ForwardingJournal;
import io.selkie.pipeline.SectorJournal;
import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;

/** A journal whose appends are timed. */
final class MeasuredJournal extends ForwardingJournal {

  private final LongConsumer appended;

  /**
   * @param journal does the work, and is closed by its owner too
   * @param appended told of every append, in nanoseconds
   */
  MeasuredJournal(SectorJournal journal, LongConsumer appended) {
    super(journal);
    this.appended = appended;
  }

  @Override
  public void append(List<Entry> entries) throws IOException {
    long from = System.nanoTime();
    try {
      journal.append(entries);
    } finally {
      appended.accept(System.nanoTime() - from);
    }
  }
}
