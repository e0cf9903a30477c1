package io.selkie.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a program has opened, in that order. Thread-safe; closing it twice does no harm. */
public final class OpenParts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /** Keeps {@code part} until the end; the same. */
  public synchronized <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /** Closes all, last opened first; what one part fails with does not keep the others open. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception failed) {
        LOG.error("closing {} failed", part.getClass().getSimpleName(), failed);
      }
    }
  }
}
