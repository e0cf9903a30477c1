package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The storage paths of other machines. Thread-safe. */
public interface OtherPaths {

  /**
   * A copy of a sector's file elsewhere.
   *
   * @param path the id of the path it is on
   * @param urls where to have it, one or more
   */
  record Copy(String path, List<String> urls) {

    /** Copies the list. */
    public Copy {
      urls = List.copyOf(urls);
    }
  }

  /**
   * A file as it comes over the wire.
   *
   * @param length bytes of a file; -1 for a directory, which comes as an archive
   * @param body its content; whoever takes it closes it
   */
  record Incoming(long length, InputStream body) {}

  /** The copies of a kind on other machines, those to be preferred first. */
  List<Copy> copies(SectorId sector, SectorFileType type) throws IOException;

  /**
   * Opens a file, or a directory as a tar archive.
   *
   * @throws IOException if it cannot be had there
   */
  Incoming open(String url, SectorFileType type) throws IOException, InterruptedException;

  /**
   * Has a copy taken away.
   *
   * @throws IOException if it is still there
   */
  void delete(Copy copy, SectorId sector, SectorFileType type)
      throws IOException, InterruptedException;
}
