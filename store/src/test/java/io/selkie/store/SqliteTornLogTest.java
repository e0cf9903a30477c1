package io.selkie.store;

import static io.selkie.store.JournalEntries.deal;
import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a power failure leaves of the log: its end lost, or the last write torn. Every commit is two
 * sectors that move together, so a half one would show.
 */
class SqliteTornLogTest {

  private static final int COMMITS = 60;

  private static final int FRAME_BYTES = 24 + 4096;

  private static final SectorId LEFT = SectorId.of(1000, 1);

  private static final SectorId RIGHT = SectorId.of(1000, 2);

  @TempDir Path directory;

  private byte[] database = {};
  private byte[] log = {};

  /** How long the log was when each commit was acknowledged. */
  private final List<Long> acknowledged = new ArrayList<>();

  @BeforeEach
  void crash() throws IOException {
    Path file = directory.resolve("journal.db");
    Path logFile = directory.resolve("journal.db-wal");
    try (SqliteJournal journal = SqliteJournal.open(file)) {
      for (int sequence = 1; sequence <= COMMITS; sequence++) {
        journal.append(
            List.of(
                entry(LEFT, sequence, "State" + sequence % 5),
                entry(
                    RIGHT,
                    sequence,
                    "State" + sequence % 3,
                    Optional.empty(),
                    List.of(deal(sequence, RIGHT, 0)))));
        acknowledged.add(Files.size(logFile));
      }
      database = Files.readAllBytes(file);
      log = Files.readAllBytes(logFile);
    }
  }

  @Test
  void open_logIntact_hasAllThatWasAcknowledged() throws IOException {
    assertThat(log).hasSizeGreaterThan(COMMITS * FRAME_BYTES);
    assertThat(reopened(log)).isEqualTo(COMMITS);
  }

  @Test
  void open_logCutAnywhere_hasAllBeforeTheCutAndNothingHalf() throws IOException {
    long seed = 31;
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      int cut = i == 0 ? 0 : random.nextInt(log.length);
      long whole = acknowledged.stream().filter(end -> end <= cut).count();
      assertThat(reopened(Arrays.copyOf(log, cut)))
          .as("seed %s, cut at %s of %s", seed, cut, log.length)
          .isEqualTo(whole);
    }
  }

  /** Sectors of the disk within the last, unacknowledged commit hold something else. */
  @Test
  void open_lastCommitTorn_hasAllBefore() throws IOException {
    long seed = 32;
    Random random = new Random(seed);
    int last = Math.toIntExact(acknowledged.get(COMMITS - 2));
    for (int i = 0; i < 20; i++) {
      byte[] torn = log.clone();
      int at = random.nextInt(last, log.length - 1);
      byte[] garbage = new byte[Math.min(512, log.length - at)];
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, torn, at, garbage.length);
      assertThat(reopened(torn))
          .as("seed %s, torn at %s of %s", seed, at, log.length)
          .isEqualTo(COMMITS - 1);
    }
  }

  /** A commit that others follow was on disk: its damage is no torn write, and is not hidden. */
  @Test
  void open_earlierCommitDamaged_isRefusedInsteadOfForgettingTheRest() throws IOException {
    long seed = 33;
    Random random = new Random(seed);
    int last = Math.toIntExact(acknowledged.get(COMMITS - 2));
    for (int i = 0; i < 20; i++) {
      byte[] bad = log.clone();
      int frame = random.nextInt((last - 32) / FRAME_BYTES);
      int at = 32 + frame * FRAME_BYTES + 24 + random.nextInt(4096);
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Path file = laid(bad);
      assertThatThrownBy(() -> SqliteJournal.open(file))
          .as("seed %s, flipped at %s of %s", seed, at, log.length)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("damaged at byte " + (32 + frame * FRAME_BYTES));
      assertThat(Files.readAllBytes(file.resolveSibling("journal.db-wal"))).isEqualTo(bad);
    }
  }

  @Test
  void open_headerOfLogDamaged_isRefused() throws IOException {
    for (int at = 0; at < 32; at++) {
      byte[] bad = log.clone();
      bad[at] ^= 4;
      Path file = laid(bad);
      assertThatThrownBy(() -> SqliteJournal.open(file))
          .as("byte %s", at)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("header of log");
    }
  }

  /** How many commits a journal has that finds this log beside its database. */
  private long reopened(byte[] logFound) throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(laid(logFound))) {
      long left = journal.load(LEFT).map(row -> row.sequence()).orElse(0L);
      assertThat(journal.load(RIGHT).map(row -> row.sequence()).orElse(0L)).isEqualTo(left);
      assertThat(journal.log(LEFT)).hasSize((int) left);
      assertThat(journal.log(RIGHT)).hasSize((int) left);
      Map<String, Long> states = new TreeMap<>();
      if (left > 0) {
        states.merge("State" + left % 5, 1L, Long::sum);
        states.merge("State" + left % 3, 1L, Long::sum);
        assertThat(journal.refs(new ActorId(1000)).firstKey().value()).isEqualTo(left);
      }
      assertThat(journal.summary(new ActorId(1000))).isEqualTo(states);
      journal.append(List.of(entry(LEFT, left + 1, "On")));
      return left;
    }
  }

  private Path laid(byte[] logFound) throws IOException {
    Path home = Files.createTempDirectory(directory, "after");
    Files.write(home.resolve("journal.db"), database);
    Files.write(home.resolve("journal.db-wal"), logFound);
    return home.resolve("journal.db");
  }
}
