package io.selkie.storage;

import java.util.List;

/**
 * A path that holds, or could be sent, files of a sector.
 *
 * @param urls one per base URL and matching kind: where to fetch them
 * @param baseUrls the path's base URLs
 * @param weight the path's weight times the number of matching kinds; 0 if it holds none yet
 * @param primary whether the copy is the one to keep
 * @param meta the path's description
 */
public record SectorStorageInfo(
    List<String> urls, List<String> baseUrls, long weight, boolean primary, SectorStoreMeta meta) {

  /** Copies the lists. */
  public SectorStorageInfo {
    urls = List.copyOf(urls);
    baseUrls = List.copyOf(baseUrls);
  }

  /** The path's identity. */
  public String id() {
    return meta.id();
  }
}
