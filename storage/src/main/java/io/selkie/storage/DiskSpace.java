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
   * @param availableBytes free for us; 0 if nothing can be written
   * @param store tells filesystems apart: directories on the same one share this room
   */
  record Room(long capacityBytes, long availableBytes, String store) {}

  /** Reads the room now. */
  Room read(Path directory) throws IOException;

  /** What the operating system says. */
  static DiskSpace ofSystem() {
    return directory -> {
      FileStore store = Files.getFileStore(directory);
      long available = store.isReadOnly() ? 0 : store.getUsableSpace();
      String device = String.valueOf(Files.getAttribute(directory, "unix:dev"));
      return new Room(store.getTotalSpace(), available, device);
    };
  }
}
