package io.selkie.abi;

/** The five sector sizes that have registered proofs, smallest first. */
public enum SectorSize {
  KIB_2(2048L, "2KiB"),
  MIB_8(8L << 20, "8MiB"),
  MIB_512(512L << 20, "512MiB"),
  GIB_32(32L << 30, "32GiB"),
  GIB_64(64L << 30, "64GiB");

  private final long bytes;
  private final String text;

  SectorSize(long bytes, String text) {
    this.bytes = bytes;
    this.text = text;
  }

  /** Padded bytes, the size of the replica file. */
  public long bytes() {
    return bytes;
  }

  /** 32-byte nodes in a layer. */
  public long nodeCount() {
    return bytes / 32;
  }

  /** The size as a padded piece: a sector filled by one piece. */
  public PaddedPieceSize padded() {
    return new PaddedPieceSize(bytes);
  }

  /** Client bytes that fit, 127 of every 128. */
  public UnpaddedPieceSize unpadded() {
    return padded().unpadded();
  }

  /** {@code 2KiB}, {@code 8MiB}, … as the reference spells it in proof names. */
  @Override
  public String toString() {
    return text;
  }

  /**
   * The size spelled {@code text}, upper or lower case, with or without the blank of {@code 2 KiB}.
   *
   * @throws IllegalArgumentException naming the five sizes if it is none of them
   */
  public static SectorSize parse(String text) {
    String wanted = text.replace(" ", "");
    for (SectorSize size : values()) {
      if (size.text.equalsIgnoreCase(wanted)) {
        return size;
      }
    }
    throw new IllegalArgumentException(
        "sector size '" + text + "' is not one of 2KiB, 8MiB, 512MiB, 32GiB, 64GiB");
  }

  /**
   * The size of {@code bytes} padded bytes.
   *
   * @throws IllegalArgumentException if no registered size has that many
   */
  public static SectorSize ofBytes(long bytes) {
    for (SectorSize size : values()) {
      if (size.bytes == bytes) {
        return size;
      }
    }
    throw new IllegalArgumentException(
        bytes + " bytes is no sector size (2048, 8388608, 536870912, 34359738368, 68719476736)");
  }
}
