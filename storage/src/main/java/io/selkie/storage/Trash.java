package io.selkie.storage;

/** The directory of a storage path where removed files wait. */
final class Trash {

  /** Its name under the path's root. */
  static final String DIRECTORY = "trash";

  private Trash() {}
}
