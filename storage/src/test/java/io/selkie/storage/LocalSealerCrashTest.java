package io.selkie.storage;

import static io.selkie.storage.LotusSector3.SECTOR;
import static io.selkie.storage.LotusSector3.TICKET;
import static io.selkie.storage.SealAndStore.assertFinalised;
import static io.selkie.storage.SealAndStore.find;
import static io.selkie.storage.SealAndStore.preCommit;
import static io.selkie.storage.SealAndStore.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.pipeline.Progress;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Work on whole sectors, stopped after each of its steps and run again by a new process. */
class LocalSealerCrashTest {

  @TempDir static Path parents;

  @TempDir Path dir;

  @Test
  void unseal_crashAfterAnyStep_runsAgainAndNeverShowsLess() throws Exception {
    List<String> steps =
        Crash.stepsOf(crash ->
            finalised(dir.resolve("whole"))
                .sealer(crash)
                .unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE));
    assertThat(steps).contains("decoded unsealed", "checked unsealed", "installed unsealed");
    for (int stop = 0; stop < steps.size(); stop++) {
      Path root = dir.resolve("crash-" + stop);
      TestStorage before = finalised(root);
      Crash.stopAt(
          stop,
          crash -> before.sealer(crash).unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE));
      TestStorage after = new TestStorage(root, parents);
      after.paths.open(root.resolve("store"));
      LocalSealer again = after.sealer(CrashPoint.NONE);
      assertThat(read(again, 0, 1524)).isEqualTo(Arrays.copyOf(LotusSector3.data(), 1524));
      again.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE);
      assertThat(read(again, 0, 2032)).as(steps.get(stop)).isEqualTo(LotusSector3.data());
      assertThat(root.resolve("store/cache/fetching")).isEmptyDirectory();
    }
  }

  @Test
  void unseal_killedWithinAnyPhase_opensAgainAndNeverShowsLess() throws Exception {
    Path root = dir.resolve("whole");
    TestStorage storage = finalised(root);
    List<Aside> asides = new ArrayList<>();
    storage
        .sealer(CrashPoint.NONE)
        .unseal(
            SECTOR,
            TICKET,
            LotusSector3.COMM_D,
            (phase, done, _) -> takeAside(root, asides, phase + " at " + done));
    assertThat(asides)
        .anyMatch(aside -> aside.moment().startsWith("layer 1"))
        .anyMatch(aside -> aside.moment().startsWith("decode"));
    for (Aside aside : asides) {
      TestStorage after = new TestStorage(aside.root(), parents);
      after.paths.open(after.root.resolve("store"));
      LocalSealer again = after.sealer(CrashPoint.NONE);
      assertThat(read(again, 0, 1524)).isEqualTo(Arrays.copyOf(LotusSector3.data(), 1524));
      again.unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE);
      assertThat(read(again, 0, 2032)).as(aside.moment()).isEqualTo(LotusSector3.data());
      assertThat(after.root.resolve("store/cache/fetching")).isEmptyDirectory();
    }
  }

  /** Finalised files, and the unsealed file that a failed attempt left. */
  private static TestStorage finalised(Path root) throws IOException {
    TestStorage storage = new TestStorage(root, parents);
    LotusSector3.writeFinalised(storage.attach("store", TestStorage.meta("s", false, true)));
    Files.write(
        root.resolve("store/unsealed/s-t01000-3"),
        LotusSector3.bytes("unsealed_partial_file_hex_after_failed_unseal"));
    storage.paths.redeclare(Optional.empty(), false);
    return storage;
  }

  /** Both phases, stopped after each step, then run again from phase 1. */
  @Test
  void preCommit_crashAfterAnyStep_endsInTheSameReplica() throws Exception {
    Path template = dir.resolve("template");
    LotusSector3.addPieces(SealAndStore.create(template, parents).sealer(CrashPoint.NONE));
    List<String> steps = Crash.stepsOf(crash -> preCommit(reopen(template, "whole"), crash));
    assertThat(steps).contains("removed earlier output", "pre-commit 1", "pre-commit 2");
    for (int stop = 0; stop < steps.size(); stop++) {
      TestStorage before = reopen(template, "crash-" + stop);
      Crash.stopAt(stop, crash -> preCommit(before, crash));
      TestStorage after = reopen(before.root);
      assertThat(preCommit(after, CrashPoint.NONE).commR())
          .as(steps.get(stop))
          .isEqualTo(LotusSector3.COMM_R);
      after.sealer(CrashPoint.NONE).finalizeSector(SECTOR, List.of());
      assertFinalised(after.root);
    }
  }

  /**
   * Killed in the middle of a file, when nothing tidies up behind it: what lies on the disk then is
   * taken aside at every report of progress, and a new process goes on from there.
   */
  @Test
  void preCommit_killedWithinAnyPhase_opensAgainAndEndsInTheSameReplica() throws Exception {
    Path root = dir.resolve("whole");
    TestStorage storage = SealAndStore.create(root, parents);
    LotusSector3.addPieces(storage.sealer(CrashPoint.NONE));
    List<Aside> asides = new ArrayList<>();
    preCommit(
        storage,
        CrashPoint.NONE,
        (phase, done, _) -> takeAside(root, asides, phase + " at " + done));
    assertThat(asides)
        .anyMatch(aside -> aside.moment().startsWith("copy"))
        .anyMatch(aside -> aside.moment().startsWith("layer 2"))
        .anyMatch(aside -> aside.moment().startsWith("tree-c"));
    for (Aside aside : asides) {
      TestStorage after = reopen(aside.root());
      assertThat(preCommit(after, CrashPoint.NONE).commR())
          .as(aside.moment())
          .isEqualTo(LotusSector3.COMM_R);
      after.sealer(CrashPoint.NONE).finalizeSector(SECTOR, List.of());
      assertFinalised(after.root);
    }
  }

  /** What lay on the disk at a moment. */
  private record Aside(String moment, Path root) {}

  private synchronized void takeAside(Path root, List<Aside> asides, String moment) {
    try {
      Path copy = dir.resolve("aside-" + asides.size());
      copy(root, copy);
      asides.add(new Aside(moment, copy));
    } catch (IOException e) {
      throw new UncheckedIOException(moment, e);
    }
  }

  /**
   * Sealing over a finished replica: stopped anywhere, that one is in its place or in the trash.
   */
  @Test
  void preCommit_overAFinishedReplica_crashAfterAnyStep_losesNoReplica() throws Exception {
    Path template = dir.resolve("template");
    LotusSector3.addPieces(SealAndStore.create(template, parents).sealer(CrashPoint.NONE));
    preCommit(reopen(template), CrashPoint.NONE);
    reopen(template)
        .sealer(CrashPoint.NONE)
        .finalizeSector(SECTOR, List.of(new UnpaddedRange(0, 2032)));
    List<String> steps = Crash.stepsOf(crash -> preCommit(reopen(template, "whole"), crash));
    assertThat(steps).contains("trashed sealed", "trashed cache", "removed earlier output");
    for (int stop = 0; stop < steps.size(); stop++) {
      TestStorage before = reopen(template, "crash-" + stop);
      Crash.stopAt(stop, crash -> preCommit(before, crash));
      TestStorage after = reopen(before.root);
      Path kept = after.root.resolve("store/sealed/s-t01000-3");
      if (!Files.exists(kept)) {
        RemovedFiles.Removed removed = trashed(after, SectorFileType.SEALED);
        kept = after.root.resolve("store/trash").resolve(removed.entry().name());
      }
      assertThat(kept).as(steps.get(stop)).hasBinaryContent(LotusSector3.bytes("sealed_hex"));
      assertThat(preCommit(after, CrashPoint.NONE).commR())
          .as(steps.get(stop))
          .isEqualTo(LotusSector3.COMM_R);
    }
  }

  private static RemovedFiles.Removed trashed(TestStorage storage, SectorFileType type)
      throws IOException {
    return new RemovedFiles(storage.paths, storage.index, storage.locks)
        .list().stream().filter(each -> each.entry().type() == type).findFirst().orElseThrow();
  }

  /** Clearing, trimming and moving, stopped after each step, then run again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void finalize_crashAfterAnyStep_endsInTheSameFiles(boolean oneFilesystem) throws Exception {
    List<UnpaddedRange> keep = List.of(new UnpaddedRange(0, 1016));
    Path template = dir.resolve("template");
    LotusSector3.addPieces(SealAndStore.create(template, parents).sealer(CrashPoint.NONE));
    preCommit(reopen(template), CrashPoint.NONE);
    List<String> steps =
        Crash.stepsOf(crash ->
            reopen(template, "whole").sealer(crash, oneFilesystem).finalizeSector(SECTOR, keep));
    assertThat(steps).contains("cleared cache", "kept ranges", "declared cache");
    assertThat(steps).contains(oneFilesystem ? "renamed sealed" : "copied sealed");
    for (int stop = 0; stop < steps.size(); stop++) {
      TestStorage before = reopen(template, "crash-" + stop);
      Crash.stopAt(stop, crash -> before.sealer(crash, oneFilesystem).finalizeSector(SECTOR, keep));
      TestStorage after = reopen(before.root);
      LocalSealer again = after.sealer(CrashPoint.NONE, oneFilesystem);
      assertThat(read(again, 0, 1016)).as(steps.get(stop)).isEqualTo(LotusSector3.PIECE_0);
      again.finalizeSector(SECTOR, keep);
      assertFinalised(after.root);
      assertThat(read(again, 0, 1016)).as(steps.get(stop)).isEqualTo(LotusSector3.PIECE_0);
      assertThat(again.isUnsealed(SECTOR, new UnpaddedRange(1016, 127))).isFalse();
      for (SectorFileType type :
          List.of(SectorFileType.UNSEALED, SectorFileType.SEALED, SectorFileType.CACHE)) {
        assertThat(find(after, type))
            .as(steps.get(stop))
            .containsExactly(after.root.resolve("store"));
      }
    }
  }

  /** What a new process finds on the disk. */
  private static TestStorage reopen(Path root) throws IOException {
    TestStorage storage = new TestStorage(root, parents);
    storage.paths.open(root.resolve("seal"));
    storage.paths.open(root.resolve("store"));
    return storage;
  }

  /** As {@link #reopen(Path)}, in a copy. */
  private TestStorage reopen(Path template, String copy) throws IOException {
    copy(template, dir.resolve(copy));
    return reopen(dir.resolve(copy));
  }

  private static void copy(Path template, Path copy) throws IOException {
    try (var files = Files.walk(template)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, copy.resolve(template.relativize(file)));
      }
    }
  }
}
