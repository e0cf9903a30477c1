package io.selkie.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.SectorNumber;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalTextOrderTest {

  /** Against the texts themselves, over numbers of every length and around powers of ten. */
  @Test
  void compare_randomPairs_isTheOrderOfTheTexts() {
    long seed = 77;
    Random random = new Random(seed);
    DecimalTextOrder order = new DecimalTextOrder();
    for (int i = 0; i < 100_000; i++) {
      long a = random.nextLong() >>> (1 + random.nextInt(63));
      long b = random.nextInt(4) == 0 ? a * 10 & Long.MAX_VALUE : random.nextLong() >>> 1;
      if (random.nextBoolean()) {
        b = (long) Math.pow(10, random.nextInt(19)) - random.nextInt(2);
      }
      int expected = Integer.signum(Long.toString(a).compareTo(Long.toString(b)));
      assertThat(Integer.signum(order.compare(new SectorNumber(a), new SectorNumber(b))))
          .as("seed %s: %s and %s", seed, a, b)
          .isEqualTo(expected);
    }
  }
}
