package io.selkie.node.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorSize;
import io.selkie.node.FirstRun;
import io.selkie.node.NodeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The repository's lock, and what its first run fixes. */
final class RepoTest {

  @TempDir private Path home;

  @Test
  void open_aMissingDirectory_makesItForItsOwnerAlone() throws IOException {
    try (Repo repo = Repo.open(home.resolve("a/b"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(repo.root())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void open_twice_isRefusedUntilTheFirstCloses() throws IOException {
    Path root = home.resolve("repo");
    try (Repo first = Repo.open(root)) {
      assertThatThrownBy(() -> Repo.open(root))
          .isInstanceOf(IOException.class)
          .hasMessage(first.root() + " is in use by another process (it holds repo.lock)");
    }
    Repo.open(root).close();
  }

  @Test
  void open_removesWhatTheDriverOfAKilledNodeLeft_andNothingElse() throws IOException {
    Path root = home.resolve("repo");
    Repo.open(root).close();
    Path left = Files.writeString(Repo.driver(root).resolve("sqlite-3-libsqlitejdbc.so"), "x");
    Path other = Files.writeString(root.resolve("storage.json"), "{}");
    try (Repo first = Repo.open(root)) {
      assertThat(left).doesNotExist();
      assertThat(other).exists();
      Files.writeString(left, "loaded");
      assertThatThrownBy(() -> Repo.open(first.root())).hasMessageContaining("in use");
      assertThat(left).exists();
    }
  }

  @Test
  void open_aFile_isRefused() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "x");
    assertThatThrownBy(() -> Repo.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readString(file)).isEqualTo("x");
  }

  @Test
  void firstRun_writesWhatItWasTold_andLaterRunsReadIt() throws IOException {
    try (Repo repo = Repo.open(home)) {
      MinerConfig first = FirstRun.config(repo, options(SectorSize.MIB_8, Duration.ofSeconds(2)));
      assertThat(first.devnet().sectorSize()).isEqualTo(SectorSize.MIB_8);
      assertThat(first.devnet().blockDelay()).isEqualTo(Duration.ofSeconds(2));
      assertThat(FirstRun.config(repo, options(null, null))).isEqualTo(first);
      assertThat(FirstRun.config(repo, options(SectorSize.MIB_8, Duration.ofSeconds(2))))
          .isEqualTo(first);
    }
  }

  @Test
  void laterRun_thatContradictsTheFirst_isRefusedAndChangesNothing() throws IOException {
    try (Repo repo = Repo.open(home)) {
      FirstRun.config(repo, options(SectorSize.KIB_2, Duration.ofSeconds(2)));
      byte[] before = Files.readAllBytes(repo.config());
      assertThatThrownBy(() -> FirstRun.config(repo, options(SectorSize.MIB_8, null)))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("--sector-size 8MiB contradicts 2KiB", "config.toml");
      assertThatThrownBy(() -> FirstRun.config(repo, options(null, Duration.ofMillis(10))))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("--block-time 10ms contradicts 2s", "config.toml");
      assertThat(Files.readAllBytes(repo.config())).isEqualTo(before);
    }
  }

  @Test
  void firstRun_withAnImpossibleBlockTime_isRefusedAndWritesNothing() throws IOException {
    try (Repo repo = Repo.open(home)) {
      for (Duration each : new Duration[] {Duration.ZERO, Duration.ofDays(2)}) {
        assertThatThrownBy(() -> FirstRun.config(repo, options(null, each)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("is not within 1ms to 24h");
      }
      assertThat(repo.config()).doesNotExist();
    }
  }

  private NodeOptions options(
      @org.jspecify.annotations.Nullable SectorSize size,
      @org.jspecify.annotations.Nullable Duration blockDelay) {
    return new NodeOptions(
        home,
        Optional.empty(),
        Optional.ofNullable(size),
        Optional.ofNullable(blockDelay),
        Duration.ZERO,
        true,
        Optional.empty(),
        Optional.empty());
  }
}
