package io.selkie.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code storage.json} of a miner's repository: the directories to open at start. Format of lotus
 * node/repo (StorageConfig).
 */
public final class StoragePathsFile {

  /** The file's name in the repository. */
  public static final String FILE_NAME = "storage.json";

  private static final long MAX_FILE_BYTES = 1 << 20;

  private final Path file;

  /** The file in this repository; it need not exist. */
  public StoragePathsFile(Path repository) {
    file = repository.resolve(FILE_NAME);
  }

  /**
   * The directories, in the file's order; none if the file is absent.
   *
   * @throws IOException naming the file if it is damaged
   */
  public List<Path> read() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    ObjectNode json = StorageJson.readObject(file, MAX_FILE_BYTES, List.of("StoragePaths"));
    JsonNode entries = json.get("StoragePaths");
    List<Path> paths = new ArrayList<>();
    if (entries == null || entries.isNull()) {
      return paths;
    }
    if (!entries.isArray()) {
      throw new IOException(file + ": member 'StoragePaths' is no list");
    }
    for (JsonNode entry : entries) {
      ObjectNode object = StorageJson.requireObject(file, entry, List.of("Path"));
      paths.add(Path.of(StorageJson.text(file, object, "Path")));
    }
    return paths;
  }

  /** Adds a directory durably; one that is already there is left alone. */
  public void add(Path directory) throws IOException {
    List<Path> paths = new ArrayList<>(read());
    if (!paths.contains(directory)) {
      paths.add(directory);
      write(paths);
    }
  }

  /**
   * Takes a directory out durably.
   *
   * @throws IOException with the reference's text if it is not there
   */
  public void remove(Path directory) throws IOException {
    List<Path> paths = new ArrayList<>(read());
    if (!paths.remove(directory)) {
      throw new IOException("path not found in storage.json");
    }
    write(paths);
  }

  private void write(List<Path> paths) throws IOException {
    var list = JsonNodeFactory.instance.arrayNode();
    for (Path path : paths) {
      list.add(StorageJson.newObject().put("Path", path.toString()));
    }
    ObjectNode json = StorageJson.newObject();
    json.set("StoragePaths", list);
    DurableFiles.write(file, StorageJson.pretty(json));
  }
}
