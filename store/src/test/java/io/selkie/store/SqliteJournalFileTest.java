package io.selkie.store;

import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file itself: what is opened, what is refused, what survives, what ends the journal. */
class SqliteJournalFileTest {

  private static final SectorId ONE = SectorId.of(1000, 1);

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("journal.db");
  }

  @Test
  void open_again_findsWhatWasAppended() throws IOException {
    fill(3);
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      assertThat(journal.load(ONE).orElseThrow().sequence()).isEqualTo(3);
      assertThat(journal.summary(new ActorId(1000))).isEqualTo(Map.of("Packing", 1L));
      journal.append(List.of(entry(ONE, 4, "Proving")));
    }
  }

  @Test
  void open_newFile_isForTheOwnerAlone() throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      journal.append(List.of(entry(ONE, 1, "Packing")));
      for (String name : List.of("journal.db", "journal.db-wal", "journal.db-shm")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(directory.resolve(name))))
            .as(name)
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void open_noDirectory_namesThePath() {
    Path missing = directory.resolve("nowhere/journal.db");
    assertThatThrownBy(() -> SqliteJournal.open(missing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing.toString());
  }

  @Test
  void open_otherKindOfFile_isRefusedAndUntouched() throws IOException {
    byte[] content = "not a database, but somebody's notes".getBytes(StandardCharsets.UTF_8);
    Files.write(file, content);

    assertThatThrownBy(() -> SqliteJournal.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("not an SQLite database");
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  @Test
  void open_databaseOfSomethingElse_isRefusedAndUntouched() throws Exception {
    execute("CREATE TABLE songs (name TEXT)");
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> SqliteJournal.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is a database of something else");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void open_newerSchema_isRefusedAndUntouched() throws Exception {
    fill(1);
    execute(
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, installed_on, execution_time, success)"
            + " SELECT 99, '12', 'later', type, 'V12__later.sql', 1, installed_by, installed_on,"
            + " 1, 1 FROM flyway_schema_history WHERE version = '1'");
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> SqliteJournal.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " has schema version 12, this program knows up to 4");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void open_truncated_isRefusedAndUntouched() throws IOException {
    fill(400);
    byte[] whole = Files.readAllBytes(file);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    Files.write(file, half);

    assertThatThrownBy(() -> SqliteJournal.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readAllBytes(file)).isEqualTo(half);
  }

  /** Overwrites one page in the middle, as a bad disk would. */
  @Test
  void open_damagedPage_isRefusedAndUntouched() throws IOException {
    fill(400);
    byte[] content = Files.readAllBytes(file);
    int page = content.length / 2 / 4096 * 4096;
    Arrays.fill(content, page, page + 4096, (byte) 0xa5);
    Files.write(file, content);

    assertThatThrownBy(() -> SqliteJournal.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  @Test
  void open_logWithoutDatabase_isRefused() throws IOException {
    Files.writeString(directory.resolve("journal.db-wal"), "what is left");

    assertThatThrownBy(() -> SqliteJournal.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("journal.db-wal");
    assertThat(file).doesNotExist();
  }

  @Test
  void event_updateOrDelete_isRefusedByTheEngine() throws IOException {
    fill(2);
    assertThatThrownBy(() -> execute("DELETE FROM event"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("never removed");
    assertThatThrownBy(() -> execute("UPDATE event SET kind = ''"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("never changed");
  }

  /** A trigger stands for the disk that fails: the first insert of sequence 3 is refused. */
  @Test
  void append_writeFailed_refusesEveryLaterWriteAndNamesTheFirstCause() throws Exception {
    fill(2);
    execute(
        "CREATE TRIGGER fault BEFORE INSERT ON event WHEN NEW.sequence = 3"
            + " BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END");
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      SectorId two = SectorId.of(1000, 2);
      assertThatThrownBy(
              () -> journal.append(List.of(entry(two, 1, "Packing"), entry(ONE, 3, "Proving"))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("the disk is gone");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> journal.append(List.of(entry(two, 1, "Packing"))))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(file.toString())
            .hasMessageContaining("the disk is gone");
      }
      assertThatThrownBy(() -> journal.allocateNumber(two)).isInstanceOf(IOException.class);
      assertThat(journal.load(two)).isEmpty();
      assertThat(journal.load(ONE).orElseThrow().sequence()).isEqualTo(2);
    }
  }

  @Test
  void append_entryWithForeignSnapshot_isRefused() throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      Entry good = entry(ONE, 1, "Packing");
      Entry bad =
          new Entry(
              SectorId.of(1000, 2),
              1,
              good.at(),
              good.kind(),
              good.message(),
              good.trace(),
              good.payload(),
              good.after());
      assertThatThrownBy(() -> journal.append(List.of(bad)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("s-t01000-2");
    }
  }

  /** Callers that come together share commits. */
  @Test
  void append_manyCallersAtOnce_shareCommits() throws Exception {
    int callers = 64;
    try (SqliteJournal journal = SqliteJournal.open(file);
        ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> running = new ArrayList<>();
      for (int number = 0; number < callers; number++) {
        SectorId sector = SectorId.of(1000, number);
        running.add(
            threads.submit(() -> {
              start.await();
              for (int sequence = 1; sequence <= 10; sequence++) {
                journal.append(List.of(entry(sector, sequence, "Packing")));
              }
              return null;
            }));
      }
      start.countDown();
      for (Future<?> each : running) {
        each.get();
      }
      assertThat(journal.commits()).isLessThan(callers * 10 / 2);
      assertThat(journal.summary(new ActorId(1000))).isEqualTo(Map.of("Packing", (long) callers));
    }
  }

  @Test
  void close_always_leavesOneFile() throws IOException {
    fill(400);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void close_twice_isIdle() throws IOException {
    SqliteJournal journal = SqliteJournal.open(file);
    journal.close();
    journal.close();
    assertThatThrownBy(() -> journal.list(new ActorId(1000)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  private void fill(int events) throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      List<Entry> entries = new ArrayList<>();
      for (int sequence = 1; sequence <= events; sequence++) {
        entries.add(entry(ONE, sequence, "Packing"));
      }
      journal.append(entries);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
