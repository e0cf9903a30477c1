package io.selkie.storage;

/** What a storage path is used for. */
public enum PathType {
  /** Fast room for the files of sectors being sealed. */
  SEALING("sealing"),
  /** Room where finalised sectors stay. */
  STORAGE("storage");

  private final String wireName;

  PathType(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire. */
  public String wireName() {
    return wireName;
  }

  /**
   * The use of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static PathType ofWireName(String name) {
    for (PathType type : values()) {
      if (type.wireName.equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException("unexpected pathType: " + name);
  }
}
