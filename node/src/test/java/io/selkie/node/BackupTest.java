package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.rpc.api.BackupApi;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.store.JournalBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backups of a repository with real sectors, and what is restored from them. */
final class BackupTest {

  @TempDir private static Path home;

  private static SealedRepo origin = SealedRepo.none();
  private static Path backup = Path.of("");

  @BeforeAll
  static void backUp() throws Exception {
    origin = SealedRepo.make(home);
    backup = home.resolve("backup");
    CommandRun run = CommandRun.of("backup", "--repo", origin.root, "--to", backup);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
  }

  /** Storage paths are absolute, so a copy has a backup of its own. */
  private static Path backUp(SealedRepo repo) {
    Path to = home.resolve(repo.root.getFileName() + ".backup");
    CommandRun run = CommandRun.of("backup", "--repo", repo.root, "--to", to);
    assertThat(run.err()).isEmpty();
    return to;
  }

  private static CommandRun restore(Path from, Path to, Object... more) {
    Object[] line = new Object[more.length + 5];
    line[0] = "restore";
    line[1] = "--from";
    line[2] = from;
    line[3] = "--repo";
    line[4] = to;
    System.arraycopy(more, 0, line, 5, more.length);
    return CommandRun.of(line);
  }

  @Test
  void backup_ofARepository_isForTheOwnerAloneAndVerifies() throws IOException {
    assertThat(CommandRun.of("backup", "--verify", backup).out()).contains("Verified");
    assertThat(CommandRun.of("backup", "--verify", backup, "--json").out())
        .startsWith("{\"Path\":\"" + backup + "\",\"Created\":\"")
        .contains("\"Files\":[{\"Name\":\"", "\"SHA256\":\"");
    try (var all = Files.walk(backup)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
      }
    }
    CommandRun again = CommandRun.of("backup", "--repo", origin.root, "--to", backup);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("exists already");
  }

  @ParameterizedTest
  @CsvSource({
    "journal.db,flip",
    "journal.db,truncate",
    "journal.db,delete",
    "journal.db.manifest,flip",
    "chain.sqlite,flip",
    "chain.sqlite,truncate",
    "config.toml,flip",
    "storage.json,delete",
    "token,flip",
    "MANIFEST,flip",
    "MANIFEST,truncate",
    "MANIFEST,delete",
    "more.txt,add"
  })
  void restore_ofADamagedBackup_isRefusedAndChangesNothing(String name, String damage)
      throws IOException {
    Path damaged = home.resolve("damaged-" + name + damage);
    copyTree(backup, damaged);
    Path file = damaged.resolve(name);
    switch (damage) {
      case "flip" -> {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
      case "truncate" -> {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
      }
      case "delete" -> Files.delete(file);
      default -> Files.writeString(file, "x");
    }
    Path to = home.resolve("not-made-" + name + damage);

    CommandRun run = CommandRun.of("restore", "--from", damaged, "--repo", to);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(damaged.toString());
    assertThat(to).doesNotExist();
    assertThat(CommandRun.of("backup", "--verify", damaged).status()).isEqualTo(1);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  @Test
  void restore_overARepository_isRefusedUnlessItMayBeMovedAside() throws IOException {
    SealedRepo repo = origin.copy("in-the-way");
    SortedMap<String, String> before = FileTree.of(repo.root);

    CommandRun refused = restore(backup, repo.root);

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("journal.db").contains("--replace");
    assertThat(FileTree.of(repo.root)).isEqualTo(before);
  }

  @Test
  void restore_afterTheChainWentOn_saysSoAndTheDoctorBringsTheSectorAfterIt() throws Exception {
    SealedRepo repo = origin.copy("older");
    Path older = backUp(repo);
    SectorInfo proven;
    try (SealedRepo.Running node = repo.start()) {
      proven = node.untilProving(1);
      node.untilProving(2);
    }

    CommandRun run = restore(older, repo.root, "--replace");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("what was there is in")
        .contains("the chain that is there goes on")
        .contains("StateBehindChain");
    CommandRun applied = CommandRun.of("doctor", "--repo", repo.root, "--apply");
    assertThat(applied.err()).isEmpty();
    assertThat(applied.status()).as(applied.out()).isZero();
    try (SealedRepo.Running node = repo.start()) {
      SectorInfo after = node.untilProving(1);
      assertThat(after.commR()).isEqualTo(proven.commR());
      assertThat(after.activation()).isEqualTo(proven.activation());
      assertThat(node.untilProving(2).sectorId()).isEqualTo(2);
    }
  }

  @Test
  void restore_ofALostJournal_goesOnAsIfNothingHadHappened() throws Exception {
    SealedRepo repo = origin.copy("lost");
    Path saved = backUp(repo);
    repo.loseJournal();
    Files.delete(repo.root.resolve("config.toml"));

    CommandRun run = restore(saved, repo.root);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("3 sectors").contains("Nothing has changed");
    try (SealedRepo.Running node = repo.start()) {
      assertThat(node.untilProving(0).lastErr()).isEmpty();
      assertThat(node.untilProving(1).deals()).containsExactly(2L);
    }
  }

  @Test
  void createBackup_belowTheDirectoryForThem_isACopyThatIsRestored() throws Exception {
    SealedRepo repo = origin.copy("copied");
    Path copy = repo.copies().resolve("today/one.db");
    Files.createDirectories(copy.getParent());
    try (SealedRepo.Running node = repo.start()) {
      node.client().api(BackupApi.class).createBackup(copy.toString());
      assertThat(JournalBackup.verify(copy).sectors()).isEqualTo(3);
      assertThatThrownBy(() -> node.client().api(BackupApi.class).createBackup(copy.toString()))
          .hasMessageContaining("one.db: it is there already");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");
    CommandRun refused = restore(copy, repo.root);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("journal.db").contains("--replace");
    assertThat(restore(copy, home.resolve("nowhere")).err()).contains("is no repository");
    repo.loseJournal();

    CommandRun run = restore(copy, repo.root);

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("the journal restored: 3 sectors");
    try (SealedRepo.Running node = repo.start()) {
      assertThat(node.untilProving(0).lastErr()).isEmpty();
    }
  }

  @Test
  void createBackup_elsewhere_isRefusedAndWritesNothing() throws Exception {
    SealedRepo repo = origin.copy("elsewhere");
    Path base = Files.createDirectories(repo.copies());
    Path outside = Files.createDirectories(home.resolve("copies-not"));
    Files.createSymbolicLink(base.resolve("link"), outside);
    try (SealedRepo.Running node = repo.start()) {
      BackupApi backups = node.client().api(BackupApi.class);
      for (String path :
          List.of(
              outside.resolve("a").toString(),
              base + "/../copies-not/a",
              base.resolve("link/a").toString(),
              base.toString(),
              "relative",
              "")) {
        assertThatThrownBy(() -> backups.createBackup(path))
            .as(path)
            .hasMessageStartingWith("backup file name (")
            .hasMessageEndingWith(") must be inside base path (" + base + ")");
      }
      assertThatThrownBy(() -> backups.createBackup(base + "/missing/a"))
          .hasMessageStartingWith("open " + base + "/missing/a: no such directory");
      assertThatThrownBy(() -> backups.createBackup(base + "/\0"))
          .hasMessageStartingWith("getting absolute file path: ");
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void restore_intoANewDirectory_makesARepositoryOfItsOwn() throws Exception {
    Path to = home.resolve("new");

    CommandRun run = restore(backup, to);

    assertThat(run.err()).isEmpty();
    assertThat(to.resolve("devnet/chain.sqlite")).exists();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to.resolve("token"))))
        .isEqualTo("rw-------");
    assertThat(Files.readAllBytes(to.resolve("token")))
        .isEqualTo(Files.readAllBytes(origin.root.resolve("token")));
    // The storage paths are where they were, so their files are seen.
    assertThat(CommandRun.of("doctor", "--repo", to).out()).contains("3 sectors, 0 findings");
  }

  @Test
  void restore_json_isOneObjectWithTheDoctorsReport() {
    CommandRun run = restore(backup, home.resolve("machine"), "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.out())
        .startsWith("{\"Done\":[\"")
        .contains("\"Doctor\":{\"Plan\":\"\",\"Sectors\":3,\"Findings\":[]");
  }
}
