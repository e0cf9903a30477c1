package io.selkie.pipeline.recovery;

/** The kinds of a sector's files, named as their directories. */
public enum FileKind {
  UNSEALED("unsealed"),
  SEALED("sealed"),
  CACHE("cache"),
  UPDATE("update"),
  UPDATE_CACHE("update-cache"),
  PIECE("piece");

  private final String directory;

  FileKind(String directory) {
    this.directory = directory;
  }

  /** The directory below a storage path that holds it. */
  public String directory() {
    return directory;
  }
}
