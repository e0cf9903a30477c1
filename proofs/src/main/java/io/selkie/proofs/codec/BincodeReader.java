package io.selkie.proofs.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link BincodeWriter} writes, and nothing else. */
public final class BincodeReader implements StructureReader {
  private final byte[] in;
  private int at;

  /**
   * @param in the bytes, which may be anything; not copied
   */
  public BincodeReader(byte[] in) {
    this.in = in;
  }

  @Override
  public void begin() {}

  @Override
  public void field(String name) {}

  @Override
  public void end() {}

  @Override
  public void sequence(int count) throws MalformedException {
    int start = at;
    long found = u64();
    if (found != count) {
      throw new MalformedException("count " + found + " at byte " + start + ", expected " + count);
    }
  }

  @Override
  public void endSequence() {}

  @Override
  public void variant(int index, String name) throws MalformedException {
    int start = at;
    long found = u32();
    if (found != index) {
      throw new MalformedException(
          "variant " + found + " at byte " + start + ", expected " + index + " (" + name + ")");
    }
  }

  @Override
  public void endVariant() {}

  @Override
  public void phantom(String name) {}

  @Override
  public byte[] node() throws MalformedException {
    int start = take(32);
    return Arrays.copyOfRange(in, start, at);
  }

  @Override
  public long u32() throws MalformedException {
    return littleEndian(take(4), 4);
  }

  @Override
  public long u64() throws MalformedException {
    int start = take(8);
    long value = littleEndian(start, 8);
    if (value < 0) {
      throw new MalformedException(
          "number " + Long.toUnsignedString(value) + " at byte " + start + " is over 63 bits");
    }
    return value;
  }

  @Override
  public long someU64() throws MalformedException {
    int start = take(1);
    if (in[start] != 1) {
      throw new MalformedException("option " + in[start] + " at byte " + start + ", expected 1");
    }
    return u64();
  }

  @Override
  public String text(int maxBytes) throws MalformedException {
    long length = u64();
    if (length > maxBytes) {
      throw new MalformedException(
          "text of " + length + " bytes at byte " + at + ", limit " + maxBytes);
    }
    int start = take((int) length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(in, start, (int) length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("text at byte " + start + " is not UTF-8: " + e.getMessage());
    }
  }

  @Override
  public void finish() throws MalformedException {
    if (at != in.length) {
      throw new MalformedException((in.length - at) + " bytes follow the end at byte " + at);
    }
  }

  private int take(int count) throws MalformedException {
    if (in.length - at < count) {
      throw new MalformedException(
          "ends at byte " + in.length + ", expected " + count + " more bytes from byte " + at);
    }
    int start = at;
    at += count;
    return start;
  }

  private long littleEndian(int start, int bytes) {
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << 8 | (in[start + i] & 0xff);
    }
    return value;
  }
}
