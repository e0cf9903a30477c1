package io.selkie.pipeline.recovery;

import static org.assertj.core.api.Assertions.fail;

import io.selkie.pipeline.recovery.FileSeen.Content;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for every combination of journal, disk and chain. */
final class DiagnosisPropertyTest {

  /** A replayed or rebuilt record is looked at again, so a plan may need another. */
  private static final int ROUNDS = 4;

  @Test
  void plan_appliedToAnyWorld_leavesOnlyWhatAnOperatorDecides() {
    Combinations.forEach(start -> {
      World world = new World(start);
      for (int i = 0; i < ROUNDS; i++) {
        world.apply(Diagnosis.of(world.now()));
      }
      List<Finding> left = Diagnosis.of(world.now());
      if (left.stream().anyMatch(finding -> finding.remedy().isStep())) {
        fail("after %s rounds from %s: %s", ROUNDS, start, left);
      }
    });
  }

  @Test
  void plan_ofAnyWorld_movesNothingThatTheChainMayCountOn() {
    Combinations.forEach(start -> {
      for (Finding finding : Diagnosis.of(start)) {
        if (!(finding.remedy() instanceof Remedy.MoveToTrash move)) {
          continue;
        }
        boolean mayBeAlive =
            start.chain().isAlive() || start.chain() instanceof ChainSight.Unreachable;
        boolean unfinished =
            start.files().stream().anyMatch(f -> f.file().equals(move.file()) && !f.inPlace());
        if (mayBeAlive && !unfinished) {
          if (soundCopies(start, move.kind(), trashed(start)) == 0) {
            fail("no sound copy of %s stays of %s", move, start);
          }
        }
      }
    });
  }

  @Test
  void plan_whileTheChainDoesNotAnswer_neitherRebuildsNorForces() {
    Combinations.forEach(start -> {
      if (start.chain() instanceof ChainSight.Unreachable) {
        for (Finding finding : Diagnosis.of(start)) {
          if (finding.remedy() instanceof Remedy.RebuildRecord
              || finding.remedy() instanceof Remedy.ForceState) {
            fail("%s of %s", finding, start);
          }
        }
      }
    });
  }

  @Test
  void plan_ofAnyWorld_movesEachFileOnce() {
    Combinations.forEach(start -> {
      List<Path> moved = List.copyOf(moves(start));
      if (moved.size() != Set.copyOf(moved).size()) {
        fail("%s of %s", moved, start);
      }
    });
  }

  @Test
  void findings_ofAnyWorld_sayWhatWasSeenAndWhatToDo() {
    Combinations.forEach(start -> {
      for (Finding finding : Diagnosis.of(start)) {
        if (finding.trouble().text().isBlank()
            || finding.remedy().text().isBlank()
            || finding.seen().chain().isBlank()
            || finding.seen().disk().isBlank()
            || finding.seen().journal().isBlank()) {
          fail("%s of %s", finding, start);
        }
      }
    });
  }

  private static long soundCopies(SectorEvidence start, FileKind kind, Set<Path> without) {
    return start.files().stream()
        .filter(f -> f.kind() == kind && f.inPlace() && !without.contains(f.file()))
        .filter(f -> f.content() != Content.BROKEN && f.flaw().isEmpty())
        .count();
  }

  private static Set<Path> trashed(SectorEvidence start) {
    return new HashSet<>(moves(start));
  }

  private static List<Path> moves(SectorEvidence start) {
    return Diagnosis.of(start).stream()
        .map(Finding::remedy)
        .filter(Remedy.MoveToTrash.class::isInstance)
        .map(r -> ((Remedy.MoveToTrash) r).file())
        .toList();
  }
}
