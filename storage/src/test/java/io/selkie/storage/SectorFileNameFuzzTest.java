package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Names of sector files: what is read is exactly what would be written. */
class SectorFileNameFuzzTest {

  private static final long FIXED_SEED = 20260131;
  private static final int ROUNDS = 50_000;

  /**
   * One to four changes: a byte flipped, dropped, doubled, replaced, a piece of another spliced.
   */
  private static byte[] mutated(byte[] from, List<byte[]> corpus, Random random) {
    byte[] now = from;
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(now.length + 1);
      byte[] other = corpus.get(random.nextInt(corpus.size()));
      int cut = random.nextInt(other.length + 1);
      byte[] middle =
          switch (random.nextInt(6)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> new byte[] {(byte) (0x20 + random.nextInt(95))};
            case 3 -> Arrays.copyOfRange(now, Math.max(0, at - 4), at);
            case 4 ->
                new byte[] {(byte) (at < now.length ? now[at] ^ (1 << random.nextInt(8)) : 0)};
            default -> Arrays.copyOfRange(other, cut, Math.min(other.length, cut + 16));
          };
      int rest = Math.min(now.length, at + random.nextInt(3));
      ByteBuffer next = ByteBuffer.allocate(at + middle.length + now.length - rest);
      next.put(now, 0, at).put(middle).put(now, rest, now.length - rest);
      now = next.array();
    }
    return now;
  }

  @Test
  void changedName_isRefusedOrWrittenAgain() throws IOException {
    List<byte[]> corpus = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("corpus/names.txt"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        corpus.add(line.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    int read = 0;
    for (long seed : new long[] {FIXED_SEED, System.nanoTime()}) {
      System.out.println("fuzz seed " + seed);
      Random random = new Random(seed);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] bytes = mutated(corpus.get(random.nextInt(corpus.size())), corpus, random);
        String name = new String(bytes, StandardCharsets.ISO_8859_1);
        var sector = SectorFileName.parse(name);
        if (sector.isPresent()) {
          read++;
          assertThat(sector.get().fileName()).as("seed %d", seed).isEqualTo(name);
          assertThat(name).as("seed %d", seed).doesNotContain("/", "\\", "..", "\0");
        }
      }
    }
    assertThat(read).isPositive();
  }
}
