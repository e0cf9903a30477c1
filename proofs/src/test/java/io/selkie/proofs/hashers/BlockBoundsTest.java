package io.selkie.proofs.hashers;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.proofs.field.Fr;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Follows the largest values that unreduced sums can reach through {@link PoseidonBlocks}, in units
 * of the modulus R: a sum of products with constants below R is below Σ/ρ·R + 1, a product with a
 * constant added below a·b·R/ρ + 2.
 */
final class BlockBoundsTest {

  private double reduction;
  private double largest;

  @ParameterizedTest
  @CsvSource({
    "2, 260, 4",
    "4, 260, 4",
    "8, 260, 4",
    "11, 260, 4",
    "16, 260, 4",
    "2, 261, 3",
    "4, 261, 4",
    "8, 261, 4",
    "11, 261, 4",
    "16, 261, 4",
    "24, 261, 4",
    "36, 261, 4"
  })
  void largestValues_throughAllRounds_fitTheirLimbs(int arity, int elementBits, int blockRounds) {
    reduction = Fr.MODULUS.doubleValue() / Math.pow(2, elementBits);
    largest = 0;
    int width = arity + 1;
    double[] state = new double[width];
    Arrays.fill(state, 1);
    for (int round = 0; round < 4; round++) {
      fullRound(state);
    }
    int partial = PoseidonConstants.ofArity(arity).partialRounds();
    for (int done = 0; done < partial; done += blockRounds) {
      partialBlock(state, Math.min(blockRounds, partial - done));
    }
    for (int round = 0; round < 4; round++) {
      fullRound(state);
    }
    assertThat(largest).isLessThan(1 / reduction);
    assertThat(state[1]).as("digest").isLessThan(3);
    assertThat(state[1] * Fr.MODULUS.doubleValue()).isLessThan(Math.pow(2, 256));
  }

  private void fullRound(double[] state) {
    double sum = 0;
    for (double element : state) {
      sum += fifthPower(element);
    }
    Arrays.fill(state, reach(sum * reduction + 1));
  }

  private void partialBlock(double[] state, int rounds) {
    double others = 0;
    for (int j = 1; j < state.length; j++) {
      others += state[j];
    }
    double first = state[0];
    double powers = 0;
    for (int b = 0; b < rounds; b++) {
      powers += fifthPower(first);
      first = reach((powers + others) * reduction + 1);
    }
    state[0] = first;
    for (int j = 1; j < state.length; j++) {
      state[j] = reach(state[j] + powers * reduction + 1);
    }
  }

  private double fifthPower(double x) {
    double square = reach(x * x * reduction + 1);
    double fourth = reach(square * square * reduction + 1);
    return reach(fourth * x * reduction + 2);
  }

  private double reach(double value) {
    largest = Math.max(largest, value);
    return value;
  }
}
