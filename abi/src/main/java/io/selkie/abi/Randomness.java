package io.selkie.abi;

/**
 * Thirty-two bytes drawn from the chain: a seal ticket, an interactive seed, a proof-of-spacetime
 * challenge.
 */
public final class Randomness extends Bytes32 {

  /**
   * @param bytes 32 bytes, copied
   * @throws IllegalArgumentException for another length
   */
  public Randomness(byte[] bytes) {
    super(bytes);
  }

  /**
   * The randomness written as 64 hex digits.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Randomness ofHex(String hex) {
    return new Randomness(parseHex(hex));
  }
}
