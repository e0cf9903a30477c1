package io.selkie.proofs.hashers;

import static io.selkie.proofs.field.Fr.LIMBS;
import static io.selkie.proofs.field.Fr.MODULUS;

import io.selkie.proofs.field.Fr;
import java.math.BigInteger;

/** Poseidon as its paper defines it, one step after another, on {@link BigInteger}. */
final class PoseidonDefinition {

  private static final BigInteger FIVE = BigInteger.valueOf(5);

  private final PoseidonConstants constants;
  private final long[] round;
  private final long[] matrix;

  PoseidonDefinition(PoseidonConstants constants) {
    this.constants = constants;
    this.round = constants.roundConstants();
    this.matrix = constants.mixingMatrix();
  }

  BigInteger digest(BigInteger tag, BigInteger... nodes) {
    int width = constants.width();
    BigInteger[] state = new BigInteger[width];
    state[0] = tag;
    System.arraycopy(nodes, 0, state, 1, nodes.length);
    int half = PoseidonConstants.FULL_ROUNDS / 2;
    int rounds = PoseidonConstants.FULL_ROUNDS + constants.partialRounds();
    for (int k = 0; k < rounds; k++) {
      boolean full = k < half || k >= half + constants.partialRounds();
      for (int i = 0; i < width; i++) {
        BigInteger sum = state[i].add(Fr.value(round, (k * width + i) * LIMBS));
        state[i] = full || i == 0 ? sum.modPow(FIVE, MODULUS) : sum.mod(MODULUS);
      }
      state = times(state);
    }
    return state[1];
  }

  private BigInteger[] times(BigInteger[] state) {
    int width = state.length;
    BigInteger[] mixed = new BigInteger[width];
    for (int j = 0; j < width; j++) {
      BigInteger sum = BigInteger.ZERO;
      for (int i = 0; i < width; i++) {
        sum = sum.add(state[i].multiply(Fr.value(matrix, (i * width + j) * LIMBS)));
      }
      mixed[j] = sum.mod(MODULUS);
    }
    return mixed;
  }
}
