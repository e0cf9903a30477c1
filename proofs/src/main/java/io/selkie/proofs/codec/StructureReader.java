package io.selkie.proofs.codec;

/**
 * Reads one structure in the order {@link StructureWriter} wrote it; anything else than what is
 * asked for is malformed. The caller states every count, so nothing in the input decides how much
 * is read.
 */
public interface StructureReader {

  /** Enters a struct. */
  void begin() throws MalformedException;

  /** Reads the name of the value that follows. */
  void field(String name) throws MalformedException;

  /** Leaves the struct entered last. */
  void end() throws MalformedException;

  /** Enters a sequence of exactly {@code count} values. */
  void sequence(int count) throws MalformedException;

  /** Leaves the sequence entered last. */
  void endSequence() throws MalformedException;

  /** Enters this variant. */
  void variant(int index, String name) throws MalformedException;

  /** Leaves the variant entered last. */
  void endVariant() throws MalformedException;

  /** Reads a field without content. */
  void phantom(String name) throws MalformedException;

  /** Reads 32 bytes. */
  byte[] node() throws MalformedException;

  /** Reads a number of 32 bits. */
  long u32() throws MalformedException;

  /** Reads a number, 0 to 2^63 - 1. */
  long u64() throws MalformedException;

  /** Reads an optional number that is there. */
  long someU64() throws MalformedException;

  /** Reads text of at most {@code maxBytes} UTF-8 bytes. */
  String text(int maxBytes) throws MalformedException;

  /** Insists that nothing follows. */
  void finish() throws MalformedException;
}
