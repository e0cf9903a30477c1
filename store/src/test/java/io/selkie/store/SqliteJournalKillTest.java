package io.selkie.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A second JVM appends and is killed with SIGKILL, three times over the same file. What it had
 * acknowledged must be there, without gaps, and the read models must agree with the events.
 */
class SqliteJournalKillTest {

  private static final int ROUNDS = 3;

  private static final int ACKNOWLEDGED_BEFORE_KILL = 150;

  @TempDir Path directory;

  @Test
  void append_killedAtAnyMoment_keepsAllThatWasAcknowledged() throws Exception {
    Path file = directory.resolve("journal.db");
    Map<Long, Long> acknowledged = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      acknowledged.putAll(appendAndKill(file, ACKNOWLEDGED_BEFORE_KILL + 37 * round));

      try (SqliteJournal journal = SqliteJournal.open(file)) {
        Map<String, Long> states = new TreeMap<>();
        for (long number = 0; number < AppendUntilKilled.SECTORS; number++) {
          SectorId sector = SectorId.of(1000, number);
          long sequence = journal.load(sector).map(s -> s.sequence()).orElse(0L);
          assertThat(sequence)
              .as("last entry of sector %s after round %s", number, round)
              .isGreaterThanOrEqualTo(acknowledged.getOrDefault(number, 0L));
          assertThat(journal.log(sector)).hasSize((int) sequence);
          if (sequence > 0) {
            states.merge("State" + sequence % 5, 1L, Long::sum);
          }
        }
        assertThat(journal.summary(new ActorId(1000))).isEqualTo(states);
      }
      assertThat(integrity(file)).isEqualTo("ok");
    }
  }

  /** Sector number to the last sequence number that the child printed before it was killed. */
  private static Map<Long, Long> appendAndKill(Path file, int lines) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-Dorg.sqlite.tmpdir=" + file.getParent(),
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator,
                AppendUntilKilled.class.getName(),
                file.toString())
            .redirectError(Redirect.DISCARD)
            .start();
    Map<Long, Long> last = new HashMap<>();
    try (BufferedReader out = child.inputReader()) {
      for (int i = 0; i < lines; i++) {
        put(last, out.readLine());
      }
      // Through the handle: the process itself would close the stream that is still being read.
      child.toHandle().destroyForcibly();
      // What was printed before the kill took effect was acknowledged too.
      String line = out.readLine();
      while (line != null && line.matches("\\d+ \\d+")) {
        put(last, line);
        line = out.readLine();
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor()).as("exit status of a killed process").isEqualTo(128 + 9);
    return last;
  }

  private static void put(Map<Long, Long> last, String line) throws IOException {
    if (line == null) {
      throw new IOException("the child ended before it was killed");
    }
    String[] words = line.split(" ", 2);
    last.put(Long.valueOf(words[0]), Long.valueOf(words[1]));
  }

  private static String integrity(Path file) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
      rows.next();
      return rows.getString(1);
    }
  }
}
