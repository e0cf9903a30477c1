package io.selkie.node.workers;

import io.selkie.rpc.api.FsStat;
import io.selkie.rpc.api.SectorStorageInfo;
import io.selkie.rpc.api.StorageInfo;
import io.selkie.storage.SectorStoreMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Storage's records as the wire has them. The lists of file types are always lists there; the other
 * lists are null when nothing was ever set (lotus index, StorageAttach).
 */
public final class StorageWire {

  private StorageWire() {}

  /** A path, for the wire. */
  public static StorageInfo info(io.selkie.storage.StorageInfo from) {
    SectorStoreMeta meta = from.meta();
    return new StorageInfo(
        meta.id(),
        from.urls(),
        meta.weight(),
        meta.maxStorageBytes(),
        meta.canSeal(),
        meta.canStore(),
        nullIfEmpty(meta.groups()),
        nullIfEmpty(meta.allowTo()),
        meta.allowTypes(),
        meta.denyTypes(),
        nullIfEmpty(meta.allowMiners()),
        nullIfEmpty(meta.denyMiners()));
  }

  /** A path, from the wire. */
  public static io.selkie.storage.StorageInfo info(StorageInfo from) {
    SectorStoreMeta meta =
        new SectorStoreMeta(
            from.id(),
            from.weight(),
            from.canSeal(),
            from.canStore(),
            from.maxStorage(),
            emptyIfNull(from.groups()),
            emptyIfNull(from.allowTo()),
            emptyIfNull(from.allowTypes()),
            emptyIfNull(from.denyTypes()),
            emptyIfNull(from.allowMiners()),
            emptyIfNull(from.denyMiners()));
    return new io.selkie.storage.StorageInfo(emptyIfNull(from.urls()), meta);
  }

  /** Where a sector's files are, for the wire. */
  public static SectorStorageInfo sectorInfo(io.selkie.storage.SectorStorageInfo from) {
    SectorStoreMeta meta = from.meta();
    return new SectorStorageInfo(
        meta.id(),
        from.urls(),
        from.baseUrls(),
        from.weight(),
        meta.canSeal(),
        meta.canStore(),
        from.primary(),
        meta.allowTypes(),
        meta.denyTypes(),
        nullIfEmpty(meta.allowMiners()),
        nullIfEmpty(meta.denyMiners()));
  }

  /** Room, for the wire. */
  public static FsStat stat(io.selkie.storage.FsStat from) {
    return new FsStat(
        from.capacity(),
        from.available(),
        from.fsAvailable(),
        from.reserved(),
        from.max(),
        from.used());
  }

  /** Room, from the wire. */
  public static io.selkie.storage.FsStat stat(FsStat from) {
    return new io.selkie.storage.FsStat(
        from.capacity(),
        from.available(),
        from.fsAvailable(),
        from.reserved(),
        from.max(),
        from.used());
  }

  private static @Nullable List<String> nullIfEmpty(List<String> values) {
    return values.isEmpty() ? null : values;
  }

  private static List<String> emptyIfNull(@Nullable List<String> values) {
    return values == null ? List.of() : values;
  }
}
