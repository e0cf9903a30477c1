package io.selkie.storage;

import io.selkie.abi.SectorSize;
import io.selkie.proofs.seal.CacheFiles;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * Unpacks a sector's cache from another machine's archive. It may hold the files that sealing
 * writes and no others (lotus lib/tarutil), with those two that the reference's list lacks, a
 * single tree-c and the synthetic proofs; each once, each within its size, and together not more
 * than a cache may take: an archive can write nowhere else and fill no disk.
 *
 * <p>The reference's writer never closes its archives: they end behind the contents of the last
 * file, which is t_aux by the order of names. Such an end is taken there and nowhere else.
 */
final class CacheArchive {

  private static final Pattern LAYER = Pattern.compile("sc-02-data-layer-(?:[1-9]|1[01])\\.dat");
  private static final Pattern TREE_C =
      Pattern.compile("sc-02-data-tree-c(?:-(?:[0-9]|1[0-5]))?\\.dat");
  private static final Pattern TREE_R_LAST =
      Pattern.compile("sc-02-data-tree-r-last(?:-(?:[0-9]|1[0-5]))?\\.dat");

  private static final long P_AUX_BYTES = 64;
  private static final long T_AUX_BYTES = 10_240;

  /** The reference's, for any sector. */
  private static final long TREE_R_LAST_BYTES = 10_000_000;

  /** The most challenges of a synthetic sector; a small one has one for each node (FIP-0059). */
  private static final long SYNTHETIC_CHALLENGES = 1L << 18;

  /** Of the largest sector's it takes about 100 KB, with room. */
  private static final long SYNTHETIC_PROOF_BYTES = 256L << 10;

  /** p_aux, t_aux, tree-d, synthetic proofs, 11 layers, 16 trees each of tree-c and tree-r-last. */
  static final int MAX_FILES = 47;

  private static final int BUFFER_BYTES = 1 << 20;

  private final TarEntries archive;
  private final Path directory;
  private final SectorSize sector;
  private final Set<String> names = new HashSet<>();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long done;

  private CacheArchive(InputStream in, Path directory, SectorSize sector) {
    this.archive = new TarEntries(in);
    this.directory = directory;
    this.sector = sector;
  }

  /**
   * Writes the archive's files; each is forced, and so is the directory.
   *
   * @param in read to its end
   * @param directory is there and empty
   * @param type which of the kinds that are directories it is
   * @param written is told how many bytes are there
   * @throws EOFException if the archive breaks off
   * @throws RejectedSourceException if it holds anything but files of a cache
   */
  static void unpack(
      InputStream in, Path directory, SectorFileType type, SectorSize sector, LongConsumer written)
      throws IOException {
    new CacheArchive(in, directory, sector)
        .unpack(type.spaceBytes(sector, PathType.SEALING), written);
  }

  private void unpack(long limit, LongConsumer written) throws IOException {
    long left = limit;
    String last = "";
    for (Optional<TarEntries.Entry> next = archive.next();
        next.isPresent();
        next = archive.next()) {
      TarEntries.Entry entry = next.get();
      require(entry);
      if (!entry.name().equals(CacheFiles.SYNTHETIC_PROOFS)) {
        left -= entry.bytes();
      }
      if (left < 0) {
        throw new RejectedSourceException(
            "the archive holds more than the " + limit + " bytes of a cache");
      }
      write(entry.name());
      written.accept(done);
      last = entry.name();
    }
    if (!archive.closed() && !last.equals(CacheFiles.T_AUX)) {
      throw new EOFException(
          "the archive breaks off behind " + (last.isEmpty() ? "0 files" : last));
    }
    DurableFiles.forceDirectory(directory);
  }

  private void require(TarEntries.Entry entry) throws RejectedSourceException {
    String name = entry.name();
    OptionalLong limit = maxBytes(name, sector);
    if (limit.isEmpty()) {
      throw new RejectedSourceException(
          "the archive holds '" + name + "', which is no file of a cache");
    }
    if (entry.bytes() > limit.getAsLong()) {
      throw new RejectedSourceException(
          "the archive holds %s of %d bytes, the limit is %d"
              .formatted(name, entry.bytes(), limit.getAsLong()));
    }
    if (!names.add(name)) {
      throw new RejectedSourceException("the archive holds " + name + " twice");
    }
    if (names.size() > MAX_FILES) {
      throw new RejectedSourceException(
          "the archive holds more than the " + MAX_FILES + " files of a cache");
    }
  }

  private void write(String name) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long at = 0;
      for (int count = archive.read(buffer); count >= 0; count = archive.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedIOException("interrupted after " + at + " bytes of " + name);
        }
        DurableFiles.writeFully(out, ByteBuffer.wrap(buffer, 0, count), at);
        at += count;
      }
      out.force(true);
      done += at;
    }
  }

  /** How many bytes the file of this name may have; empty if there is no such file. */
  static OptionalLong maxBytes(String name, SectorSize sector) {
    if (name.equals(CacheFiles.P_AUX)) {
      return OptionalLong.of(P_AUX_BYTES);
    }
    if (name.equals(CacheFiles.T_AUX)) {
      return OptionalLong.of(T_AUX_BYTES);
    }
    if (name.equals(CacheFiles.SYNTHETIC_PROOFS)) {
      return OptionalLong.of(
          Math.min(SYNTHETIC_CHALLENGES, sector.nodeCount()) * SYNTHETIC_PROOF_BYTES);
    }
    if (LAYER.matcher(name).matches()) {
      return OptionalLong.of(sector.bytes());
    }
    // All rows of a binary tree over the sector's nodes are twice as long as these.
    if (name.equals(CacheFiles.TREE_D) || TREE_C.matcher(name).matches()) {
      return OptionalLong.of(2 * sector.bytes());
    }
    return TREE_R_LAST.matcher(name).matches()
        ? OptionalLong.of(Math.min(TREE_R_LAST_BYTES, 2 * sector.bytes()))
        : OptionalLong.empty();
  }
}
