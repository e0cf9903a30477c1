package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Fuzzer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of sector files: what is read is exactly what would be written. */
class SectorFileNameFuzzTest {

  private static final int ROUNDS = 50_000;

  @Test
  void changedName_isRefusedOrWrittenAgain() throws IOException {
    List<byte[]> corpus = Fuzzer.corpus(getClass(), "names.txt", false);
    int[] read = {0};
    Path home = Path.of("/storage/sealed");
    new Fuzzer(corpus, ROUNDS)
        .run(input -> {
          String name = new String(input, StandardCharsets.UTF_8);
          var sector = SectorFileName.parse(name);
          if (sector.isPresent()) {
            read[0]++;
            assertThat(sector.get().fileName()).isEqualTo(name);
            assertThat(name).matches("[a-z0-9-]+");
            assertThat(home.resolve(name).normalize().getParent()).isEqualTo(home);
          }
        });
    assertThat(read[0]).isPositive();
  }

  /** Digits of other scripts, a hyphen that is none, letters that look alike, a NUL, a newline. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "s-t0\u0661000-1",
        "s-t0\uff11000-1",
        "s-t01000-\u06f1",
        "s\u2010t01000-1",
        "s\u2212t01000-1",
        "\u0455-t01000-1",
        "s-\uff54\u30101000-1",
        "s-t01000-1\u0000",
        "s-t01000-1\n",
        "\nS-t01000-1",
        "s-t01000-1\r\n",
        " s-t01000-1",
        "s-t01000-1 ",
        "s-t01000-1\u200b",
        "\ufeffs-t01000-1",
        "S-T01000-1",
        "s-t01000-+1",
        "s-t01000-0x1",
        "s-t01000-1e1",
        "..",
        ".",
        "",
        "s-t01000-1/.",
        "s-t01000-1%00",
        "s-t01000-1;x"
      })
  void nameThatLooksLikeOne_isNone(String name) {
    assertThat(SectorFileName.parse(name)).isEmpty();
  }
}
