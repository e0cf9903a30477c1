package io.selkie.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code storage.json} of a miner's repository: the directories to open at start. Format of lotus
 * node/repo (StorageConfig).
 */
public final class StoragePathsFile {

  /** The file's name in the repository. */
  public static final String FILE_NAME = "storage.json";

  private static final String STORAGE_PATHS = "StoragePaths";
  private static final String PATH = "Path";

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
    List<Path> paths = new ArrayList<>();
    for (JsonNode entry : entries(readOrNew())) {
      paths.add(directoryOf(entry));
    }
    return paths;
  }

  /** Adds a directory durably; one that is already there is left alone. */
  public void add(Path directory) throws IOException {
    ObjectNode json = readOrNew();
    ArrayNode entries = entries(json);
    for (JsonNode entry : entries) {
      if (isSame(directoryOf(entry), directory)) {
        return;
      }
    }
    entries.add(StorageJson.newObject().put(PATH, directory.toString()));
    write(json, entries);
  }

  /**
   * Takes a directory out durably.
   *
   * @throws IOException with the reference's text if it is not there
   */
  public void remove(Path directory) throws IOException {
    ObjectNode json = readOrNew();
    ArrayNode entries = entries(json);
    for (int i = 0; i < entries.size(); i++) {
      if (isSame(directoryOf(entries.get(i)), directory)) {
        entries.remove(i);
        write(json, entries);
        return;
      }
    }
    throw new IOException("path not found in storage.json");
  }

  private static boolean isSame(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  private ObjectNode readOrNew() throws IOException {
    return Files.exists(file)
        ? StorageJson.readObject(file, MAX_FILE_BYTES)
        : StorageJson.newObject();
  }

  private ArrayNode entries(ObjectNode json) throws IOException {
    JsonNode entries = json.get(STORAGE_PATHS);
    if (entries == null || entries.isNull()) {
      return JsonNodeFactory.instance.arrayNode();
    }
    if (!(entries instanceof ArrayNode list)) {
      throw new IOException(file + ": member '" + STORAGE_PATHS + "' is no list");
    }
    return list;
  }

  private Path directoryOf(JsonNode entry) throws IOException {
    String text = StorageJson.text(file, StorageJson.requireObject(file, entry), PATH);
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IOException(file + ": member '" + PATH + "': " + e.getMessage(), e);
    }
  }

  private void write(ObjectNode json, ArrayNode entries) throws IOException {
    json.set(STORAGE_PATHS, entries);
    DurableFiles.write(file, StorageJson.pretty(json));
  }
}
