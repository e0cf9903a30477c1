package io.selkie.node.storage;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.RemovedFile;
import io.selkie.rpc.api.TrashApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.server.CurrentCall;
import io.selkie.storage.RemovedFiles;
import io.selkie.storage.TrashEntry;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trash on the wire. Thread-safe. */
public final class TrashService implements TrashApi {

  private static final Logger LOG = LoggerFactory.getLogger(TrashService.class);

  private final RemovedFiles removed;

  public TrashService(RemovedFiles removed) {
    this.removed = removed;
  }

  @Override
  public List<RemovedFile> trashList() throws RpcFault {
    try {
      return removed.list().stream().map(TrashService::wire).toList();
    } catch (IOException unreadable) {
      throw new RpcFault("listing the trash: " + unreadable.getMessage());
    }
  }

  @Override
  public void trashRestore(String path, String entry) throws RpcFault {
    try {
      removed.restore(path, entry);
      changed(path, entry, "put back");
      LOG.info("put {} of storage path {} back", entry, path);
    } catch (IOException refused) {
      throw new RpcFault("restoring from the trash: " + refused.getMessage());
    }
  }

  @Override
  public void trashPurge(String path, String entry) throws RpcFault {
    try {
      removed.purge(path, entry);
      changed(path, entry, "deleted");
      LOG.info("deleted {} of storage path {} for good", entry, path);
    } catch (IOException refused) {
      throw new RpcFault("purging the trash: " + refused.getMessage());
    }
  }

  private static void changed(String path, String entry, String now) {
    CurrentCall.changed("file " + entry + " on " + path, "in the trash", now);
  }

  private static RemovedFile wire(RemovedFiles.Removed from) {
    TrashEntry entry = from.entry();
    return new RemovedFile(
        from.path(),
        entry.name(),
        new WireSectorId(entry.sector().miner().value(), entry.sector().number().value()),
        entry.type().directoryName(),
        entry.why(),
        entry.removedAt(),
        from.keptUntil(),
        from.bytes());
  }
}
