package io.selkie.abi;

import java.util.Arrays;
import java.util.Optional;

/**
 * A content identifier, version 1 unless it was parsed from a version 0 text.
 *
 * <p>Binary: {@code 01}, varint(codec), varint(hash code), varint(digest length), digest. Text:
 * {@code b} and lower-case base32 (RFC 4648) without padding; version 0 is bare base58btc. Source:
 * github.com/multiformats/cid.
 */
public final class Cid {

  /** The codec of DAG-CBOR. */
  public static final long DAG_CBOR = 0x71;

  /** Raw bytes. */
  public static final long RAW = 0x55;

  /** fil-commitment-unsealed, for CommP and CommD. */
  public static final long FIL_COMMITMENT_UNSEALED = 0xf101;

  /** fil-commitment-sealed, for CommR. */
  public static final long FIL_COMMITMENT_SEALED = 0xf102;

  /** sha2-256-trunc254-padded, the hash of CommP and CommD. */
  public static final long SHA2_256_TRUNC254_PADDED = 0x1012;

  /** poseidon-bls12_381-a2-fc1, the hash of CommR. */
  public static final long POSEIDON_BLS12_381_A2_FC1 = 0xb401;

  /** blake2b-256, the hash of messages and blocks. */
  public static final long BLAKE2B_256 = 0xb220;

  private final byte[] bytes;

  private Cid(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The CID of this codec, hash code and digest. */
  public static Cid of(long codec, long hashCode, byte[] digest) {
    byte[] out = new byte[1 + 3 * Varint.MAX_BYTES + digest.length];
    out[0] = 1;
    int at = Varint.put(out, 1, codec);
    at = Varint.put(out, at, hashCode);
    at = Varint.put(out, at, digest.length);
    System.arraycopy(digest, 0, out, at, digest.length);
    return new Cid(Arrays.copyOf(out, at + digest.length));
  }

  /** The CID of a piece or of a sector's data. */
  public static Cid ofUnsealed(Commitment commitment) {
    return of(FIL_COMMITMENT_UNSEALED, SHA2_256_TRUNC254_PADDED, commitment.bytes());
  }

  /** The CID of a replica. */
  public static Cid ofSealed(Commitment commitment) {
    return of(FIL_COMMITMENT_SEALED, POSEIDON_BLS12_381_A2_FC1, commitment.bytes());
  }

  /** The binary form, a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The commitment inside, if this is the CID of one (sealed or unsealed). */
  public Optional<Commitment> commitment() {
    byte[] unsealed = {1, (byte) 0x81, (byte) 0xe2, 3, (byte) 0x92, 0x20, 0x20};
    byte[] sealed = {1, (byte) 0x82, (byte) 0xe2, 3, (byte) 0x81, (byte) 0xe8, 2, 0x20};
    for (byte[] prefix : new byte[][] {unsealed, sealed}) {
      if (bytes.length == prefix.length + Bytes32.LENGTH
          && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length)) {
        return Optional.of(new Commitment(Arrays.copyOfRange(bytes, prefix.length, bytes.length)));
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cid that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The text form. */
  @Override
  public String toString() {
    return "b" + Base32.encode(bytes);
  }
}
