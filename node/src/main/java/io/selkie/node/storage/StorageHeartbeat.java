package io.selkie.node.storage;

import io.selkie.storage.LocalPaths;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the index again and again that the node's own paths are there, and how full they are. */
public final class StorageHeartbeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StorageHeartbeat.class);

  /** The reference's heartbeat; the index calls a path stale after five of them. */
  private static final long EVERY_S = 10;

  private final LocalPaths paths;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("storage-heartbeat").factory());

  private StorageHeartbeat(LocalPaths paths) {
    this.paths = paths;
  }

  /** Beats until it is closed. */
  public static StorageHeartbeat start(LocalPaths paths) {
    StorageHeartbeat heartbeat = new StorageHeartbeat(paths);
    var _ =
        heartbeat.thread.scheduleAtFixedRate(heartbeat::beat, EVERY_S, EVERY_S, TimeUnit.SECONDS);
    return heartbeat;
  }

  /** A scheduled task that throws is never run again, and then every path goes stale. */
  private void beat() {
    try {
      paths.reportHealth();
    } catch (RuntimeException failed) {
      LOG.error("storage heartbeat failed", failed);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
