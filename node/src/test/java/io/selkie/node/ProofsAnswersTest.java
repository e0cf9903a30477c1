package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The proofs commands, run for real on 2 KiB sectors, against the reference library's answers. */
final class ProofsAnswersTest {

  @TempDir private static Path home;

  private static KnownSector known = new KnownSector(Path.of(""));
  private static Path sector = Path.of("");
  private static CommandRun sealing = new CommandRun(-1, "", "");

  @BeforeAll
  static void seal() throws IOException {
    known = new KnownSector(home);
    sector = home.resolve("sector");
    sealing = known.seal(sector);
  }

  @Test
  void commp_ofKnownFiles_isTheReferences() throws IOException {
    for (JsonNode piece : KnownSector.resource("commp.json").get("pieces")) {
      int size = piece.get("unpadded_size").asInt();
      Path file = home.resolve("file");
      Files.write(
          file,
          piece.get("data_key").isNull()
              ? new byte[size]
              : KeyedBytes.of(piece.get("data_key").asString(), size));
      CommandRun run = CommandRun.of("proofs", "commp", file, "--json");
      assertThat(run.status()).as(run.err()).isZero();
      JsonNode answer = json(run);
      assertThat(answer.propertyNames())
          .containsExactly("unpadded_size", "padded_size", "comm_p", "piece_cid");
      assertThat(answer.get("unpadded_size").asInt()).isEqualTo(size);
      assertThat(answer.get("padded_size").asInt()).isEqualTo(size / 127 * 128);
      assertThat(answer.get("comm_p").asString()).isEqualTo(piece.get("comm_p").asString());
      assertThat(answer.get("piece_cid").asString()).startsWith("baga");
    }
  }

  @Test
  void commp_ofAFileBetweenSizes_isThatOfTheFileWithZerosBehind() throws IOException {
    byte[] bytes = KeyedBytes.of("any", 300);
    Path shorter = Files.write(home.resolve("shorter"), bytes);
    Path whole = Files.write(home.resolve("whole"), Arrays.copyOf(bytes, 508));
    assertThat(CommandRun.of("proofs", "commp", shorter, "--json").out())
        .isEqualTo(CommandRun.of("proofs", "commp", whole, "--json").out())
        .contains("\"unpadded_size\":508");
  }

  @Test
  void seal_ofKnownPieces_printsTheReferencesAnswer() {
    assertThat(sealing.status()).as(sealing.err()).isZero();
    JsonNode answer = json(sealing);
    assertThat(answer.propertyNames())
        .containsExactly(
            "comm_d",
            "comm_r",
            "comm_c",
            "comm_r_last",
            "replica_id",
            "sealed_cid",
            "unsealed_cid",
            "challenges",
            "seconds");
    for (String each : new String[] {"comm_d", "comm_r", "comm_c", "comm_r_last", "replica_id"}) {
      assertThat(answer.get(each).asString()).as(each).isEqualTo(KnownSector.text(each));
    }
    assertThat(answer.get("challenges")).isEqualTo(KnownSector.ANSWER.get("challenges"));
    assertThat(answer.get("sealed_cid").asString()).startsWith("bagboea4b5abc");
    assertThat(answer.get("unsealed_cid").asString()).startsWith("baga6ea4seaq");
    assertThat(answer.get("seconds").propertyNames()).containsExactly("pc1", "pc2", "c1");
  }

  @Test
  void seal_ofKnownPieces_leavesTheReferencesFiles() throws IOException {
    assertThat(sha256("c1.json")).isEqualTo(KnownSector.text("c1_json_sha256"));
    assertThat(sha256("sealed")).isEqualTo(KnownSector.text("sealed_sha256"));
    assertThat(sha256("unsealed")).isEqualTo(KnownSector.text("staged_sha256"));
    for (var file : KnownSector.ANSWER.get("cache_files").properties()) {
      // t_aux names the directory it was made in.
      if (!file.getKey().equals("t_aux")) {
        assertThat(sha256("cache/" + file.getKey()))
            .as(file.getKey())
            .isEqualTo(file.getValue().asString());
      }
    }
    assertThat(sector.resolve("cache/t_aux")).exists();
  }

  @Test
  void verify_ofAnUntouchedSector_holds() {
    CommandRun run = known.verify(sector);
    assertThat(run.status()).isZero();
    assertThat(run.out().strip()).isEqualTo("{\"valid\":true}");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void prove_forAnotherSeed_holdsToo() throws IOException {
    Path copy = home.resolve("copy");
    FileTree.copy(sector, copy);
    CommandRun run = known.prove(copy, "11".repeat(31) + "00");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(copy.resolve("c1.json").toFile().length()).isPositive();
    assertThat(Files.mismatch(copy.resolve("c1.json"), sector.resolve("c1.json"))).isNotNegative();
    assertThat(known.verify(copy).status()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0,2032", "0,127", "508,254", "0,1", "2031,1", "1,2030", "126,2", "130,3", "64,0"})
  void unseal_ofAnyRange_isThatPartOfTheData(int offset, int size) throws IOException {
    Path to = home.resolve("range");
    CommandRun run = known.unseal(sector, to, "--offset", offset, "--size", size);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Files.readAllBytes(to))
        .isEqualTo(Arrays.copyOfRange(KnownSector.data(), offset, offset + size));
  }

  @Test
  void unseal_withoutASize_goesToTheEnd() throws IOException {
    Path to = home.resolve("tail");
    assertThat(known.unseal(sector, to, "--offset", 1000).status()).isZero();
    assertThat(Files.readAllBytes(to))
        .isEqualTo(Arrays.copyOfRange(KnownSector.data(), 1000, 2032));
    assertThat(home.resolve("tail.tmp")).doesNotExist();
  }

  private static JsonNode json(CommandRun run) {
    return JsonMapper.builder().build().readTree(run.out());
  }

  private static String sha256(String name) throws IOException {
    return KeyedBytes.sha256Hex(Files.readAllBytes(sector.resolve(name)));
  }
}
