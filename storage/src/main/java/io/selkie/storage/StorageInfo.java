package io.selkie.storage;

import java.util.List;

/**
 * A storage path as the index knows it.
 *
 * @param urls base URLs under which its files can be fetched, such as {@code
 *     http://10.0.0.1:2345/remote}
 * @param meta the path's own description
 */
public record StorageInfo(List<String> urls, SectorStoreMeta meta) {

  /** Copies the list. */
  public StorageInfo {
    urls = List.copyOf(urls);
  }

  /** The path's identity. */
  public String id() {
    return meta.id();
  }
}
