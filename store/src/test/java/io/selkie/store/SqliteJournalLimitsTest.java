package io.selkie.store;

import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.Entry;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk without room, and a backup that is killed, in processes of their own. */
class SqliteJournalLimitsTest {

  /** Room for the driver's native library, which is a file too, and for some folding in. */
  private static final int FILE_LIMIT_KIB = 6_144;

  @TempDir Path directory;

  /** The system refuses to let a file grow, in the middle of a commit or not. */
  @Test
  void append_noRoom_endsTheWritingAndLosesNothing() throws Exception {
    Path file = directory.resolve("journal.db");
    long acknowledged = 0;
    List<String> after = new ArrayList<>();
    Process child =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -f " + FILE_LIMIT_KIB + " && exec \"$@\"",
                "bash",
                java(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-Dorg.sqlite.tmpdir=" + directory,
                "-XX:-UsePerfData",
                "-cp",
                classPath(),
                AppendUntilFull.class.getName(),
                file.toString())
            .redirectError(Redirect.DISCARD)
            .start();
    try (BufferedReader out = child.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("ok ")) {
          acknowledged = Long.parseLong(line.substring(3));
        } else {
          after.add(line);
        }
      }
    } finally {
      child.destroyForcibly();
    }

    assertThat(acknowledged).isGreaterThan(5);
    assertThat(after).hasSize(5);
    assertThat(after.getFirst()).startsWith("full journal " + file + " takes no more writes");
    assertThat(after.subList(1, 4))
        .allMatch(line -> line.startsWith("refused journal " + file + " takes no more writes"));
    assertThat(after.getLast()).isEqualTo("read " + acknowledged);
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      // The one that failed may be whole in the log or not there; it was never acknowledged.
      long found = journal.load(AppendUntilFull.SECTOR).orElseThrow().sequence();
      assertThat(found).isBetween(acknowledged, acknowledged + 1);
      assertThat(journal.log(AppendUntilFull.SECTOR)).hasSize((int) found);
      assertThat(journal.allocateNumber(AppendUntilFull.SECTOR)).isTrue();
      journal.append(List.of(entry(AppendUntilFull.SECTOR, found + 1, "On")));
    }
  }

  /** At moments nobody chose; what was reported done holds, and what was cut short does not. */
  @Test
  void backup_killed_leavesNothingThatVerifiesInPart() throws Exception {
    Path file = directory.resolve("journal.db");
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      List<Entry> entries = new ArrayList<>();
      for (int number = 0; number < 3_000; number++) {
        entries.add(entry(SectorId.of(1000, number), 1, "Packing"));
      }
      journal.append(entries);
    }
    long seed = 77;
    Random random = new Random(seed);
    for (int round = 0; round < 3; round++) {
      int first = 1_000 * round;
      Optional<Integer> lastDone = backUpAndKill(first, random.nextInt(60));
      for (int i = first; i <= lastDone.orElse(first - 1); i++) {
        assertThat(JournalBackup.verify(directory.resolve("backup-" + i)).events())
            .isEqualTo(3_000);
      }
      assertRestIsNoBackup(round);
      try (SqliteJournal journal = SqliteJournal.open(file)) {
        assertThat(journal.load(SectorId.of(1000, 2_999))).isPresent();
        JournalBackup.write(journal, directory.resolve("after-" + round));
      }
    }
  }

  /** Whatever else lies there either verifies whole or not at all. */
  private void assertRestIsNoBackup(int round) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(path -> path.getFileName().toString().startsWith("backup-")).toList();
    }
    for (Path path : files) {
      if (!path.toString().endsWith(".manifest") && !Files.exists(BackupManifest.beside(path))) {
        assertThatThrownBy(() -> JournalBackup.verify(path))
            .as("%s of round %s", path, round)
            .isInstanceOf(IOException.class);
      }
    }
  }

  /** The last backup that was reported done, if there was one. */
  private Optional<Integer> backUpAndKill(int first, int pauseMs) throws Exception {
    Process child =
        new ProcessBuilder(
                java(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-Dorg.sqlite.tmpdir=" + directory,
                "-cp",
                classPath(),
                BackUpUntilKilled.class.getName(),
                directory.toString(),
                Integer.toString(first))
            .redirectError(Redirect.DISCARD)
            .start();
    Optional<Integer> last = Optional.empty();
    try (BufferedReader out = child.inputReader()) {
      assertThat(out.readLine()).isEqualTo("begin");
      Thread.sleep(pauseMs);
      child.toHandle().destroyForcibly();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.matches("done \\d+")) {
          last = Optional.of(Integer.valueOf(line.substring(5)));
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor()).as("exit status of a killed process").isEqualTo(128 + 9);
    return last;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String classPath() {
    return System.getProperty("java.class.path") + File.pathSeparator;
  }
}
