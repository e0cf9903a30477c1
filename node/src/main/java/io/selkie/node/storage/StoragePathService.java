package io.selkie.node.storage;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.StoragePathApi;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.SectorStoreMeta;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Makes storage paths for callers of the API. Thread-safe. */
public final class StoragePathService implements StoragePathApi {

  private final Supplier<UUID> ids;

  /**
   * @param ids gives each new path its identity
   */
  public StoragePathService(Supplier<UUID> ids) {
    this.ids = ids;
  }

  @Override
  public String storageInit(
      String directory,
      long weight,
      boolean canSeal,
      boolean canStore,
      long maxStorage,
      List<String> groups,
      List<String> allowTo)
      throws RpcFault {
    String id = ids.get().toString();
    try {
      Path root = Path.of(directory);
      if (!root.isAbsolute()) {
        throw new IOException("'" + directory + "' is not absolute");
      }
      SectorStoreMeta meta =
          new SectorStoreMeta(
              id,
              weight,
              canSeal,
              canStore,
              maxStorage,
              groups,
              allowTo,
              List.of(),
              List.of(),
              List.of(),
              List.of());
      LocalPaths.init(root, meta);
    } catch (IOException | IllegalArgumentException refused) {
      throw new RpcFault("making a storage path: " + refused.getMessage());
    }
    return id;
  }
}
