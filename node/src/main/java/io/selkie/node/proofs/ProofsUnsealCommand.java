package io.selkie.node.proofs;

import io.selkie.abi.Commitment;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.node.console.Output;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.seal.Unseal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Recovers client bytes from a replica. */
@Command(
    name = "unseal",
    mixinStandardHelpOptions = true,
    description = "Recovers client bytes from the replica alone.",
    footer = {
      "",
      "Example:",
      "  selkie proofs unseal --dir /tmp/s --offset 0 --size 1016 --to piece.bin"
    })
final class ProofsUnsealCommand implements Callable<Integer> {

  private static final int BUFFER_BYTES = 1 << 16;

  @Option(
      names = "--dir",
      required = true,
      paramLabel = "DIR",
      description = "what 'proofs seal --out' made")
  private Path directory = Path.of("");

  @Option(names = "--offset", description = "first client byte (default 0)")
  private long offsetBytes;

  @Option(names = "--size", description = "client bytes (default: to the sector's end)")
  private @Nullable Long sizeBytes;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "written when everything is there; nothing of DIR")
  private Path target = Path.of("");

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  @Mixin private SealOptions options = new SealOptions();

  @Override
  public Integer call() throws Exception {
    SealedDirectory.Description said = SealedDirectory.open(directory).description();
    long size = requireRange(said.sealSector().proof().sectorSize().unpadded().bytes());
    requireTarget();
    Path work = Files.createTempDirectory(directory, "unseal-");
    long start = System.nanoTime();
    try {
      unseal(said, size, work);
    } finally {
      deleteFlat(work);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("offset", offsetBytes);
    result.put("size", size);
    result.put("seconds", (System.nanoTime() - start) / 1e9);
    Output.print(result, json);
    return 0;
  }

  private long requireRange(long sectorBytes) {
    long size = sizeBytes == null ? Math.max(0, sectorBytes - offsetBytes) : sizeBytes;
    if (offsetBytes < 0 || size < 0 || size > sectorBytes || offsetBytes > sectorBytes - size) {
      throw new IllegalArgumentException(
          "--offset "
              + offsetBytes
              + " --size "
              + size
              + " is not within the sector's "
              + sectorBytes
              + " client bytes");
    }
    return size;
  }

  /** Overwriting the replica with its data would lose the sector. */
  private void requireTarget() throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException("--to " + target + " is a directory; a file is needed");
    }
    if (SealedDirectory.owns(directory, target)) {
      throw new IOException(
          "--to " + target + " is one of the sector's own files; choose another file");
    }
  }

  /** The library decodes whole fr32 groups: the range is widened to them and cut again. */
  private void unseal(SealedDirectory.Description said, long size, Path work) throws IOException {
    long groupBytes = UnpaddedPieceSize.MIN_BYTES;
    long from = offsetBytes - offsetBytes % groupBytes;
    long to = Math.ceilDiv(offsetBytes + size, groupBytes) * groupBytes;
    try (PendingFile file = PendingFile.create(target);
        OutputStream cut =
            new CutStream(
                new BufferedOutputStream(Channels.newOutputStream(file.channel()), BUFFER_BYTES),
                offsetBytes - from,
                size)) {
      Unseal.range(
          said.sealSector(),
          Commitment.ofHex(said.commD()),
          SealedDirectory.sealed(directory),
          work,
          from,
          to - from,
          cut,
          options.context(json));
      cut.flush();
      file.publish();
    }
  }

  private static void deleteFlat(Path work) throws IOException {
    try (var left = Files.newDirectoryStream(work)) {
      for (Path each : left) {
        Files.delete(each);
      }
    }
    Files.delete(work);
  }
}
