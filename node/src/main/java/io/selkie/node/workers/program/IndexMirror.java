package io.selkie.node.workers.program;

import io.selkie.abi.SectorId;
import io.selkie.node.workers.StorageWire;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.HealthReport;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.storage.Declaration;
import io.selkie.storage.IndexListener;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.StorageInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the node's index what changes in this worker's, in order, and again from the start when the
 * node was. While the node is away it is tried over and over. Thread-safe.
 */
final class IndexMirror implements IndexListener, AutoCloseable {

  /** Between two tries while the node does not take what it is told. */
  static final Duration RETRY = Duration.ofSeconds(1);

  /** Changes that wait; beyond them the node is told everything anew instead. */
  static final int MAX_CHANGES = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(IndexMirror.class);

  /** One thing to tell. */
  @FunctionalInterface
  private interface Change {
    void tell(StorageApi node) throws RpcFault, InterruptedException;
  }

  /** Somebody waits until everything before it was told. */
  private record Mark(CompletableFuture<Boolean> reached) implements Change {
    @Override
    public void tell(StorageApi to) {
      reached.complete(true);
    }
  }

  private final StorageApi node;
  private final Duration retry;
  private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();
  private final Thread teller =
      Thread.ofPlatform().daemon().name("index-mirror").unstarted(this::run);
  private @Nullable SectorIndex index;

  IndexMirror(StorageApi node) {
    this(node, RETRY);
  }

  IndexMirror(StorageApi node, Duration retry) {
    this.node = node;
    this.retry = retry;
  }

  /** Begins to tell of this index. */
  void start(SectorIndex of) {
    index = of;
    teller.start();
  }

  @Override
  public void declared(String path, SectorId sector, Set<SectorFileType> types, boolean primary) {
    int mask = SectorFileType.mask(types);
    add(to -> to.storageDeclareSector(path, wire(sector), mask, primary));
  }

  @Override
  public void dropped(String path, SectorId sector, Set<SectorFileType> types) {
    int mask = SectorFileType.mask(types);
    add(to -> to.storageDropSector(path, wire(sector), mask));
  }

  @Override
  public void reported(String path, io.selkie.storage.HealthReport report) {
    HealthReport wire = new HealthReport(StorageWire.stat(report.stat()), report.error());
    add(to -> to.storageReportHealth(path, wire));
  }

  private synchronized void add(Change change) {
    if (changes.size() >= MAX_CHANGES) {
      // Who waits goes on waiting, for all of it.
      List<Mark> marks = new ArrayList<>();
      for (Change each : changes) {
        if (each instanceof Mark mark) {
          marks.add(mark);
        }
      }
      changes.clear();
      changes.add(this::everything);
      changes.addAll(marks);
    }
    changes.add(change);
  }

  /** A path is closed: these were its addresses. */
  void closed(String path, List<String> urls) {
    for (String url : urls) {
      add(to -> to.storageDetach(path, url));
    }
  }

  /** Has the node told everything anew. */
  void again() {
    add(this::everything);
  }

  /** Waits until the node knows what has changed so far. */
  void flush() throws InterruptedException {
    CompletableFuture<Boolean> told = new CompletableFuture<>();
    add(new Mark(told));
    try {
      told.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("telling ends without a result", e);
    }
  }

  private void everything(StorageApi to) throws RpcFault, InterruptedException {
    SectorIndex own = index;
    if (own == null) {
      return;
    }
    for (Map.Entry<String, List<Declaration>> path : own.list().entrySet()) {
      String id = path.getKey();
      if (own.info(id).isEmpty() || own.health(id).isEmpty()) {
        // It was closed a moment ago; that is told next.
        continue;
      }
      StorageInfo info = own.info(id).get();
      io.selkie.storage.HealthReport health = own.health(id).get();
      to.storageAttach(StorageWire.info(info), StorageWire.stat(health.stat()));
      forgetOthers(to, id, info.urls());
      to.storageReportHealth(id, new HealthReport(StorageWire.stat(health.stat()), health.error()));
      for (Declaration each : path.getValue()) {
        for (SectorFileType type : SectorFileType.ofMask(each.mask())) {
          to.storageDeclareSector(
              id, wire(each.sector()), type.bit(), own.isPrimary(id, each.sector(), type));
        }
      }
    }
  }

  /** An earlier run of this worker may have been reached elsewhere. */
  private static void forgetOthers(StorageApi to, String id, List<String> own)
      throws RpcFault, InterruptedException {
    List<String> known = to.storageInfo(id).urls();
    for (String url : known == null ? List.<String>of() : known) {
      if (!own.contains(url)) {
        to.storageDetach(id, url);
      }
    }
  }

  private void run() {
    try {
      while (true) {
        Change change = changes.take();
        while (!told(change)) {
          Thread.sleep(retry);
        }
      }
    } catch (InterruptedException _) { // the worker stops
      LOG.debug("the node is told no more");
    }
  }

  /**
   * Whether there is no more to say about it: the node took it, or knows everything and still
   * refuses. One that does not know the path was started again.
   */
  private boolean told(Change change) throws InterruptedException {
    try {
      change.tell(node);
      return true;
    } catch (RpcFault refused) {
      LOG.warn("the node's index does not take a change: {}", refused.text());
    }
    try {
      everything(node);
    } catch (RpcFault away) {
      LOG.debug("nor everything: {}", away.text());
      return false;
    }
    try {
      change.tell(node);
      return true;
    } catch (RpcFault refused) {
      // Waiting for what will never be taken would hold up the results of all calls.
      return refused.code() == RpcFault.ORDINARY;
    }
  }

  private static WireSectorId wire(SectorId sector) {
    return new WireSectorId(sector.miner().value(), sector.number().value());
  }

  @Override
  public void close() {
    teller.interrupt();
  }
}
