package io.selkie.abi;

import java.util.Arrays;

/**
 * The address of an actor: a protocol and a payload.
 *
 * <p>Protocols: 0 an actor id, 1 the hash of a secp256k1 key, 2 the hash of an actor's creation, 3
 * a BLS key, 4 a sub-address that another actor hands out. The network is not part of an address,
 * only of its text. Source: spec.filecoin.io appendix "address", FIP-0048, go-address.
 */
public final class Address {

  /** The network a text form is written for; either is read everywhere. */
  public enum Network {
    /** Prefix {@code f}. */
    MAINNET('f'),
    /** Prefix {@code t}: every network that is not mainnet. */
    TESTNET('t');

    private final char prefix;

    Network(char prefix) {
      this.prefix = prefix;
    }

    /** The first character of the text. */
    public char prefix() {
      return prefix;
    }
  }

  /** No address, {@code <empty>} as text. */
  public static final Address EMPTY = new Address(new byte[0]);

  /** The longest binary form: protocol, namespace, sub-address. */
  public static final int MAX_BYTES = 65;

  /** The longest sub-address of protocol 4, bytes. */
  public static final int MAX_SUBADDRESS = 54;

  /** The longest text: 113 characters of protocol 4 fit. */
  public static final int MAX_TEXT = 116;

  private static final int ID = 0;
  private static final int SECP256K1 = 1;
  private static final int ACTOR = 2;
  private static final int BLS = 3;
  private static final int DELEGATED = 4;

  private static final int HASH_BYTES = 20;
  private static final int BLS_BYTES = 48;
  private static final int CHECKSUM = 4;
  private static final int MAX_ID_DIGITS = 19;
  private static final String EMPTY_TEXT = "<empty>";

  private final byte[] bytes;

