package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.node.repo.TemporaryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong arguments and damaged sectors: refused in one line, and nothing on disk has changed. */
final class ProofsRefusalsTest {

  private static final long SEED = 20_261_122;

  @TempDir private static Path home;

  private static KnownSector known = new KnownSector(Path.of(""));
  private static Path sealed = Path.of("");
  private static int copies;

  private Path sector = Path.of("");

  @BeforeAll
  static void seal() throws IOException {
    known = new KnownSector(home);
    sealed = home.resolve("sealed");
    assertThat(known.seal(sealed).status()).isZero();
  }

  @BeforeEach
  void copy() throws IOException {
    sector = home.resolve("sector-" + copies++);
    FileTree.copy(sealed, sector);
  }

  @Test
  void verify_afterAByteOfTheProofChanged_failsWithTheReason() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] whole = Files.readAllBytes(sector.resolve("c1.json"));
    for (int i = 0; i < 150; i++) {
      int at = random.nextInt(whole.length);
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(sector.resolve("c1.json"), damaged);
      CommandRun run = known.verify(sector);
      assertThat(run.status()).as("seed %d, byte %d: %s", SEED, at, run.out()).isEqualTo(1);
      assertThat(run.out()).contains("\"valid\":false");
      assertOneLine(run);
    }
  }

  @Test
  void verify_afterAByteOfTheDescriptionChanged_fails() throws IOException {
    byte[] whole = Files.readAllBytes(sector.resolve("sector.json"));
    for (int at = 0; at < whole.length; at += 7) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(sector.resolve("sector.json"), damaged);
      CommandRun run = known.verify(sector);
      assertThat(run.status()).as("byte %d: %s", at, run.out()).isEqualTo(1);
      assertOneLine(run);
    }
  }

  @Test
  void verify_ofATruncatedOrEmptyProof_fails() throws IOException {
    byte[] whole = Files.readAllBytes(sector.resolve("c1.json"));
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(sector.resolve("c1.json"), java.util.Arrays.copyOf(whole, length));
      assertRefused(known.verify(sector), "c1.json");
    }
  }

  @Test
  void unseal_afterAByteOfTheReplicaChanged_failsAndWritesNothing() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] whole = Files.readAllBytes(sector.resolve("sealed"));
    Path to = home.resolve("never");
    for (int i = 0; i < 30; i++) {
      int at = random.nextInt(whole.length);
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(6));
      Files.write(sector.resolve("sealed"), damaged);
      // The range asked for is whole; the sector is not.
      CommandRun run = known.unseal(sector, to, "--offset", 0, "--size", 5);
      assertThat(run.status()).as("seed %d, byte %d", SEED, at).isEqualTo(1);
      assertRefused(run, sector.resolve("sealed").toString());
      assertThat(names(home)).doesNotContain("never", "never.tmp");
      assertThat(names(sector))
          .containsExactly("c1.json", "cache", "sealed", "sector.json", "unsealed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sealed,448",
    "cache/sc-02-data-layer-1.dat,448",
    "cache/sc-02-data-layer-2.dat,448",
    "cache/sc-02-data-tree-c.dat,448",
    "cache/sc-02-data-tree-d.dat,448",
    "cache/sc-02-data-tree-r-last.dat,0",
    "cache/p_aux,0",
    "cache/p_aux,63"
  })
  void prove_afterWhatItReadsChanged_failsAndKeepsTheOldProof(String name, int at)
      throws IOException {
    // Node 14 is challenged by the known seed: byte 448 on.
    byte[] damaged = Files.readAllBytes(sector.resolve(name));
    damaged[at] ^= 1;
    Files.write(sector.resolve(name), damaged);
    var before = FileTree.of(sector);
    assertRefused(known.prove(sector, KnownSector.text("seed")), sector.toString());
    assertThat(FileTree.of(sector)).isEqualTo(before);
    assertThat(known.verify(sector).status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sealed", "cache/p_aux", "cache/sc-02-data-tree-c.dat", "cache", "sector.json"})
  void prove_withoutAFile_namesIt(String name) throws IOException {
    TemporaryTree.delete(sector.resolve("cache-aside"));
    Files.move(sector.resolve(name), home.resolve("aside-" + copies));
    assertRefused(known.prove(sector, KnownSector.text("seed")), sector.resolve(name).toString());
  }

  @Test
  void prove_ofATruncatedReplica_namesSizes() throws IOException {
    byte[] whole = Files.readAllBytes(sector.resolve("sealed"));
    Files.write(sector.resolve("sealed"), java.util.Arrays.copyOf(whole, 2047));
    assertRefused(known.prove(sector, KnownSector.text("seed")), "sealed", "2047", "2048");
  }

  @ParameterizedTest
  @CsvSource({
    "-1,5",
    "0,-5",
    "0,2033",
    "2032,1",
    "2033,0",
    "9223372036854775807,1",
    "1,9223372036854775807"
  })
  void unseal_ofARangeOutsideTheSector_isRefusedWithTheLimit(long offset, long size) {
    Path to = home.resolve("never");
    assertRefused(
        known.unseal(sector, to, "--offset", offset, "--size", size),
        "--offset " + offset + " --size " + size,
        "2032 client bytes");
    assertThat(to).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sealed", "unsealed", "c1.json", "sector.json", "cache/p_aux", "cache/../sealed"})
  void unseal_ontoTheSectorItself_isRefusedAndLosesNothing(String name) throws IOException {
    var before = FileTree.of(sector);
    assertRefused(known.unseal(sector, sector.resolve(name)), "one of the sector's own files");
    assertThat(FileTree.of(sector)).isEqualTo(before);
  }

  @Test
  void unseal_toADirectoryOrIntoNone_isRefused() throws IOException {
    Path directory = Files.createDirectories(home.resolve("directory"));
    assertRefused(known.unseal(sector, directory), directory + " is a directory");
    assertThat(directory).isEmptyDirectory();
    assertRefused(known.unseal(sector, home.resolve("no/file")), "no such file", "no/file");
  }

  @Test
  void seal_intoADirectoryThatHoldsAnyOfASector_isRefusedAndLosesNothing() throws IOException {
    for (String name : List.of("sector.json", "c1.json", "cache", "unsealed", "sealed")) {
      var before = FileTree.of(sector);
      assertRefused(known.seal(sector), "--out " + sector + " holds a sector already");
      assertThat(FileTree.of(sector)).isEqualTo(before);
      TemporaryTree.delete(sector.resolve(name));
    }
  }

  @ParameterizedTest
  @CsvSource({"'',0", "00,2", "zz,2", "x1,2"})
  void seal_withAWrongTicketOrSeed_namesOptionAndLength(String hex, int length) throws IOException {
    Path out = home.resolve("out");
    List<Path> pieces = known.pieceFiles();
    String good = "11".repeat(31) + "00";
    for (String bad : List.of(hex, hex + "1".repeat(65))) {
      assertRefused(
          known.seal(out, bad, good, pieces),
          "--ticket '" + bad + "' has " + bad.length() + " characters; 64 hex digits");
      assertRefused(known.seal(out, good, bad, pieces), "--seed '" + bad + "'");
    }
    assertThat(length).isEqualTo(hex.length());
    assertThat(out).doesNotExist();
  }

  @Test
  void seal_ofPiecesThatDoNotFit_namesPieceOffsetAndSize() throws IOException {
    Path out = home.resolve("out");
    Path big = Files.write(home.resolve("big"), new byte[2033]);
    Path small = Files.write(home.resolve("small"), new byte[1]);
    Path half = Files.write(home.resolve("half"), new byte[1016]);
    String hex = "11".repeat(31) + "00";
    assertRefused(
        known.seal(out, hex, hex, List.of(big)),
        big + " (padded size 4096) does not fit at offset 0 of a sector of 2048 bytes");
    assertRefused(
        known.seal(out, hex, hex, List.of(small, half, small)),
        small + " (padded size 128) does not fit at offset 2048 of a sector of 2048 bytes");
    assertThat(out).doesNotExist();
  }

  @Test
  void seal_ofAMissingFileOrADirectory_namesIt() throws IOException {
    Path out = home.resolve("out");
    String hex = "11".repeat(31) + "00";
    Path missing = home.resolve("missing");
    assertRefused(known.seal(out, hex, hex, List.of(missing)), "no such file: " + missing);
    assertRefused(known.seal(out, hex, hex, List.of(home)), home + " is no plain file");
    assertRefused(CommandRun.of("proofs", "commp", missing), "no such file: " + missing);
    assertRefused(CommandRun.of("proofs", "commp", home), home + " is no plain file");
    assertThat(out).doesNotExist();
  }

  @Test
  void seal_intoAFile_isRefusedAndKeepsIt() throws IOException {
    Path file = Files.writeString(home.resolve("plain"), "x");
    assertRefused(known.seal(file), file.toString());
    assertThat(Files.readString(file)).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({"--proof-type,99", "--proof-type,-1", "--miner,-1", "--sector,-1", "--threads,0"})
  void seal_withANumberOutOfRange_namesIt(String option, String value) throws IOException {
    Path out = home.resolve("out");
    String hex = "11".repeat(31) + "00";
    java.util.Map<String, String> options =
        new java.util.LinkedHashMap<>(
            java.util.Map.of(
                "--proof-type", "5", "--miner", "1", "--sector", "1", "--threads", "1"));
    options.put(option, value);
    java.util.List<Object> line = new java.util.ArrayList<>(List.of("proofs", "seal"));
    options.forEach((name, text) -> line.add(name + "=" + text));
    line.addAll(List.of("--ticket", hex, "--seed", hex, "--out", out));
    line.addAll(List.of("--piece", known.pieceFiles().getFirst()));
    CommandRun run = CommandRun.of(line.toArray());
    assertRefused(run, value.replace("-", ""));
    assertThat(out).doesNotExist();
  }

  private static void assertRefused(CommandRun run, String... parts) {
    assertThat(run.status()).as(run.toString()).isEqualTo(1);
    assertThat(run.err()).contains(parts);
    assertOneLine(run);
  }

  private static void assertOneLine(CommandRun run) {
    assertThat(run.err()).startsWith("ERROR: ").doesNotContain("\tat ");
    assertThat(run.err().strip().lines()).hasSize(1);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
