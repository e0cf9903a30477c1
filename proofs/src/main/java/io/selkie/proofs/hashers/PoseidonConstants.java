package io.selkie.proofs.hashers;

import static io.selkie.proofs.field.Fr.LIMBS;

import io.selkie.proofs.field.Fr;
import java.math.BigInteger;
import java.util.Map;

/**
 * The tables of Poseidon for one arity: round constants, mixing matrix, and the optimised schedule
 * that gives the same digests with sparse matrices in the partial rounds.
 *
 * <p>Everything is derived, nothing is copied: the constants come out of the Grain register, the
 * matrix is the Cauchy matrix M[i][j] = 1/(i + t + j), and the optimised tables follow from both.
 * Tables are {@code long} arrays of four little-endian limbs an element; matrices are row-major.
 * The tables are held in Montgomery form (R = 2^256, see {@link Fr}); the public accessors hand out
 * plain copies. Immutable.
 *
 * <p>Source: the Filecoin Poseidon specification, parameters for standard strength; the optimised
 * schedule is the one of the neptune library and of the proof circuits.
 */
public final class PoseidonConstants {

  /** Full rounds, half of them before the partial ones. */
  public static final int FULL_ROUNDS = 8;

  static final int HALF_FULL_ROUNDS = FULL_ROUNDS / 2;

  private static final Map<Integer, Integer> PARTIAL_ROUNDS =
      Map.of(2, 55, 4, 56, 8, 57, 11, 57, 16, 59, 24, 59, 36, 60);

  private final int arity;
  private final int width;
  private final int partialRounds;

  /** Natural order: constant of round k, element i at k·t + i. */
  final long[] round;

  final long[] mds;

  /** 8t + R_P elements in the order they are used. */
  final long[] compressed;

  final long[] preSparse;

  /** Each of the R_P matrices: first column (t elements), then the rest of row 0 (t − 1). */
  final long[] sparse;

  private PoseidonConstants(int arity, int partialRounds) {
    this.arity = arity;
    this.width = arity + 1;
    this.partialRounds = partialRounds;
    this.round = drawRoundConstants(width, partialRounds);
    this.mds = cauchyMatrix(width);
    this.compressed = compress(round, mds, width, partialRounds);
    this.sparse = new long[partialRounds * (2 * width - 1) * LIMBS];
    this.preSparse = factor(mds, width, partialRounds, sparse);
  }

  /**
   * Derives the tables for an arity; takes milliseconds, so keep the result.
   *
   * @param arity 2, 4, 8, 11, 16, 24 or 36
   * @throws IllegalArgumentException for any other arity
   */
  public static PoseidonConstants ofArity(int arity) {
    Integer partialRounds = PARTIAL_ROUNDS.get(arity);
    if (partialRounds == null) {
      throw new IllegalArgumentException(
          "Poseidon of arity " + arity + ", expected one of 2, 4, 8, 11, 16, 24, 36");
    }
    return new PoseidonConstants(arity, partialRounds);
  }

  /** Field elements hashed at once. */
  public int arity() {
    return arity;
  }

  /** Elements of the state, t: one more than the arity. */
  public int width() {
    return width;
  }

  /** Rounds that put only element 0 through the S-box. */
  public int partialRounds() {
    return partialRounds;
  }

  /** The (8 + R_P)·t round constants of the plain definition, plain form. */
  public long[] roundConstants() {
    return plain(round);
  }

  /** M, t rows of t, plain form. New state = state as a row vector, times M. */
  public long[] mixingMatrix() {
    return plain(mds);
  }

  /** The 8t + R_P constants of the optimised schedule in order of use, plain form. */
  public long[] compressedConstants() {
    return plain(compressed);
  }

  /** The matrix of round 3 in the optimised schedule, t rows of t, plain form. */
  public long[] preSparseMatrix() {
    return plain(preSparse);
  }

  /**
   * The R_P sparse matrices in order of use, plain form: for each the first column (t elements),
   * then row 0 without its first element (t − 1).
   */
  public long[] sparseMatrices() {
    return plain(sparse);
  }

  private static long[] plain(long[] montgomery) {
    long[] plain = new long[montgomery.length];
    for (int i = 0; i < plain.length; i += LIMBS) {
      Fr.fromMontgomery(montgomery, i, plain, i);
    }
    return plain;
  }

  private static long[] drawRoundConstants(int width, int partialRounds) {
    GrainLfsr grain = new GrainLfsr(width, FULL_ROUNDS, partialRounds);
    int count = (FULL_ROUNDS + partialRounds) * width;
    long[] constants = new long[count * LIMBS];
    for (int i = 0; i < count; i++) {
      System.arraycopy(Fr.limbs(grain.next()), 0, constants, i * LIMBS, LIMBS);
      Fr.toMontgomery(constants, i * LIMBS, constants, i * LIMBS);
    }
    return constants;
  }

