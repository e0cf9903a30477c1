package io.selkie.proofs.codec;

/**
 * Writes one structure, value by value. A struct is {@code begin}, its fields each followed by a
 * value, {@code end}; a sequence likewise; a variant holds one value.
 */
public interface StructureWriter {

  /** Begins a struct. */
  void begin();

  /** Names the value that follows. */
  void field(String name);

  /** Ends the struct begun last. */
  void end();

  /** Begins a sequence of {@code count} values. */
  void sequence(int count);

  /** Ends the sequence begun last. */
  void endSequence();

  /** Begins an enum's variant, whose one value follows. */
  void variant(int index, String name);

  /** Ends the variant begun last. */
  void endVariant();

  /** Writes a field without content: null in JSON, nothing in bincode. */
  void phantom(String name);

  /** Writes 32 bytes. */
  void node(byte[] node);

  /** Writes an unsigned number of 32 bits. */
  void u32(long value);

  /** Writes a number of 64 bits, 0 to 2^63 - 1. */
  void u64(long value);

  /** Writes an optional number that is there. */
  void someU64(long value);

  /** Writes text. */
  void text(String text);

  /** What was written. */
  byte[] toBytes();
}
