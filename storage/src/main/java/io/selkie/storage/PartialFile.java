package io.selkie.storage;

import io.selkie.abi.BitField;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.seal.DamagedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * An unsealed sector of which only some bytes may be valid.
 *
 * <pre>
 * | data area: sector size, fr32-padded | RLE+ of the valid bytes | its length, u32 LE |
 * </pre>
 *
 * <p>The bit set counts padded bytes. A file of exactly the sector's size has no trailer and is
 * valid throughout. Source: lotus storage/sealer/partialfile.
 *
 * <p>Order on disk: data is forced before the trailer says so. The trailer itself is replaced
 * through a copy beside the file ({@code fetching/<name>.trailer}, with a checksum): once that copy
 * is durable the new trailer holds, and whoever opens the file next finishes writing it. A trailer
 * that is torn without such a copy is reported as damage, never guessed at.
 *
 * <p>Freed ranges lose their bits. Java cannot punch holes, so {@link #copyPresent} writes a new
 * sparse file without them instead; that gives the room back.
 *
 * <p>Not thread-safe: the holder of the sector's unsealed lock uses it.
 */
public final class PartialFile implements AutoCloseable {

  private static final int LENGTH_BYTES = 4;
  private static final int CHECKSUM_BYTES = 4;
  private static final int COMPARE_BYTES = 1 << 20;

  private final Path file;
  private final SectorSize size;
  private final FileChannel channel;
  private BitField present;

  private PartialFile(Path file, SectorSize size, FileChannel channel, BitField present) {
    this.file = file;
    this.size = size;
    this.channel = channel;
    this.present = present;
  }

  /**
   * Creates the file with no valid byte and no space used. It appears under its name only once its
   * trailer is durable.
   *
   * @throws FileAlreadyExistsException if there is one
   */
  public static PartialFile create(Path file, SectorSize size) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    forget(file);
    Path unfinished = fetching(file).resolve(file.getFileName() + ".new");
    Files.createDirectories(DurableFiles.parent(unfinished));
    Files.deleteIfExists(unfinished);
    FileChannel channel = createEmpty(unfinished, size);
    try {
      DurableFiles.rename(unfinished, file);
      return new PartialFile(file, size, channel, BitField.EMPTY);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  private static FileChannel createEmpty(Path file, SectorSize size) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE);
    try {
      // One write behind the end: the file is never of exactly the sector's size, which would say
      // that all of it is valid.
      DurableFiles.writeFully(channel, ByteBuffer.wrap(trailer(BitField.EMPTY)), size.bytes());
      channel.force(true);
      return channel;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  /**
   * Opens the file for reading and writing.
   *
   * @throws DamagedFileException if it is shorter than the sector or its trailer is torn
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  public static PartialFile open(Path file, SectorSize size) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      Optional<byte[]> pending = pendingTrailer(file);
      if (pending.isPresent()) {
        requireSize(file, channel.size(), size);
        BitField decoded = decode(file, size, pending.get());
        replaceTrailer(channel, size, pending.get());
        forget(file);
        return new PartialFile(file, size, channel, decoded);
      }
      return new PartialFile(file, size, channel, readPresent(file, size, channel));
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  /** Opens the file for reading alone; what {@link #open} would finish is taken as done. */
  public static PartialFile openRead(Path file, SectorSize size) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      Optional<byte[]> pending = pendingTrailer(file);
      if (pending.isPresent()) {
        requireSize(file, channel.size(), size);
        return new PartialFile(file, size, channel, decode(file, size, pending.get()));
      }
      return new PartialFile(file, size, channel, readPresent(file, size, channel));
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The file's channel: data lies at its padded offset; write nowhere else. */
  public FileChannel channel() {
    return channel;
  }

  /** The valid bytes, padded. */
  public BitField present() {
    return present;
  }

  /** Whether every byte of the padded range is valid. */
  public boolean isPresent(long offsetPaddedBytes, long sizePaddedBytes) {
    requireRange(offsetPaddedBytes, sizePaddedBytes);
    return present.containsRange(offsetPaddedBytes, offsetPaddedBytes + sizePaddedBytes);
  }

  /** Whether the whole sector is there. */
  public boolean isComplete() {
    return isPresent(0, size.bytes());
  }

  /** Forces what was written, then marks the padded range as valid; durable on return. */
  public void markPresent(long offsetPaddedBytes, long sizePaddedBytes) throws IOException {
    requireRange(offsetPaddedBytes, sizePaddedBytes);
    channel.force(true);
    setPresent(
        present.plus(BitField.ofRange(offsetPaddedBytes, offsetPaddedBytes + sizePaddedBytes)));
  }

  /** Marks the padded range as not valid; durable on return. Its bytes stay until overwritten. */
  public void markAbsent(long offsetPaddedBytes, long sizePaddedBytes) throws IOException {
    requireRange(offsetPaddedBytes, sizePaddedBytes);
    setPresent(
        present.minus(BitField.ofRange(offsetPaddedBytes, offsetPaddedBytes + sizePaddedBytes)));
  }

  /**
   * Writes a new file that holds those of {@code keep} that are valid here, and nothing else; the
   * rest of it uses no space where the filesystem knows holes. Forced on return.
   *
   * @param to replaced if it exists; rename it over the final name afterwards
   */
  public void copyPresent(BitField keep, Path to) throws IOException {
    BitField kept = present.intersect(keep);
    Files.deleteIfExists(to);
    try (FileChannel copy = createEmpty(to, size)) {
      for (BitField.Run run : kept.runs()) {
        DurableFiles.copyRange(channel, copy, run.from(), run.to());
      }
      copy.force(true);
      replaceTrailer(copy, size, trailer(kept));
    }
  }

  /** Whether every valid byte of {@code other} is valid here too, and the same. */
  boolean holdsAllOf(PartialFile other) throws IOException {
    if (!other.present.minus(present).isEmpty()) {
      return false;
    }
    for (BitField.Run run : other.present.runs()) {
      for (long at = run.from(); at < run.to(); at += COMPARE_BYTES) {
        int length = (int) Math.min(COMPARE_BYTES, run.to() - at);
        if (!read(at, length).equals(other.read(at, length))) {
          return false;
        }
      }
    }
    return true;
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw DamagedFileException.ofSize(file, position + buffer.position(), position + length);
      }
    }
    return buffer.flip();
  }

  /**
   * How many bytes of the file hold something: the valid ones and the trailer. A sparse file is as
   * long as the sector from the start, so its length says nothing.
   */
  static long storedBytes(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      for (SectorSize size : SectorSize.values()) {
        if (length > size.bytes() && length <= size.bytes() + BitField.MAX_ENCODED_BYTES) {
          return readPresent(file, size, channel).size() + length - size.bytes();
        }
      }
      return length;
    } catch (DamagedFileException _) { // no trailer we can read: count the whole file
      return Files.size(file);
    }
  }

  /** Deletes what an interrupted change of the trailer left beside the file. */
  static void forget(Path file) throws IOException {
    if (Files.deleteIfExists(pendingFile(file))) {
      DurableFiles.forceDirectory(DurableFiles.parent(pendingFile(file)));
    }
  }

  /**
   * Finishes what a crash left of a change of the trailer, if that is possible, so that the file
   * alone says all. The sector's size is the largest that the file has room for.
   */
  static void settle(Path file) throws IOException {
    if (!Files.exists(pendingFile(file))) {
      return;
    }
    long length = Files.size(file);
    for (SectorSize size : SectorSize.values()) {
      if (size.bytes() <= length
          && length - size.bytes() <= BitField.MAX_ENCODED_BYTES + LENGTH_BYTES) {
        try {
          open(file, size).close();
        } catch (DamagedFileException _) { // stays as it is: it will be reported when it is read
          return;
        }
      }
    }
  }

  /** As {@link #forget}, and an unfinished new file as well. */
  static void forgetAll(Path file) throws IOException {
    forget(file);
    Files.deleteIfExists(fetching(file).resolve(file.getFileName() + ".new"));
  }

  /** Makes a file of exactly the sector's size, written elsewhere, a complete partial file. */
  static void completeTrailer(FileChannel channel, SectorSize size) throws IOException {
    channel.force(true);
    replaceTrailer(channel, size, trailer(BitField.ofRange(0, size.bytes())));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void setPresent(BitField next) throws IOException {
    byte[] trailer = trailer(next);
    writePending(file, trailer);
    replaceTrailer(channel, size, trailer);
    forget(file);
    present = next;
  }

  /** The first half of a change: from here on the new trailer holds. */
  static void writePending(Path file, byte[] trailer) throws IOException {
    Path pending = pendingFile(file);
    Files.createDirectories(DurableFiles.parent(pending));
    byte[] content = Arrays.copyOf(trailer, trailer.length + CHECKSUM_BYTES);
    littleEndian(content).putInt(trailer.length, checksum(trailer));
    DurableFiles.write(pending, content);
  }

  private static void replaceTrailer(FileChannel channel, SectorSize size, byte[] trailer)
      throws IOException {
    DurableFiles.writeFully(channel, ByteBuffer.wrap(trailer), size.bytes());
    channel.truncate(size.bytes() + trailer.length);
    channel.force(true);
  }

  private static Optional<byte[]> pendingTrailer(Path file) throws IOException {
    Path pending = pendingFile(file);
    if (!Files.exists(pending)) {
      return Optional.empty();
    }
    byte[] content =
        DurableFiles.readSmall(pending, BitField.MAX_ENCODED_BYTES + LENGTH_BYTES + CHECKSUM_BYTES);
    int length = content.length - CHECKSUM_BYTES;
    if (length < LENGTH_BYTES
        || littleEndian(content).getInt(length) != checksum(Arrays.copyOf(content, length))) {
      throw new DamagedFileException(pending, "trailer copy with a wrong checksum");
    }
    return Optional.of(Arrays.copyOf(content, length));
  }

  private static BitField readPresent(Path file, SectorSize size, FileChannel channel)
      throws IOException {
    long length = channel.size();
    requireSize(file, length, size);
    long trailerBytes = length - size.bytes();
    if (trailerBytes == 0) {
      return BitField.ofRange(0, size.bytes());
    }
    if (trailerBytes > BitField.MAX_ENCODED_BYTES + LENGTH_BYTES) {
      throw new DamagedFileException(
          file, "trailer of " + trailerBytes + " bytes behind a sector of " + size.bytes());
    }
    byte[] trailer = new byte[(int) trailerBytes];
    ByteBuffer buffer = ByteBuffer.wrap(trailer);
    while (buffer.hasRemaining() && channel.read(buffer, size.bytes() + buffer.position()) > 0) {
      // reads until the trailer is whole
    }
    return decode(file, size, trailer);
  }

  private static BitField decode(Path file, SectorSize size, byte[] trailer)
      throws DamagedFileException {
    int encoded = trailer.length - LENGTH_BYTES;
    if (encoded < 0) {
      throw new DamagedFileException(
          file, "torn trailer: " + trailer.length + " bytes behind the data, at least 4 expected");
    }
    int stated = littleEndian(trailer).getInt(encoded);
    if (stated != encoded) {
      throw new DamagedFileException(
          file,
          "torn trailer: it states "
              + Integer.toUnsignedString(stated)
              + " bytes of RLE+, the file has "
              + encoded);
    }
    BitField present;
    try {
      present = BitField.ofRlePlus(Arrays.copyOf(trailer, encoded));
    } catch (IllegalArgumentException e) {
      throw new DamagedFileException(file, "torn trailer: " + e.getMessage());
    }
    if (present.end() > size.bytes()) {
      throw new DamagedFileException(
          file, "trailer covers " + present.end() + " bytes, the sector has only " + size.bytes());
    }
    return present;
  }

  static byte[] trailer(BitField present) {
    byte[] encoded = present.toRlePlus();
    byte[] trailer = Arrays.copyOf(encoded, encoded.length + LENGTH_BYTES);
    littleEndian(trailer).putInt(encoded.length, encoded.length);
    return trailer;
  }

  private static Path pendingFile(Path file) {
    return fetching(file).resolve(file.getFileName() + ".trailer");
  }

  private static Path fetching(Path file) {
    return DurableFiles.parent(file).resolve(SectorFileName.FETCHING);
  }

  private static void requireSize(Path file, long length, SectorSize size)
      throws DamagedFileException {
    if (length < size.bytes()) {
      throw DamagedFileException.ofSize(file, length, size.bytes());
    }
  }

  private void requireRange(long offset, long length) {
    if (offset < 0 || length < 0 || offset > size.bytes() - length) {
      throw new IllegalArgumentException(
          "padded range of " + length + " bytes at " + offset + " is not within " + size.bytes());
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void closeAfter(Exception failure, FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
