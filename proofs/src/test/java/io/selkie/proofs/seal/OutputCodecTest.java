package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.proofs.porep.VanillaProof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: outputs are read exactly as written, and everything else is refused in one way. */
final class OutputCodecTest {
  private static final long SEED = 4711;

  private final PreCommit1Output phase1 =
      new PreCommit1Output(
          SectorVector.load("porep-2k-v1_1-a").sector().proof(),
          "/sector/cache",
          SectorVector.load("porep-2k-v1_1-a").commitment("comm_d"));

  @Test
  void phase1Json_cutAnywhere_isRefused() {
    byte[] json = phase1.toJson();
    for (int length = 0; length < json.length; length++) {
      byte[] cut = Arrays.copyOf(json, length);
      assertThatThrownBy(() -> PreCommit1Output.ofJson(cut))
          .as("%d bytes", length)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("pre-commit phase 1 output: ");
    }
  }

  /** A changed byte is either refused or read as what it then says; nothing else is thrown. */
  @Test
  void phase1Json_anyByteChanged_isRefusedOrReadAsWritten() {
    byte[] json = phase1.toJson();
    Random random = new Random(SEED);
    for (int i = 0; i < 5000; i++) {
      byte[] changed = json.clone();
      int position = random.nextInt(json.length);
      changed[position] = (byte) random.nextInt(256);
      try {
        PreCommit1Output read = PreCommit1Output.ofJson(changed);
        assertThat(PreCommit1Output.ofJson(read.toJson())).isEqualTo(read);
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d, byte %d", SEED, position).hasMessageContaining("phase 1");
      }
    }
  }

  @Test
  void phase1Json_withBlanksBetweenTokens_isRead() {
    String json = new String(phase1.toJson(), StandardCharsets.UTF_8);
    String spaced = " " + json.replace(",", " ,\n\t").replace(":", " : ") + "\r\n";
    assertThat(PreCommit1Output.ofJson(spaced.getBytes(StandardCharsets.UTF_8))).isEqualTo(phase1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"_h\":null|\"_h\":nul",
        "\"_h\":null|\"_h\":0",
        "\"size\":64|\"size\":65",
        "\"size\":64|\"size\":064",
        "\"size\":64|\"size\":-64",
        "\"size\":64|\"size\":6.4e1",
        "\"size\":64|\"size\":99999999999999999999",
        "\"size\":64|\"size\":null",
        "\"layer-2\"|\"layer-1\"",
        "StackedDrg2KiBV1_1|StackedDrg3KiBV1_1",
        "{\"StackedDrg2KiBV1\"|{\"StackedDrg8MiBV1\"",
        "\"comm_d\":[|\"comm_d\":[1,",
        "\"comm_d\":[|\"comm_d\":[256,",
        "\"comm_d\"|\"comm_r\"",
        "\"path\":\"/sector/cache\",\"id\":\"tree-d\"|\"id\":\"tree-d\",\"path\":\"/sector/cache\"",
        "/sector/cache\",\"id\":\"tree-d|\\ud800\",\"id\":\"tree-d",
        "/sector/cache\",\"id\":\"tree-d|\\x\",\"id\":\"tree-d",
        "}|},"
      })
  void phase1Json_thatIsNotTheForm_isRefused(String change) {
    List<String> parts = List.of(change.split("\\|", -1));
    String json = new String(phase1.toJson(), StandardCharsets.UTF_8);
    assertThat(json).contains(parts.get(0));
    byte[] changed = json.replace(parts.get(0), parts.get(1)).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> PreCommit1Output.ofJson(changed))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void phase1Json_longPath_isRefused() {
    String path = "/".repeat(StoreConfig.MAX_PATH_BYTES);
    PreCommit1Output longest = new PreCommit1Output(phase1.proof(), path, phase1.commD());
    assertThat(PreCommit1Output.ofJson(longest.toJson())).isEqualTo(longest);
    byte[] longer = new PreCommit1Output(phase1.proof(), path + "/", phase1.commD()).toJson();
    assertThatThrownBy(() -> PreCommit1Output.ofJson(longer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4096");
  }

  @Test
  void commit1Json_cutOrChanged_isRefusedOrReadAsWritten() throws IOException {
    byte[] json;
    try (var in =
        Objects.requireNonNull(
            getClass().getResourceAsStream("/sectors/porep-2k-v1_1-a.c1.json"))) {
      json = in.readAllBytes();
    }
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      byte[] cut = Arrays.copyOf(json, random.nextInt(json.length));
      assertThatThrownBy(() -> Commit1Output.ofJson(cut))
          .isInstanceOf(IllegalArgumentException.class);
      byte[] changed = json.clone();
      int position = random.nextInt(json.length);
      changed[position] = (byte) random.nextInt(256);
      try {
        byte[] again = Commit1Output.ofJson(changed).toJson();
        assertThat(Commit1Output.ofJson(again).toJson()).isEqualTo(again);
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d, byte %d", SEED, position).hasMessageContaining("phase 1");
      }
    }
  }

  /** Counts in the input decide nothing: a huge one is refused before anything is read for it. */
  @Test
  void bincode_hugeCounts_isRefusedAtOnce() {
    byte[] huge = new byte[16];
    Arrays.fill(huge, (byte) 0x7f);
    assertThatThrownBy(() -> partitions(huge))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("count 9187201950435737471 at byte 0, expected 1");
    Arrays.fill(huge, (byte) 0xff);
    assertThatThrownBy(() -> partitions(huge))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("over 63 bits");
  }

  private List<List<VanillaProof>> partitions(byte[] bincode) {
    return Commit1Output.partitionsOfBincode(phase1.proof(), bincode);
  }
}
