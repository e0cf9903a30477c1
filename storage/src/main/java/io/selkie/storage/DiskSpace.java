package io.selkie.storage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks how much room the filesystem under a directory has. */
@FunctionalInterface
public interface DiskSpace {

  /**
   * A filesystem's room.
   *
   * @param capacityBytes its size
   * @param availableBytes free for us
   */
  record Room(long capacityBytes, long availableBytes) {}

  /** Reads the room now. */
  Room read(Path directory) throws IOException;

  /** What the operating system says. */
  static DiskSpace ofSystem() {
    return directory -> {
      FileStore store = Files.getFileStore(directory);
      return new Room(store.getTotalSpace(), store.getUsableSpace());
    };
  }
}
