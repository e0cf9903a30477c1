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

  /** dag-pb, the codec of every version 0 CID. */
  public static final long DAG_PB = 0x70;

  /** sha2-256, the hash of every version 0 CID. */
  public static final long SHA2_256 = 0x12;

  /** The longest text that is parsed, characters; base58 takes time in its square. */
  public static final int MAX_TEXT = 1024;

  private static final String INVALID = "invalid cid: ";
  private static final int V0_BYTES = 34;
  private static final int V0_TEXT = 46;

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

  /** The CID of a DAG-CBOR block (a message, a block header): its blake2b-256. */
  public static Cid ofDagCbor(byte[] block) {
    return of(DAG_CBOR, BLAKE2B_256, Blake2b.digest256(block));
  }

  /**
   * The CID with this binary form, version 0 or 1, which must fill {@code bytes} exactly.
   *
   * @throws IllegalArgumentException whose message starts with {@code invalid cid: }
   */
  public static Cid ofBytes(byte[] bytes) {
    if (isVersion0(bytes)) {
      return new Cid(bytes.clone());
    }
    if (bytes.length < 4) {
      throw invalid("cid too short");
    }
    try {
      long version = Varint.get(bytes, 0);
      if (version != 1) {
        throw invalid(
            "expected 1 as the cid version number, got: " + Long.toUnsignedString(version));
      }
      int at = digestAt(bytes);
      long digest = Varint.get(bytes, at);
      int left = bytes.length - at - Varint.length(digest);
      if (Long.compareUnsigned(digest, left) > 0) {
        throw invalid(
            "length greater than remaining number of bytes in buffer: "
                + Long.toUnsignedString(digest)
                + " > "
                + left);
      }
      if (digest < left) {
        throw invalid("trailing bytes in data buffer passed to cid Cast");
      }
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
    return new Cid(bytes.clone());
  }

  /**
   * The CID written as {@code text}: version 0 ({@code Qm…}) or any multibase of base16, 32, 36, 58
   * and 64, either case where the base has one.
   *
   * @throws IllegalArgumentException whose message starts with {@code invalid cid: }
   */
  public static Cid parse(String text) {
    if (text.length() < 2) {
      throw invalid("cid too short");
    }
    if (text.length() > MAX_TEXT) {
      throw invalid("text of " + text.length() + " characters, at most " + MAX_TEXT);
    }
    try {
      if (text.length() == V0_TEXT && text.startsWith("Qm")) {
        return ofBytes(Multibase.decodeBase58(text));
      }
      byte[] binary = Multibase.decode(text);
      if (isVersion0(binary)) {
        throw invalid("expected 1 as the cid version number, got: 18");
      }
      return ofBytes(binary);
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  /** 0 or 1. */
  public int version() {
    return isVersion0(bytes) ? 0 : 1;
  }

  /** What the content is encoded in, such as {@link #DAG_CBOR}. */
  public long codec() {
    return isVersion0(bytes) ? DAG_PB : Varint.get(bytes, 1);
  }

  /** The hash function, such as {@link #BLAKE2B_256}. */
  public long hashFunction() {
    return isVersion0(bytes) ? SHA2_256 : Varint.get(bytes, 1 + Varint.length(codec()));
  }

  /** The digest, a copy. */
  public byte[] digest() {
    int at = isVersion0(bytes) ? 1 : digestAt(bytes);
    return Arrays.copyOfRange(bytes, at + Varint.length(Varint.get(bytes, at)), bytes.length);
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
    return isVersion0(bytes) ? Multibase.encodeBase58(bytes) : "b" + Base32.encode(bytes);
  }

  private static boolean isVersion0(byte[] bytes) {
    return bytes.length == V0_BYTES && bytes[0] == SHA2_256 && bytes[1] == Bytes32.LENGTH;
  }

  /** Where the digest's length stands in a version 1 CID. */
  private static int digestAt(byte[] bytes) {
    int hashAt = 1 + Varint.length(Varint.get(bytes, 1));
    return hashAt + Varint.length(Varint.get(bytes, hashAt));
  }

  private static IllegalArgumentException invalid(String why) {
    return new IllegalArgumentException(INVALID + why);
  }

  private static IllegalArgumentException invalid(IllegalArgumentException why) {
    String message = String.valueOf(why.getMessage());
    return message.startsWith(INVALID) ? why : new IllegalArgumentException(INVALID + message, why);
  }
}