  private static long[] cauchyMatrix(int width) {
    long[] matrix = new long[width * width * LIMBS];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        int at = (i * width + j) * LIMBS;
        System.arraycopy(Fr.limbs(BigInteger.valueOf(i + width + j)), 0, matrix, at, LIMBS);
        Fr.toMontgomery(matrix, at, matrix, at);
        Fr.inverse(matrix, at, matrix, at);
      }
    }
    return matrix;
  }

  /**
   * Moves every constant through the mixing before it: c before M is c·M⁻¹ after the previous S-box
   * layer. In partial rounds all but element 0 may travel on to the round before.
   */
  private static long[] compress(long[] round, long[] mds, int width, int partialRounds) {
    long[] inverse = FrMatrix.inverse(mds, width);
    int rowLength = width * LIMBS;
    long[] compressed = new long[(FULL_ROUNDS * width + partialRounds) * LIMBS];
    System.arraycopy(round, 0, compressed, 0, rowLength);
    int at = rowLength;
    for (int k = 1; k < HALF_FULL_ROUNDS; k++) {
      at = append(FrMatrix.rowTimes(round, k * width, inverse, width), compressed, at);
    }
    int lastPartial = HALF_FULL_ROUNDS + partialRounds;
    int partialAt = at + rowLength;
    long[] carried = new long[rowLength];
    System.arraycopy(round, lastPartial * rowLength, carried, 0, rowLength);
    for (int k = partialRounds - 1; k >= 0; k--) {
      long[] moved = FrMatrix.rowTimes(carried, 0, inverse, width);
      System.arraycopy(moved, 0, compressed, partialAt + k * LIMBS, LIMBS);
      for (int limb = 0; limb < LIMBS; limb++) {
        moved[limb] = 0;
      }
      for (int i = 0; i < rowLength; i += LIMBS) {
        int constant = (HALF_FULL_ROUNDS + k) * rowLength + i;
        Fr.add(round, constant, moved, i, carried, i);
      }
    }
    append(FrMatrix.rowTimes(carried, 0, inverse, width), compressed, at);
    at = partialAt + partialRounds * LIMBS;
    for (int k = lastPartial + 1; k < FULL_ROUNDS + partialRounds; k++) {
      at = append(FrMatrix.rowTimes(round, k * width, inverse, width), compressed, at);
    }
    return compressed;
  }

  private static int append(long[] row, long[] target, int at) {
    System.arraycopy(row, 0, target, at, row.length);
    return at + row.length;
  }

  /**
   * Splits M, from the last partial round to the first, into a sparse matrix and a part (1 ⊕ B)
   * that commutes with the S-box on element 0 and so can be multiplied into the round before. Fills
   * {@code sparse}; returns what is left for the round before the first partial one.
   */
  private static long[] factor(long[] mds, int width, int partialRounds, long[] sparse) {
    int inner = width - 1;
    long[] current = mds;
    for (int k = partialRounds - 1; k >= 0; k--) {
      long[] block = new long[inner * inner * LIMBS];
      long[] column = new long[inner * LIMBS];
      for (int i = 0; i < inner; i++) {
        int row = (i + 1) * width * LIMBS;
        System.arraycopy(current, row, column, i * LIMBS, LIMBS);
        System.arraycopy(current, row + LIMBS, block, i * inner * LIMBS, inner * LIMBS);
      }
      int at = k * (width + inner) * LIMBS;
      System.arraycopy(current, 0, sparse, at, LIMBS);
      long[] solved = FrMatrix.solve(block, column, inner, 1);
      System.arraycopy(solved, 0, sparse, at + LIMBS, inner * LIMBS);
      System.arraycopy(current, LIMBS, sparse, at + width * LIMBS, inner * LIMBS);
      current = FrMatrix.multiply(mds, besideOne(block, inner), width, width);
    }
    return current;
  }

  /** The matrix 1 ⊕ B: B as the lower right block, 1 before it, 0 elsewhere. */
  private static long[] besideOne(long[] block, int inner) {
    int width = inner + 1;
    long[] matrix = new long[width * width * LIMBS];
    System.arraycopy(FrMatrix.one(), 0, matrix, 0, LIMBS);
    for (int i = 0; i < inner; i++) {
      System.arraycopy(
          block, i * inner * LIMBS, matrix, ((i + 1) * width + 1) * LIMBS, inner * LIMBS);
    }
    return matrix;
  }
}
