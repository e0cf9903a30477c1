package io.selkie.node.proofs;

import io.selkie.abi.Cid;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.PieceLayout;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.cli.ZeroFilled;
import io.selkie.node.console.Output;
import io.selkie.proofs.file.PendingFile;
import io.selkie.proofs.pieces.PieceWriter;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.proofs.seal.Commit1Output;
import io.selkie.proofs.seal.PreCommit1Output;
import io.selkie.proofs.seal.PreCommit2Output;
import io.selkie.proofs.seal.SealCommit1;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealPreCommit1;
import io.selkie.proofs.seal.SealPreCommit2;
import io.selkie.proofs.seal.SealSector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Seals files into one sector and proves it. */
@Command(
    name = "seal",
    mixinStandardHelpOptions = true,
    description = "Seals files into one sector: unsealed, sealed, cache/ and c1.json under --out.",
    footer = {
      "",
      "Example:",
      "  selkie proofs seal --proof-type 5 --miner 1000 --sector 1 --ticket 11…00 --seed 22…00 --piece a.bin --out /tmp/s"
    })
final class ProofsSealCommand implements Callable<Integer> {

  @Option(names = "--proof-type", required = true, description = "registered seal proof, 0 to 19")
  private int proofType;

  @Option(names = "--miner", required = true, description = "miner actor id, such as 1000")
  private long miner;

  @Option(names = "--sector", required = true, description = "sector number")
  private long sector;

  @Option(names = "--ticket", required = true, paramLabel = "HEX", description = "32 bytes")
  private String ticket = "";

  @Option(names = "--seed", required = true, paramLabel = "HEX", description = "32 bytes")
  private String seed = "";

  @Option(
      names = "--piece",
      required = true,
      arity = "1..*",
      paramLabel = "FILE",
      description = "files in order; each is zero-padded to a piece size and aligned to it")
  private List<Path> pieces = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "created; must hold no sector yet")
  private Path out = Path.of("");

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  @Mixin private SealOptions options = new SealOptions();

  @Override
  public Integer call() throws Exception {
    RegisteredSealProof proof = RegisteredSealProof.ofNumber(proofType);
    SealSector target =
        new SealSector(proof, SectorId.of(miner, sector), options.randomness("--ticket", ticket));
    Randomness seedValue = options.randomness("--seed", seed);
    SealedDirectory.requireUnused(out);
    requireFitting(proof.sectorSize());
    SealContext context = options.context(json);
    Files.createDirectories(SealedDirectory.cache(out));
    List<PieceInfo> infos = writePieces(proof.sectorSize());

    long start = System.nanoTime();
    PreCommit1Output one =
        SealPreCommit1.run(
            target,
            infos,
            SealedDirectory.unsealed(out),
            SealedDirectory.sealed(out),
            SealedDirectory.cache(out),
            context);
    long afterOne = System.nanoTime();
    PreCommit2Output two =
        SealPreCommit2.run(one, SealedDirectory.sealed(out), SealedDirectory.cache(out), context);
    long afterTwo = System.nanoTime();
    Commit1Output c1 =
        SealCommit1.run(
            target,
            seedValue,
            two,
            infos,
            SealedDirectory.sealed(out),
            SealedDirectory.cache(out),
            context);
    long afterC1 = System.nanoTime();

    PendingFile.writeWhole(SealedDirectory.commit1(out), c1.toJson());
    save(target, seedValue, two, infos);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("comm_d", two.commD().hex());
    result.put("comm_r", two.commR().hex());
    result.put("comm_c", two.commC().hex());
    result.put("comm_r_last", two.commRLast().hex());
    result.put("replica_id", HexFormat.of().formatHex(c1.replicaId()));
    result.put("sealed_cid", Cid.ofSealed(two.commR()).toString());
    result.put("unsealed_cid", Cid.ofUnsealed(two.commD()).toString());
    result.put("challenges", challenges(c1));
    Map<String, Object> seconds = new LinkedHashMap<>();
    seconds.put("pc1", (afterOne - start) / 1e9);
    seconds.put("pc2", (afterTwo - afterOne) / 1e9);
    seconds.put("c1", (afterC1 - afterTwo) / 1e9);
    result.put("seconds", seconds);
    Output.print(result, json);
    return 0;
  }

  static List<List<Long>> challenges(Commit1Output c1) {
    return c1.partitions().stream()
        .map(partition -> partition.stream().map(each -> each.encoding().node()).toList())
        .toList();
  }

  /** Holds the files to the sector's size before anything is written. */
  private void requireFitting(SectorSize size) throws IOException {
    long at = 0;
    for (Path piece : pieces) {
      PaddedPieceSize padded = UnpaddedPieceSize.fitting(ZeroFilled.fileBytes(piece)).padded();
      for (PaddedPieceSize zero : PieceLayout.paddingBefore(at, padded)) {
        at += zero.bytes();
      }
      if (padded.bytes() > size.bytes() - at) {
        throw new IllegalArgumentException(
            piece
                + " (padded size "
                + padded
                + ") does not fit at offset "
                + at
                + " of a sector of "
                + size.bytes()
                + " bytes");
      }
      at += padded.bytes();
    }
  }

  /** Lays the pieces into the unsealed file, zero pieces between and behind them. */
  private List<PieceInfo> writePieces(SectorSize size) throws IOException {
    List<PieceInfo> infos = new ArrayList<>();
    long at = 0;
    try (FileChannel unsealed =
        FileChannel.open(
            SealedDirectory.unsealed(out),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      for (Path piece : pieces) {
        UnpaddedPieceSize unpadded = UnpaddedPieceSize.fitting(ZeroFilled.fileBytes(piece));
        for (PaddedPieceSize zero : PieceLayout.paddingBefore(at, unpadded.padded())) {
          infos.add(new PieceInfo(zero, ZeroPieces.commitment(zero)));
          at += zero.bytes();
        }
        try (InputStream in = ZeroFilled.open(piece, unpadded.bytes())) {
          infos.add(
              new PieceInfo(unpadded.padded(), PieceWriter.write(in, unpadded, unsealed, at)));
        }
        at += unpadded.padded().bytes();
      }
      for (PaddedPieceSize zero : PieceLayout.fillers(at, size)) {
        infos.add(new PieceInfo(zero, ZeroPieces.commitment(zero)));
      }
      extendWithZeros(unsealed, size);
      unsealed.force(true);
    }
    return infos;
  }

  private static void extendWithZeros(FileChannel unsealed, SectorSize size) throws IOException {
    if (unsealed.size() < size.bytes()) {
      unsealed.write(java.nio.ByteBuffer.allocate(1), size.bytes() - 1);
    }
  }

  private void save(
      SealSector target, Randomness seedValue, PreCommit2Output two, List<PieceInfo> infos)
      throws IOException {
    List<SealedDirectory.Piece> saved =
        infos.stream()
            .map(each -> new SealedDirectory.Piece(each.size().bytes(), each.commP().hex()))
            .toList();
    new SealedDirectory(
            out,
            new SealedDirectory.Description(
                proofType,
                miner,
                sector,
                target.ticket().hex(),
                seedValue.hex(),
                two.commD().hex(),
                two.commR().hex(),
                two.commC().hex(),
                two.commRLast().hex(),
                saved))
        .save();
  }
}
