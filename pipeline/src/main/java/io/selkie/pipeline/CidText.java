package io.selkie.pipeline;

import io.selkie.abi.Cid;

/** Reads the text form of version 1 CIDs in base32, the only one that this module writes. */
final class CidText {

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  private CidText() {}

  static Cid parse(String text) {
    if (!text.startsWith("b")) {
      throw new IllegalArgumentException("'" + text + "' is no CID in base32");
    }
    byte[] bytes = new byte[(text.length() - 1) * 5 / 8];
    int buffer = 0;
    int bits = 0;
    int at = 0;
    for (int i = 1; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("'" + text + "' is no CID in base32");
      }
      buffer = ((buffer << 5) | digit) & 0xfff;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = (byte) (buffer >> bits);
      }
    }
    return ofBytes(bytes, text);
  }

  private static Cid ofBytes(byte[] bytes, String text) {
    int[] at = {0};
    long version = varint(bytes, at, text);
    long codec = varint(bytes, at, text);
    long hash = varint(bytes, at, text);
    long length = varint(bytes, at, text);
    if (version != 1 || length != bytes.length - at[0]) {
      throw new IllegalArgumentException("'" + text + "' is no CID of version 1");
    }
    return Cid.of(codec, hash, java.util.Arrays.copyOfRange(bytes, at[0], bytes.length));
  }

  private static long varint(byte[] bytes, int[] at, String text) {
    long value = 0;
    for (int shift = 0; shift < 63 && at[0] < bytes.length; shift += 7) {
      byte next = bytes[at[0]++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is no CID: a number in it has no end");
  }
}
