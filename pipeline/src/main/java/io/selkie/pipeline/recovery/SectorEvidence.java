package io.selkie.pipeline.recovery;

import io.selkie.abi.SectorNumber;
import java.util.List;

/**
 * What the three sources say of one sector number.
 *
 * @param number which
 * @param allocated whether the journal marks the number as given out
 * @param journal its record
 * @param files its files, the trash included
 * @param chain what the chain knows
 */
public record SectorEvidence(
    SectorNumber number,
    boolean allocated,
    JournalSight journal,
    List<FileSeen> files,
    ChainSight chain) {

  /** Keeps an unmodifiable copy. */
  public SectorEvidence {
    files = List.copyOf(files);
  }

  /** The files of a kind that are in their place. */
  List<FileSeen> inPlace(FileKind kind) {
    return files.stream().filter(f -> f.kind() == kind && f.inPlace()).toList();
  }

  /** Whether any file is in its place. */
  boolean hasFiles() {
    return files.stream().anyMatch(FileSeen::inPlace);
  }

  /** Whether a usable replica with its trees is in its place. */
  boolean hasReplica() {
    return inPlace(FileKind.SEALED).stream().anyMatch(SectorEvidence::isSound)
        && inPlace(FileKind.CACHE).stream().anyMatch(SectorEvidence::isSound);
  }

  /** Whether what the proof of replication needs is in its place. */
  boolean canBeProven() {
    return inPlace(FileKind.SEALED).stream().anyMatch(SectorEvidence::isSound)
        && inPlace(FileKind.CACHE).stream().anyMatch(f -> f.content() == FileSeen.Content.WHOLE);
  }

  private static boolean isSound(FileSeen file) {
    return file.content() != FileSeen.Content.BROKEN && file.flaw().isEmpty();
  }
}
