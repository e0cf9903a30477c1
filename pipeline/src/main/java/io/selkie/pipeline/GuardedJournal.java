package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as the whole pipeline writes it: the first write that fails, whoever's it was, is the
 * last one. A force that failed must not be tried again, because the second one would succeed
 * without the bytes of the first.
 */
final class GuardedJournal extends ForwardingJournal {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedJournal.class);

  private interface Write<T> {
    T run() throws IOException;
  }

  private interface VoidWrite {
    void run() throws IOException;
  }

  private final Consumer<IOException> told;
  private final AtomicReference<@Nullable IOException> failed = new AtomicReference<>();

  /**
   * A guard before that journal.
   *
   * @param told once, of the first failure; must return at once
   */
  GuardedJournal(SectorJournal journal, Consumer<IOException> told) {
    super(journal);
    this.told = told;
  }

  /** Whether it can still be written. */
  boolean isWritable() {
    return failed.get() == null;
  }

  /**
   * @throws JournalFailure if it cannot be written any more
   */
  void check() {
    IOException cause = failed.get();
    if (cause != null) {
      throw new JournalFailure(cause);
    }
  }

  /** Refuses every further write. */
  void shut() {
    failed.compareAndSet(null, new IOException("the pipeline is closed"));
  }

  private <T> T write(Write<T> write) throws IOException {
    IOException before = failed.get();
    if (before != null) {
      throw new IOException("not written, because of an earlier failure", before);
    }
    try {
      return write.run();
    } catch (IOException e) {
      if (failed.compareAndSet(null, e)) {
        LOG.error("the journal cannot be written; no sector moves any more", e);
        told.accept(e);
      }
      throw e;
    }
  }

  private void writeVoid(VoidWrite write) throws IOException {
    Boolean _ =
        write(() -> {
          write.run();
          return true;
        });
  }

  @Override
  public void append(List<Entry> entries) throws IOException {
    writeVoid(() -> journal.append(entries));
  }

  @Override
  public void setTimer(SectorId sector, Optional<Timer> timer) throws IOException {
    writeVoid(() -> journal.setTimer(sector, timer));
  }

  @Override
  public void repair(Snapshot sector) throws IOException {
    writeVoid(() -> journal.repair(sector));
  }

  @Override
  public boolean allocateNumber(SectorId sector) throws IOException {
    return write(() -> journal.allocateNumber(sector));
  }

  @Override
  public void putValue(String key, Optional<byte[]> value) throws IOException {
    writeVoid(() -> journal.putValue(key, value));
  }

  /** Does not close the journal behind it: that is its owner's. */
  @Override
  public void close() {
    shut();
  }
}
