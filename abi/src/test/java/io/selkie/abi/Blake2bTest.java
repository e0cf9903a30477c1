package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;

class Blake2bTest {

  @Test
  void digest_ofAbc_isTheOneOfRfc7693() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    assertThat(HexFormat.of().formatHex(Blake2b.digest(64, abc)))
        .isEqualTo(
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
  }

  @Test
  void digest_ofAnyLengthsAndKeys_equalsBouncyCastle() {
    long seed = System.nanoTime();
    System.out.println("Blake2bTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] in = bytes(random, random.nextInt(600));
      byte[] key = bytes(random, random.nextInt(65));
      int length = 1 + random.nextInt(64);
      assertThat(Blake2b.keyed(length, key, in))
          .as("length %d, key %d, input %d, seed %d", length, key.length, in.length, seed)
          .isEqualTo(oracle(length, key, in));
    }
  }

  @Test
  void digest_atBlockBoundaries_equalsBouncyCastle() {
    for (int size : new int[] {0, 1, 127, 128, 129, 255, 256, 257, 1024}) {
      byte[] in = new byte[size];
      Arrays.fill(in, (byte) 7);
      assertThat(Blake2b.digest256(in)).as("size %d", size).isEqualTo(oracle(32, new byte[0], in));
    }
  }

  @Test
  void digest_ofParts_isTheOneOfTheirConcatenation() {
    byte[] whole = bytes(new Random(5), 400);
    for (int cut = 0; cut <= whole.length; cut++) {
      byte[] left = Arrays.copyOf(whole, cut);
      byte[] right = Arrays.copyOfRange(whole, cut, whole.length);
      assertThat(Blake2b.digest(20, left, right)).isEqualTo(Blake2b.digest(20, whole));
    }
  }

  @Test
  void digest_ofImpossibleLength_isRefused() {
    for (int length : new int[] {-1, 0, 65}) {
      assertThatThrownBy(() -> Blake2b.digest(length)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Blake2b.keyed(32, new byte[65]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] oracle(int length, byte[] key, byte[] in) {
    Blake2bDigest digest =
        key.length == 0
            ? new Blake2bDigest(length * 8)
            : new Blake2bDigest(key, length, null, null);
    digest.update(in, 0, in.length);
    byte[] out = new byte[length];
    digest.doFinal(out, 0);
    return out;
  }

  private static byte[] bytes(Random random, int length) {
    byte[] out = new byte[length];
    random.nextBytes(out);
    return out;
  }
}
