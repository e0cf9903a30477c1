package io.selkie.proofs.hashers;

import static io.selkie.proofs.field.Fr.LIMBS;

import io.selkie.proofs.field.Fr;

/**
 * Matrices over Fr, row-major, four limbs an entry, in Montgomery form: what deriving Poseidon's
 * tables needs. Not for hot code.
 */
final class FrMatrix {

  private FrMatrix() {}

  /** a·b for an {@code n × n} and an {@code n × m} matrix. */
  static long[] multiply(long[] a, long[] b, int n, int m) {
    long[] product = new long[n * m * LIMBS];
    long[] term = new long[LIMBS];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < m; j++) {
          int at = (i * m + j) * LIMBS;
          Fr.mul(a, (i * n + k) * LIMBS, b, (k * m + j) * LIMBS, term, 0);
          Fr.add(product, at, term, 0, product, at);
        }
      }
    }
    return product;
  }

  /** The row vector of {@code n} entries at {@code offset} of {@code vector}, times matrix. */
  static long[] rowTimes(long[] vector, int offset, long[] matrix, int n) {
    long[] product = new long[n * LIMBS];
    long[] term = new long[LIMBS];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        Fr.mul(vector, (offset + i) * LIMBS, matrix, (i * n + j) * LIMBS, term, 0);
        Fr.add(product, j * LIMBS, term, 0, product, j * LIMBS);
      }
    }
    return product;
  }

  /** The inverse of an {@code n × n} matrix. */
  static long[] inverse(long[] matrix, int n) {
    long[] identity = new long[n * n * LIMBS];
    long[] one = one();
    for (int i = 0; i < n; i++) {
      System.arraycopy(one, 0, identity, (i * n + i) * LIMBS, LIMBS);
    }
    return solve(matrix, identity, n, n);
  }

  /**
   * x with a·x = b, for {@code n × n} a and {@code n × m} b, by Gauss and Jordan.
   *
   * @throws ArithmeticException if a is singular, which no matrix of Poseidon's is
   */
  static long[] solve(long[] matrix, long[] rightSide, int n, int m) {
    long[] a = matrix.clone();
    long[] b = rightSide.clone();
    long[] factor = new long[LIMBS];
    long[] term = new long[LIMBS];
    for (int column = 0; column < n; column++) {
      int pivot = column;
      while (pivot < n && isZero(a, (pivot * n + column) * LIMBS)) {
        pivot++;
      }
      if (pivot == n) {
        throw new ArithmeticException("singular matrix of " + n + " rows, column " + column);
      }
      swapRows(a, pivot, column, n);
      swapRows(b, pivot, column, m);
      Fr.inverse(a, (column * n + column) * LIMBS, factor, 0);
      scaleRow(a, column, n, factor);
      scaleRow(b, column, m, factor);
      for (int row = 0; row < n; row++) {
        if (row != column) {
          System.arraycopy(a, (row * n + column) * LIMBS, factor, 0, LIMBS);
          subtractRow(a, row, column, n, factor, term);
          subtractRow(b, row, column, m, factor, term);
        }
      }
    }
    return b;
  }

  /** One, in Montgomery form. */
  static long[] one() {
    long[] one = {1, 0, 0, 0};
    Fr.toMontgomery(one, 0, one, 0);
    return one;
  }

  private static boolean isZero(long[] a, int at) {
    return (a[at] | a[at + 1] | a[at + 2] | a[at + 3]) == 0;
  }

  private static void swapRows(long[] a, int one, int other, int columns) {
    if (one == other) {
      return;
    }
    int length = columns * LIMBS;
    long[] row = new long[length];
    System.arraycopy(a, one * length, row, 0, length);
    System.arraycopy(a, other * length, a, one * length, length);
    System.arraycopy(row, 0, a, other * length, length);
  }

  private static void scaleRow(long[] a, int row, int columns, long[] factor) {
    for (int j = 0; j < columns; j++) {
      int at = (row * columns + j) * LIMBS;
      Fr.mul(a, at, factor, 0, a, at);
    }
  }

  private static void subtractRow(
      long[] a, int row, int pivotRow, int columns, long[] factor, long[] term) {
    for (int j = 0; j < columns; j++) {
      int at = (row * columns + j) * LIMBS;
      Fr.mul(a, (pivotRow * columns + j) * LIMBS, factor, 0, term, 0);
      Fr.subtract(a, at, term, 0, a, at);
    }
  }
}
