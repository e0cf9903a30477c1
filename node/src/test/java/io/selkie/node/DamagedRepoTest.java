package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorSize;
import io.selkie.pipeline.ChainFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A repository with one file damaged: the start says which, and leaves everything as it was. */
final class DamagedRepoTest {

  @TempDir private static Path home;

  private static Path repo = Path.of("");

  @BeforeAll
  static void firstRun() throws IOException, ChainFault {
    repo = home.resolve("repo");
    start(0);
    assertThat(repo.resolve("token")).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "datastore/journal.db,garbage",
    "datastore/journal.db,half",
    "datastore/journal.db,header",
    "devnet/chain.sqlite,garbage",
    "devnet/chain.sqlite,half",
    "devnet/chain.sqlite,header",
    "sectorstore.json,garbage",
    "sectorstore.json,half",
    "sectorstore.json,empty",
    "storage.json,garbage",
    "storage.json,half",
    "storage.json,empty",
    "keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU,garbage",
    "keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU,half",
    "keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU,empty",
    "config.toml,garbage"
  })
  void start_withADamagedFile_namesItAndChangesNothing(String name, String damage)
      throws IOException, ChainFault {
    Path file = repo.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, damaged(whole, damage));
    try {
      assertRefused(file.toString());
    } finally {
      Files.write(file, whole);
    }
    start(0);
  }

  private static byte[] damaged(byte[] whole, String damage) {
    return switch (damage) {
      case "garbage" -> "}garbage\n".repeat(600).getBytes(StandardCharsets.UTF_8);
      case "half" -> Arrays.copyOf(whole, whole.length / 2);
      case "empty" -> new byte[0];
      case "header" -> {
        byte[] changed = whole.clone();
        Arrays.fill(changed, 100, Math.min(changed.length, 4096), (byte) 0xa5);
        yield changed;
      }
      default -> throw new IllegalArgumentException(damage);
    };
  }

  @Test
  void start_withoutTheJournalOfEarlierRuns_isRefusedAndMakesNoNewOne()
      throws IOException, ChainFault {
    Path journal = repo.resolve("datastore/journal.db");
    Path aside = home.resolve("aside.db");
    Files.move(journal, aside);
    try {
      assertRefused(journal + " is missing");
    } finally {
      Files.move(aside, journal);
    }
    start(0);
  }

  @Test
  void start_withAKeyOthersMayRead_isRefused() throws IOException, ChainFault {
    Path key = repo.resolve("keystore/MF2XI2BNNJ3XILLQOJUXMYLUMU");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    try {
      assertRefused("too relaxed, required: 0600, got: 0644");
    } finally {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
    start(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sealed/notes.txt", "cache/s-t01000-1", "unsealed/s-t01000"})
  void start_withAStrayFileAmongTheSectors_namesIt(String name) throws IOException, ChainFault {
    Path stray = Files.writeString(repo.resolve(name), "x");
    try {
      assertRefused(stray.toString());
    } finally {
      Files.delete(stray);
    }
    start(0);
  }

  @Test
  void start_atAPortInUse_namesItAndChangesNothing() throws IOException, ChainFault {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));
    }
    start(0);
  }

  @Test
  void start_twice_isRefusedWhileTheFirstRuns() throws IOException, ChainFault {
    try (MinerNode running = MinerNode.start(options(0), NodeEvents.NONE)) {
      assertThatThrownBy(() -> start(0)).hasMessageContaining("is in use by another process");
      assertThat(running.root().resolve("api")).exists();
    }
    assertThat(repo.resolve("api")).doesNotExist();
  }

  private static void assertRefused(String part) throws IOException {
    SortedMap<String, String> before = FileTree.of(repo);
    assertThatThrownBy(() -> start(0)).isInstanceOf(IOException.class).hasMessageContaining(part);
    SortedMap<String, String> after = FileTree.of(repo);
    // The database engine leaves its own files beside a database it could not read.
    after
        .keySet()
        .removeIf(
            each -> !before.containsKey(each) && (each.endsWith("-shm") || each.endsWith("-wal")));
    assertThat(after).isEqualTo(before);
  }

  private static void start(int port) throws IOException, ChainFault {
    MinerNode.start(options(port), NodeEvents.NONE).close();
  }

  private static NodeOptions options(int port) {
    return new NodeOptions(
        repo,
        Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
        Optional.of(SectorSize.KIB_2),
        Optional.of(Duration.ofHours(1)),
        Duration.ZERO,
        true,
        Optional.of(home.resolve("parents")),
        Optional.empty());
  }
}
