package io.selkie.abi;

/**
 * A commitment: the 32 little-endian bytes of a tree's root (CommP, CommD, CommC, CommR,
 * CommRLast).
 */
public final class Commitment extends Bytes32 {

  /**
   * @param bytes 32 bytes, copied
   * @throws IllegalArgumentException for another length
   */
  public Commitment(byte[] bytes) {
    super(bytes);
  }

  /**
   * The commitment written as 64 hex digits.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Commitment ofHex(String hex) {
    return new Commitment(parseHex(hex));
  }
}
