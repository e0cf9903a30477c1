package io.selkie.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Connections to a file, opened once with their statements: both cost more than a read. */
final class FixedReaders implements Dialect.Readers {

  private final BlockingQueue<JournalReads> idle;

  FixedReaders(JournalFile file, int count) throws SQLException {
    idle = new ArrayBlockingQueue<>(count);
    for (int i = 0; i < count; i++) {
      Connection connection = file.openReader();
      idle.add(new JournalReads(connection, file.beginRead()));
    }
  }

  @Override
  public JournalReads take() throws InterruptedException {
    return idle.take();
  }

  @Override
  public void give(JournalReads reads) {
    idle.add(reads);
  }

  @Override
  public void close() throws SQLException {
    @Nullable SQLException first = null;
    for (JournalReads reads = idle.poll(); reads != null; reads = idle.poll()) {
      try {
        reads.close();
      } catch (SQLException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
