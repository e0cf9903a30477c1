package io.selkie.abi;

import java.math.BigInteger;

/**
 * An amount in attoFIL (10^-18 FIL), or a weight, which is counted the same way.
 *
 * @param atto any sign
 */
public record TokenAmount(BigInteger atto) implements Comparable<TokenAmount> {

  /** Nothing. */
  public static final TokenAmount ZERO = new TokenAmount(BigInteger.ZERO);

  /** This many attoFIL. */
  public static TokenAmount of(long atto) {
    return new TokenAmount(BigInteger.valueOf(atto));
  }

  /** The sum. */
  public TokenAmount plus(TokenAmount other) {
    return new TokenAmount(atto.add(other.atto));
  }

  /** The difference, which may be negative. */
  public TokenAmount minus(TokenAmount other) {
    return new TokenAmount(atto.subtract(other.atto));
  }

  @Override
  public int compareTo(TokenAmount other) {
    return atto.compareTo(other.atto);
  }

  /** Decimal, as the API writes it. */
  @Override
  public String toString() {
    return atto.toString();
  }
}