  private Address(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The address of the actor with this number. */
  public static Address ofId(ActorId id) {
    return of(ID, Varint.encode(id.value()));
  }

  /** The address of this number, for call sites that hold a plain value. */
  public static Address ofId(long id) {
    return ofId(new ActorId(id));
  }

  /** Protocol 1, from the 20-byte hash of the public key. */
  public static Address ofSecp256k1Hash(byte[] hash) {
    return of(SECP256K1, hash);
  }

  /** Protocol 1, from the 65-byte public key. */
  public static Address ofSecp256k1Key(byte[] publicKey) {
    return of(SECP256K1, Blake2b.digest(HASH_BYTES, publicKey));
  }

  /** Protocol 2, from the 20-byte hash. */
  public static Address ofActorHash(byte[] hash) {
    return of(ACTOR, hash);
  }

  /** Protocol 3, from the 48-byte public key. */
  public static Address ofBlsKey(byte[] publicKey) {
    return of(BLS, publicKey);
  }

  /** Protocol 4: the sub-address (at most 54 bytes) that actor {@code namespace} hands out. */
  public static Address ofDelegated(ActorId namespace, byte[] subAddress) {
    byte[] head = Varint.encode(namespace.value());
    byte[] payload = Arrays.copyOf(head, head.length + subAddress.length);
    System.arraycopy(subAddress, 0, payload, head.length, subAddress.length);
    return of(DELEGATED, payload);
  }

  /**
   * The address with this binary form; no bytes are {@link #EMPTY}.
   *
   * @throws IllegalArgumentException with the text of the API for what is wrong
   */
  public static Address ofBytes(byte[] bytes) {
    if (bytes.length == 0) {
      return EMPTY;
    }
    return of(bytes[0] & 0xff, Arrays.copyOfRange(bytes, 1, bytes.length));
  }

  /**
   * The address written as {@code text}, with the prefix of either network; the empty text and
   * {@code <empty>} are {@link #EMPTY}.
   *
   * @throws IllegalArgumentException with the text of the API: {@code invalid address length},
   *     {@code unknown address network}, {@code unknown address protocol}, {@code invalid address
   *     payload}, {@code invalid encoding} or {@code invalid address checksum}
   */
  public static Address parse(String text) {
    if (text.isEmpty() || text.equals(EMPTY_TEXT)) {
      return EMPTY;
    }
    if (text.length() < 3 || text.length() > MAX_TEXT) {
      throw badLength();
    }
    if (text.charAt(0) != 'f' && text.charAt(0) != 't') {
      throw new IllegalArgumentException("unknown address network");
    }
    String rest = text.substring(2);
    return switch (text.charAt(1)) {
      case '0' -> of(ID, Varint.encode(parseId(rest)));
      case '1' -> of(SECP256K1, parsePayload(SECP256K1, new byte[0], rest));
      case '2' -> of(ACTOR, parsePayload(ACTOR, new byte[0], rest));
      case '3' -> of(BLS, parsePayload(BLS, new byte[0], rest));
      case '4' -> parseDelegated(rest);
      default -> throw new IllegalArgumentException("unknown address protocol");
    };
  }

  /** Whether this is {@link #EMPTY}. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Whether this names an actor by its number. */
  public boolean isId() {
    return bytes.length > 0 && bytes[0] == ID;
  }

  /**
   * The number of the actor.
   *
   * @throws IllegalStateException unless {@link #isId}
   */
  public ActorId id() {
    if (!isId()) {
      throw new IllegalStateException("address " + this + " is not an id");
    }
    return new ActorId(Varint.get(bytes, 1));
  }

  /** The protocol byte and the payload, a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The text with the prefix of {@code network}. */
  public String text(Network network) {
    if (bytes.length == 0) {
      return EMPTY_TEXT;
    }
    StringBuilder text = new StringBuilder().append(network.prefix()).append(bytes[0]);
    if (bytes[0] == ID) {
      return text.append(Varint.get(bytes, 1)).toString();
    }
    int from = 1;
    if (bytes[0] == DELEGATED) {
      long namespace = Varint.get(bytes, 1);
      text.append(namespace).append('f');
      from += Varint.length(namespace);
    }
    byte[] shown = Arrays.copyOfRange(bytes, from, bytes.length + CHECKSUM);
    System.arraycopy(checksum(bytes), 0, shown, shown.length - CHECKSUM, CHECKSUM);
    return text.append(Base32.encode(shown)).toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Address that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The text for mainnet. */
  @Override
  public String toString() {
    return text(Network.MAINNET);
  }

  private static Address of(int protocol, byte[] payload) {
    switch (protocol) {
      case ID -> checkId(payload, payload.length);
      case SECP256K1, ACTOR -> checkPayload(payload.length == HASH_BYTES);
      case BLS -> checkPayload(payload.length == BLS_BYTES);
      case DELEGATED -> {
        int head = namespaceLength(payload);
        checkId(payload, head);
        checkPayload(payload.length - head <= MAX_SUBADDRESS);
      }
      default -> throw new IllegalArgumentException("unknown address protocol");
    }
    byte[] bytes = new byte[1 + payload.length];
    bytes[0] = (byte) protocol;
    System.arraycopy(payload, 0, bytes, 1, payload.length);
    return new Address(bytes);
  }

  private static int namespaceLength(byte[] payload) {
    int at = 0;
    while (at < payload.length && payload[at] < 0) {
      at++;
    }
    return Math.min(at + 1, payload.length);
  }

  /** Insists on one varint of at most 63 bits in exactly {@code length} bytes. */
  private static void checkId(byte[] payload, int length) {
    try {
      long id = Varint.get(payload, 0);
      checkPayload(id >= 0 && Varint.length(id) == length);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid address payload", e);
    }
  }

  private static void checkPayload(boolean fine) {
    if (!fine) {
      throw new IllegalArgumentException("invalid address payload");
    }
  }

  private static IllegalArgumentException badLength() {
    return new IllegalArgumentException("invalid address length");
  }

  private static long parseId(String digits) {
    checkPayload(!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9'));
    if (digits.length() > MAX_ID_DIGITS) {
      throw badLength();
    }
    long id = Long.parseUnsignedLong(digits);
    if (id < 0) {
      throw badLength();
    }
    return id;
  }

  private static Address parseDelegated(String rest) {
    int mark = rest.indexOf('f');
    checkPayload(mark > 0);
    byte[] namespace = Varint.encode(parseId(rest.substring(0, mark)));
    byte[] subAddress = parsePayload(DELEGATED, namespace, rest.substring(mark + 1));
    return ofDelegated(new ActorId(Varint.get(namespace, 0)), subAddress);
  }

  /** What stands before the checksum, once that is right. */
  private static byte[] parsePayload(int protocol, byte[] before, String text) {
    byte[] decoded;
    try {
      decoded = Base32.decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid encoding", e);
    }
    int length = decoded.length - CHECKSUM;
    if (length < 0) {
      throw badLength();
    }
    byte[] payload = Arrays.copyOf(decoded, length);
    checkPayload(
        switch (protocol) {
          case BLS -> length == BLS_BYTES;
          case DELEGATED -> length <= MAX_SUBADDRESS;
          default -> length == HASH_BYTES;
        });
    byte[] sum = checksum(new byte[] {(byte) protocol}, before, payload);
    if (!Arrays.equals(sum, 0, CHECKSUM, decoded, length, decoded.length)) {
      throw new IllegalArgumentException("invalid address checksum");
    }
    return payload;
  }

  private static byte[] checksum(byte[]... parts) {
    return Blake2b.digest(CHECKSUM, parts);
  }
}
