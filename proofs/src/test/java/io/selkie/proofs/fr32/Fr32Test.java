package io.selkie.proofs.fr32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Fr32Test {

  @Test
  void pad_allOnes_leavesTwoZeroBitsPerNode() {
    byte[] data = new byte[127];
    Arrays.fill(data, (byte) 0xff);
    String node = "ff".repeat(31) + "3f";
    assertThat(HexFormat.of().formatHex(Fr32.pad(data))).isEqualTo(node.repeat(4));
  }

  @Test
  void pad_countingBytes_isTheWorkedExample() {
    byte[] data = new byte[127];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) i;
    }
    assertThat(HexFormat.of().formatHex(Fr32.pad(data)))
        .isEqualTo(
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                + "8084888c9094989ca0a4a8acb0b4b8bcc0c4c8ccd0d4d8dce0e4e8ecf0f4f83c"
                + "03142434445464748494a4b4c4d4e4f404152535455565758595a5b5c5d5e535"
                + "175898d8185999d9195a9ada1a5b9bdb1b5c9cdc1c5d9ddd1d5e9ede1e5f9f1f");
  }

  /** Property: the tuned kernels equal the bit by bit ones, off-heap and at odd offsets. */
  @Test
  void kernels_randomGroups_equalTheScalarReference() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int groups : new int[] {0, 1, 2, 3, 7, 64, 257}) {
      int shift = random.nextInt(16);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment data = arena.allocate(shift + groups * 127L);
        data.copyFrom(MemorySegment.ofArray(bytes(random, (int) data.byteSize())));
        MemorySegment padded = arena.allocate(shift + groups * 128L);
        Fr32.pad(data, shift, padded, shift, groups);
        MemorySegment expected = arena.allocate(groups * 128L);
        Fr32Scalar.pad(data.asSlice(shift), expected, groups);
        assertThat(padded.asSlice(shift).mismatch(expected))
            .as("seed %d, %d groups", seed, groups)
            .isEqualTo(-1);

        MemorySegment dirty = arena.allocate(groups * 128L);
        dirty.copyFrom(MemorySegment.ofArray(bytes(random, (int) dirty.byteSize())));
        MemorySegment unpadded = arena.allocate(shift + groups * 127L);
        Fr32.unpad(dirty, 0, unpadded, shift, groups);
        MemorySegment reference = arena.allocate(groups * 127L);
        Fr32Scalar.unpad(dirty, reference, groups);
        assertThat(unpadded.asSlice(shift).mismatch(reference))
            .as("seed %d, %d groups", seed, groups)
            .isEqualTo(-1);
      }
    }
  }

  /** Property: what is padded comes back, whatever its length; nodes stay below 2^254. */
  @Test
  void padThenUnpad_anyLength_givesTheData() {
    long seed = 71;
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      int length = round < 130 ? round : random.nextInt(5000);
      byte[] data = bytes(random, length);
      byte[] padded = Fr32.pad(data);
      assertThat(padded.length).isEqualTo((8 * length + 253) / 254 * 32);
      for (int node = 0; node < padded.length; node += 32) {
        assertThat(padded[node + 31] & 0xc0).as("seed %d round %d", seed, round).isZero();
      }
      assertThat(Fr32.unpad(padded, length)).as("seed %d round %d", seed, round).isEqualTo(data);
    }
  }

  @Test
  void lengths_ofGroupsAndParts_followTheFormula() {
    assertThat(Fr32.paddedLength(0)).isZero();
    assertThat(Fr32.paddedLength(127)).isEqualTo(128);
    assertThat(Fr32.paddedLength(127L << 28)).isEqualTo(128L << 28);
    assertThat(Fr32.paddedLength(31)).isEqualTo(31);
    assertThat(Fr32.paddedLength(32)).isEqualTo(33);
    assertThat(Fr32.unpaddedLength(128)).isEqualTo(127);
    assertThat(Fr32.unpaddedLength(32)).isEqualTo(31);
    assertThat(Fr32.unpaddedLength(33)).isEqualTo(32);
    assertThatThrownBy(() -> Fr32.paddedLength(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void pad_outputTooShort_touchesNothing() {
    MemorySegment out = MemorySegment.ofArray(new byte[255]);
    MemorySegment in = MemorySegment.ofArray(new byte[254]).fill((byte) 1);
    assertThatThrownBy(() -> Fr32.pad(in, 0, out, 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(out.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
  }

  @Test
  void unpad_moreThanHeld_isRefusedByName() {
    assertThatThrownBy(() -> Fr32.unpad(new byte[128], 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("128")
        .hasMessageContaining("127");
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
