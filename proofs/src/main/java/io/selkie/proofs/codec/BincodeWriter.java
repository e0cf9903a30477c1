package io.selkie.proofs.codec;

import java.nio.charset.StandardCharsets;

/**
 * bincode 1 with its default options: fixed-width little-endian integers, u64 counts, u32 variants,
 * nothing for names.
 */
public final class BincodeWriter implements StructureWriter {
  private final GrowingBytes out = new GrowingBytes();

  @Override
  public void begin() {}

  @Override
  public void field(String name) {}

  @Override
  public void end() {}

  @Override
  public void sequence(int count) {
    u64(count);
  }

  @Override
  public void endSequence() {}

  @Override
  public void variant(int index, String name) {
    u32(index);
  }

  @Override
  public void endVariant() {}

  @Override
  public void phantom(String name) {}

  @Override
  public void node(byte[] node) {
    out.put(node);
  }

  @Override
  public void u32(long value) {
    littleEndian(value, 4);
  }

  @Override
  public void u64(long value) {
    littleEndian(value, 8);
  }

  @Override
  public void someU64(long value) {
    out.put(1);
    u64(value);
  }

  @Override
  public void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    u64(utf8.length);
    out.put(utf8);
  }

  @Override
  public byte[] toBytes() {
    return out.toBytes();
  }

  private void littleEndian(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.put((int) (value >>> (8 * i)));
    }
  }
}
