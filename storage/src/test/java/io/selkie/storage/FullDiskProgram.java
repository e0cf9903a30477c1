package io.selkie.storage;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;

/**
 * Works in a directory whose disk is really full, or whose files may not grow: a program of its
 * own, because such limits belong to a process. Says on standard output how its work ended.
 */
final class FullDiskProgram {

  static final RegisteredSealProof PROOF = RegisteredSealProof.STACKED_DRG_8MIB_V1;
  static final int LARGE = 127 << 14;
  static final int SMALL = 127 << 8;

  private FullDiskProgram() {}

  /** Arguments: the directory, and {@code add} or {@code move}. */
  public static void main(String[] arguments) throws Exception {
    TestStorage storage = new TestStorage(Path.of(arguments[0]));
    storage.paths.open(storage.root.resolve("small"));
    if (arguments[1].equals("add")) {
      add(storage, 1, LARGE);
      add(storage, 2, SMALL);
    } else {
      storage.paths.open(storage.root.resolve("seal"));
      move(storage);
    }
    System.out.println("reserved " + reserved(storage) + ", locks " + storage.locks.list().size());
    System.out.println("left " + left(storage.root.resolve("small")));
  }

  private static void add(TestStorage storage, int number, int bytes) throws InterruptedException {
    SectorRef sector = new SectorRef(SectorId.of(1000, number), PROOF);
    try {
      storage
          .sealer(CrashPoint.NONE)
          .addPiece(
              sector,
              0,
              new UnpaddedPieceSize(bytes),
              () -> new ByteArrayInputStream(new byte[bytes]),
              Progress.NONE);
      System.out.println("added " + bytes);
    } catch (SealFault fault) {
      System.out.println("not added " + bytes + ": " + fault.kind());
    }
    System.out.println("declared " + storage.index.held(storage.only().id(), sector.id()).size());
  }

  private static void move(TestStorage storage) {
    SectorFiles files =
        new SectorFiles(storage.paths, storage.index, (_, _) -> false, CrashPoint.NONE);
    try {
      files.moveToStorage(
          SectorId.of(1000, 3), EnumSet.of(SectorFileType.SEALED), SectorSize.MIB_8);
      System.out.println("moved");
    } catch (IOException e) {
      System.out.println("not moved: " + SealFaults.of("moving", e).kind());
    }
  }

  private static long reserved(TestStorage storage) throws IOException {
    long sum = 0;
    for (LocalPath path : storage.paths.paths()) {
      sum += path.stat().reserved();
    }
    return sum;
  }

  private static String left(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString())
          .filter(name -> !name.equals(SectorStoreMeta.FILE_NAME))
          .sorted()
          .toList()
          .toString();
    }
  }
}
