package io.selkie.store;

import static io.selkie.store.JournalEntries.deal;
import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import io.selkie.store.JournalBackup.Verified;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups: complete, verified, refused when a byte is wrong, and never in the way of a journal. */
class JournalBackupTest {

  private static final ActorId MINER = new ActorId(1000);

  private static final SectorId ONE = SectorId.of(1000, 1);

  @TempDir Path directory;

  private Path file;
  private Path backup;

  @BeforeEach
  void name() {
    file = directory.resolve("journal.db");
    backup = directory.resolve("monday.backup");
  }

  @Test
  void restore_backup_isTheSameJournal() throws IOException {
    Verified written;
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      fill(journal);
      written = JournalBackup.write(journal, backup);
    }
    Path elsewhere = directory.resolve("elsewhere.db");

    assertThat(JournalBackup.restore(backup, elsewhere)).isEqualTo(written);

    assertThat(JournalBackup.verify(backup)).isEqualTo(written);
    assertThat(written.events()).isEqualTo(43);
    assertThat(written.sectors()).isEqualTo(4);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)))
        .isEqualTo("rw-------");
    try (SqliteJournal journal = SqliteJournal.open(file);
        SqliteJournal restored = SqliteJournal.open(elsewhere)) {
      assertSame(restored, journal);
      restored.append(List.of(entry(ONE, 41, "Proving")));
    }
  }

  /** PostgreSQL to a file, the file to another PostgreSQL and to SQLite. */
  @Test
  void restore_backupOfTheOtherEngine_isTheSameJournal() throws IOException {
    try (PostgresJournal journal = postgres();
        PostgresJournal second = postgres()) {
      fill(journal);
      JournalBackup.write(journal, backup);

      JournalBackup.restoreInto(backup, second);
      JournalBackup.restore(backup, file);

      assertSame(second, journal);
      second.append(List.of(entry(ONE, 41, "Proving", Optional.empty(), List.of(deal(9, ONE, 0)))));
      try (SqliteJournal restored = SqliteJournal.open(file)) {
        assertSame(restored, journal);
        assertThatThrownBy(() -> JournalBackup.restoreInto(backup, restored))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("rows that are there already");
        assertSame(restored, journal);
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files)
          .containsExactlyInAnyOrder(file, backup, directory.resolve("monday.backup.manifest"));
    }
  }

  private static PostgresJournal postgres() throws IOException {
    return PostgresJournal.open(PostgresServer.emptySchema(), "postgres", "", "test");
  }

  /** Appenders go on; what they had been told before the backup began is in it, without gaps. */
  @Test
  void write_underLoad_holdsAllThatWasAcknowledgedBefore() throws Exception {
    Map<SectorId, Long> acknowledged = new ConcurrentHashMap<>();
    AtomicBoolean stop = new AtomicBoolean();
    try (SqliteJournal journal = SqliteJournal.open(file);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int number = 0; number < 4; number++) {
        SectorId sector = SectorId.of(1000, number);
        running.add(
            threads.submit(() -> {
              for (long sequence = 1; !stop.get(); sequence++) {
                journal.append(List.of(entry(sector, sequence, "State" + sequence % 5)));
                acknowledged.put(sector, sequence);
              }
              return null;
            }));
      }
      try {
        for (int round = 0; round < 3; round++) {
          while (acknowledged.size() < 4
              || acknowledged.getOrDefault(ONE, 0L) < 20L * (round + 1)) {
            Thread.sleep(5);
          }
          Map<SectorId, Long> before = new TreeMap<>(acknowledged);
          Path target = directory.resolve("backup-" + round);
          JournalBackup.write(journal, target);
          Map<SectorId, Long> after = new TreeMap<>(acknowledged);
          assertPrefix(target, before, after);
        }
      } finally {
        stop.set(true);
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  private void assertPrefix(Path target, Map<SectorId, Long> before, Map<SectorId, Long> after)
      throws IOException {
    Path restored = directory.resolve(target.getFileName() + ".db");
    JournalBackup.restore(target, restored);
    try (SqliteJournal journal = SqliteJournal.open(restored)) {
      Map<String, Long> states = new TreeMap<>();
      for (SectorId sector : before.keySet()) {
        long sequence = journal.load(sector).orElseThrow().sequence();
        // One more than was told to the appender may have been committed already.
        assertThat(sequence).isBetween(before.get(sector), 1 + after.getOrDefault(sector, 0L));
        assertThat(journal.log(sector)).hasSize((int) sequence);
        states.merge("State" + sequence % 5, 1L, Long::sum);
      }
      assertThat(journal.summary(MINER)).isEqualTo(states);
    }
  }

  /** One bit, at the ends, in every page's header, and anywhere. */
  @Test
  void verify_flippedBit_isRefused() throws IOException {
    writeBackup();
    long seed = 4711;
    Random random = new Random(seed);
    for (Path damaged : List.of(backup, BackupManifest.beside(backup))) {
      byte[] good = Files.readAllBytes(damaged);
      List<Integer> places = new ArrayList<>(List.of(0, 16, 24, 28, 99, 100, good.length - 1));
      for (int i = 0; i < 64; i++) {
        places.add(random.nextInt(good.length));
      }
      for (int place : places) {
        byte[] bad = good.clone();
        bad[place] ^= (byte) (1 << random.nextInt(8));
        Files.write(damaged, bad);
        assertThatThrownBy(() -> JournalBackup.verify(backup))
            .as("seed %s: byte %s of %s", seed, place, damaged.getFileName())
            .isInstanceOf(IOException.class)
            .hasMessageContaining(backup.toString());
      }
      Files.write(damaged, good);
    }
    JournalBackup.verify(backup);
  }

  @Test
  void verify_truncatedOrLonger_isRefused() throws IOException {
    writeBackup();
    for (Path damaged : List.of(backup, BackupManifest.beside(backup))) {
      byte[] good = Files.readAllBytes(damaged);
      for (int length : new int[] {0, 1, good.length / 2, good.length - 1, good.length + 1}) {
        Files.write(damaged, Arrays.copyOf(good, length));
        assertThatThrownBy(() -> JournalBackup.verify(backup))
            .as("%s cut to %s", damaged.getFileName(), length)
            .isInstanceOf(IOException.class)
            .hasMessageContaining(backup.toString());
      }
      Files.write(damaged, good);
    }
    JournalBackup.verify(backup);
  }

  @Test
  void verify_manifestOrFileMissing_isRefused() throws IOException {
    writeBackup();
    byte[] manifest = Files.readAllBytes(BackupManifest.beside(backup));
    Files.delete(BackupManifest.beside(backup));
    assertThatThrownBy(() -> JournalBackup.verify(backup))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no manifest");
    Files.write(BackupManifest.beside(backup), manifest);
    Files.delete(backup);
    assertThatThrownBy(() -> JournalBackup.verify(backup))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(backup.toString());
  }

  @Test
  void restore_badBackup_leavesTheTargetAsItIs() throws IOException {
    writeBackup();
    byte[] content = Files.readAllBytes(backup);
    content[content.length / 2] ^= 1;
    Files.write(backup, content);
    byte[] before = Files.readAllBytes(file);

    Path elsewhere = directory.resolve("elsewhere.db");
    assertThatThrownBy(() -> JournalBackup.restore(backup, elsewhere))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> JournalBackup.restoreReplacing(backup, file))
        .isInstanceOf(IOException.class);

    assertThat(elsewhere).doesNotExist();
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void restore_journalOrItsLogIsThere_isRefused() throws IOException {
    writeBackup();
    assertThatThrownBy(() -> JournalBackup.restore(backup, file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    Path elsewhere = directory.resolve("elsewhere.db");
    Files.writeString(directory.resolve("elsewhere.db-wal"), "what is left");
    assertThatThrownBy(() -> JournalBackup.restore(backup, elsewhere))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("elsewhere.db-wal");
  }

  @Test
  void restoreReplacing_journalThere_keepsItAside() throws IOException {
    writeBackup();
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      journal.append(List.of(entry(ONE, 41, "Proving")));
      assertThatThrownBy(() -> JournalBackup.restoreReplacing(backup, file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is open");
      journal.append(List.of(entry(ONE, 42, "Proving")));
    }

    Path aside = JournalBackup.restoreReplacing(backup, file).orElseThrow();

    try (SqliteJournal journal = SqliteJournal.open(file);
        SqliteJournal old = SqliteJournal.open(aside)) {
      assertThat(journal.load(ONE).orElseThrow().sequence()).isEqualTo(40);
      assertThat(old.load(ONE).orElseThrow().sequence()).isEqualTo(42);
    }
  }

  @Test
  void write_targetThere_isRefusedAndUntouched() throws IOException {
    Files.writeString(backup, "something of somebody's");
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      assertThatThrownBy(() -> JournalBackup.write(journal, backup))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(backup.toString());
    }
    assertThat(backup).hasContent("something of somebody's");
  }

  /** Entries that went missing behind the journal's back: the copy says so and is not kept. */
  @Test
  void write_journalWithGaps_isDeletedAndReported() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      fill(journal);
      JournalSql.execute(
          "jdbc:sqlite:" + file,
          "DROP TRIGGER event_is_never_deleted",
          "DELETE FROM event WHERE number = 1 AND sequence = 7");
      assertThatThrownBy(() -> JournalBackup.write(journal, backup))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("lacks entries of sector 1 of miner 1000");
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  private void writeBackup() throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      fill(journal);
      JournalBackup.write(journal, backup);
    }
  }

  private static void fill(SqlJournal journal) throws IOException {
    for (long sequence = 1; sequence <= 40; sequence++) {
      journal.append(List.of(entry(ONE, sequence, "State" + sequence % 5)));
    }
    Timer timer = new Timer(JournalEntries.START, Optional.of(new ChainEpoch(-20)), "seed");
    SectorId two = SectorId.of(1000, 2);
    journal.append(
        List.of(
            entry(two, 1, "WaitSeed", Optional.of(timer), List.of(deal(7, two, 0))),
            entry(SectorId.of(1001, 2), 1, "Packing")));
    Snapshot empty =
        new Snapshot(SectorId.of(1000, 3), 1, "", new byte[0], Optional.empty(), List.of());
    journal.append(
        List.of(
            new SectorJournal.Entry(
                empty.sector(), 1, JournalEntries.START, "", "\u4e2d", "", new byte[0], empty)));
    journal.allocateNumber(two);
    journal.putValue("batch/a", Optional.of(new byte[0]));
    journal.putValue("batch/b", Optional.of(new byte[] {1, 0, -1}));
  }

  private static void assertSame(SectorJournal found, SectorJournal expected) throws IOException {
    List<Snapshot> sectors = new ArrayList<>();
    expected.forEach(sectors::add);
    List<Snapshot> other = new ArrayList<>();
    found.forEach(other::add);
    assertThat(other).usingRecursiveComparison().isEqualTo(sectors);
    for (Snapshot sector : sectors) {
      assertThat(found.log(sector.sector())).isEqualTo(expected.log(sector.sector()));
      assertThat(found.entries(sector.sector(), 0))
          .usingRecursiveComparison()
          .isEqualTo(expected.entries(sector.sector(), 0));
    }
    assertThat(found.summary(MINER)).isEqualTo(expected.summary(MINER));
    assertThat(found.refs(MINER)).isEqualTo(expected.refs(MINER));
    assertThat(found.allocatedNumbers(MINER)).isEqualTo(expected.allocatedNumbers(MINER));
    assertThat(found.values("")).usingRecursiveComparison().isEqualTo(expected.values(""));
  }
}
