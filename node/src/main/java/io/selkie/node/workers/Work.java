package io.selkie.node.workers;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.Sealer.SectorRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A task with its parameters: the same again is the same work, and is waited for, not begun twice
 * (lotus storage/sealer/manager_calltracker.go, WorkID).
 *
 * @param params all of them as text; the SHA-256 of that text where it is long
 */
record Work(TaskType task, SectorId sector, String params) {

  /** Longer texts are replaced by their digest, as in the reference. */
  private static final int MAX_PARAMS = 256;

  /** Work on a sector. */
  static Work of(TaskType task, SectorRef sector, List<String> more) {
    String text =
        "[[%s,%s,%d%s]]"
            .formatted(
                sector.id().miner(),
                sector.id().number(),
                sector.proof().number(),
                more.isEmpty() ? "" : "," + String.join(",", more));
    return new Work(task, sector.id(), text.length() > MAX_PARAMS ? digest(text) : text);
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** As the scheduler's diagnosis shows it. */
  @Override
  public String toString() {
    return task + "(" + params + ")";
  }
}
