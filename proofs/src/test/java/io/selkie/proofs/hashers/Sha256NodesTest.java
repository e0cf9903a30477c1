package io.selkie.proofs.hashers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Sha256NodesTest {

  /** The commitment of 64 zero bytes, the first of the network's zero pieces. */
  @Test
  void hashPairs_ofZeroNodes_isTheSmallestZeroPiece() {
    byte[] out = new byte[32];
    Sha256Nodes.hashPairs(MemorySegment.ofArray(new byte[64]), 0, MemorySegment.ofArray(out), 0, 1);
    assertThat(HexFormat.of().formatHex(out))
        .isEqualTo("f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb0b");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 255, 256, 257, 1000})
  void hashPairs_ofRandomNodes_truncatesEachDigest(int count) throws NoSuchAlgorithmException {
    long seed = System.nanoTime();
    System.out.println("Sha256NodesTest seed " + seed);
    byte[] in = new byte[64 * count + 3];
    new Random(seed).nextBytes(in);
    byte[] out = new byte[32 * count + 5];
    Sha256Nodes.hashPairs(MemorySegment.ofArray(in), 3, MemorySegment.ofArray(out), 5, count);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < count; i++) {
      byte[] digest = sha256.digest(Arrays.copyOfRange(in, 3 + 64 * i, 3 + 64 * i + 64));
      digest[31] &= 0x3f;
      assertThat(Arrays.copyOfRange(out, 5 + 32 * i, 5 + 32 * i + 32)).isEqualTo(digest);
    }
    assertThat(Arrays.copyOf(out, 5)).containsOnly(0);
  }

  @Test
  void hashPairs_beyondASegment_isRefused() {
    MemorySegment three = MemorySegment.ofArray(new byte[96]);
    assertThatThrownBy(() -> Sha256Nodes.hashPairs(three, 0, three, 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
