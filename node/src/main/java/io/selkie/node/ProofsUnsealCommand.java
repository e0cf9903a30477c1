package io.selkie.node;

import io.selkie.abi.Commitment;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.seal.Unseal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
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
  private long sizeBytes = -1;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "written when everything is there")
  private Path target = Path.of("");

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  @Mixin private SealOptions options = new SealOptions();

  @Override
  public Integer call() throws Exception {
    SealedDirectory.Description said = SealedDirectory.open(directory).description();
    SectorSize sector = said.sealSector().proof().sectorSize();
    long sectorBytes = sector.unpadded().bytes();
    long size = sizeBytes < 0 ? sectorBytes - offsetBytes : sizeBytes;
    if (offsetBytes < 0 || size < 0 || offsetBytes > sectorBytes - size) {
      throw new IllegalArgumentException(
          "--offset "
              + offsetBytes
              + " --size "
              + size
              + " is not within the sector's "
              + sectorBytes
              + " client bytes");
    }
    Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
    Path work = Files.createTempDirectory(directory, "unseal-");
    long start = System.nanoTime();
    try {
      try (OutputStream to =
          new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER_BYTES)) {
        Unseal.range(
            said.sealSector(),
            Commitment.ofHex(said.commD()),
            SealedDirectory.sealed(directory),
            work,
            offsetBytes,
            size,
            to,
            options.context(json));
      }
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
      deleteFlat(work);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("offset", offsetBytes);
    result.put("size", size);
    result.put("seconds", (System.nanoTime() - start) / 1e9);
    Output.print(result, json);
    return 0;
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
