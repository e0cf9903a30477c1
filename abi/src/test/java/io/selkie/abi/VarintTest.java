package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {

  @Test
  void get_ofAnyValue_isWhatWasPut() {
    long seed = System.nanoTime();
    System.out.println("VarintTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 5000; round++) {
      long value = random.nextLong() >>> random.nextInt(64);
      byte[] encoded = Varint.encode(value);
      assertThat(Varint.get(encoded, 0)).as("seed %d", seed).isEqualTo(value);
      assertThat(Varint.length(value)).as("%d, seed %d", value, seed).isEqualTo(encoded.length);
    }
    assertThat(Varint.encode(0)).containsExactly(0);
    assertThat(Varint.length(0)).isEqualTo(1);
    assertThat(Varint.encode(1000)).containsExactly(0xe8, 0x07);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "8000", "ffffffffffffffffff02", "ffffffffffffffffffff01"})
  void get_ofBadEncoding_isRefused(String hex) {
    assertThatThrownBy(() -> Varint.get(HexFormat.of().parseHex(hex), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("varint at byte 0 ");
  }
}
