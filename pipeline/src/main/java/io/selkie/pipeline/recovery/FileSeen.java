package io.selkie.pipeline.recovery;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One file or directory of a sector on a storage path.
 *
 * @param kind what it is
 * @param pathId the storage path's identity
 * @param file where it lies
 * @param bytes its size; of a directory, of all in it
 * @param condition whether it counts as the sector's
 * @param content what is in it, as far as was looked
 * @param mayStore whether finished sectors may stay on that path
 * @param indexed whether the running node's index knows it; true where no node runs
 * @param flaw what is wrong with its content; empty if nothing was found, or nobody looked
 */
public record FileSeen(
    FileKind kind,
    String pathId,
    Path file,
    long bytes,
    Condition condition,
    Content content,
    boolean mayStore,
    boolean indexed,
    Optional<String> flaw) {

  /** Whether a file counts as the sector's. */
  public enum Condition {
    /** In its place under its name. */
    IN_PLACE,
    /** Left over from a copy that did not end. */
    UNFINISHED,
    /** Removed, and kept in the trash for a while. */
    TRASHED,
    /** As before, and due to be deleted. */
    TRASH_DUE
  }

  /** What is in a file, as far as that is told from names and sizes. */
  public enum Content {
    /** Of the size that it must have; in a cache, what both sealing and proving need. */
    WHOLE,
    /** A cache after finalisation: enough for proving, not for the proof of replication. */
    FINALIZED,
    /** Of the wrong size, or a cache that lacks files. */
    BROKEN,
    /** Byte for byte the same as another copy of its kind. */
    TWIN
  }

  /** Whether it is in its place. */
  public boolean inPlace() {
    return condition == Condition.IN_PLACE;
  }
}
