package io.selkie.storage;

import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.Commit1Output;
import io.selkie.proofs.seal.DamagedFileException;
import io.selkie.proofs.seal.PersistentAux;
import io.selkie.proofs.seal.PreCommit1Output;
import io.selkie.proofs.seal.PreCommit2Output;
import io.selkie.proofs.seal.SealCommit1;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealPreCommit1;
import io.selkie.proofs.seal.SealPreCommit2;
import io.selkie.proofs.seal.SealSector;
import io.selkie.proofs.seal.SealSyntheticProofs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The steps that write and read sealed files and caches. Callers hold the sector's locks. */
final class ReplicaFiles {

  private static final Set<SectorFileType> TYPES =
      EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE);

  private final LocalPaths paths;
  private final SectorFiles files;
  private final CrashPoint crash;

  ReplicaFiles(LocalPaths paths, SectorFiles files, CrashPoint crash) {
    this.paths = paths;
    this.files = files;
    this.crash = crash;
  }

  byte[] preCommit1(
      SectorRef sector, Randomness ticket, List<PieceInfo> pieces, SealContext context)
      throws IOException {
    SectorId id = sector.id();
    SectorSize size = sector.proof().sectorSize();
    requireFull(pieces, size);
    Path staged = files.require(id, SectorFileType.UNSEALED, size);
    try (PartialFile file = PartialFile.open(staged, size)) {
      // Before anything is deleted: a sector whose data is gone must keep its replica.
      if (!file.isComplete()) {
        throw new DamagedFileException(
            staged,
            "only " + file.present().size() + " of " + size.bytes() + " padded bytes are valid");
      }
    }
    files.clearForNewReplica(id);
    crash.after("removed earlier output");
    try (Allocation room =
        paths.allocator().allocate(Allocator.Request.of(id, TYPES, size, PathType.SEALING))) {
      Path sealed = room.path(SectorFileType.SEALED).file(SectorFileType.SEALED, id);
      Path cache = room.path(SectorFileType.CACHE).file(SectorFileType.CACHE, id);
      Files.createDirectories(cache);
      DurableFiles.forceDirectory(DurableFiles.parent(cache));
      SealSector seal = new SealSector(sector.proof(), id, ticket);
      PreCommit1Output output = SealPreCommit1.run(seal, pieces, staged, sealed, cache, context);
      DurableFiles.forceFile(sealed);
      DurableFiles.forceDirectory(cache);
      DurableFiles.forceDirectory(DurableFiles.parent(sealed));
      crash.after("pre-commit 1");
      TYPES.forEach(type -> files.declare(room.path(type), id, type, true));
      return PreCommit1Json.write(output, ticket);
    }
  }

  SealedCommitments preCommit2(SectorRef sector, byte[] preCommit1Out, SealContext context)
      throws IOException {
    SectorId id = sector.id();
    SectorSize size = sector.proof().sectorSize();
    PreCommit1Json.Parsed phase1 = PreCommit1Json.read(preCommit1Out);
    requireProof("pre-commit 1", phase1.output().proof(), sector);
    Path sealed = requireFound(id, SectorFileType.SEALED).file();
    LocalPaths.Located found = requireFound(id, SectorFileType.CACHE);
    Path cache = found.file();
    try (var _ = reserve(found.path(), id, SectorFileType.CACHE, size)) {
      PreCommit2Output output = SealPreCommit2.run(phase1.output(), sealed, cache, context);
      DurableFiles.forceFile(sealed);
      crash.after("pre-commit 2");
      if (sector.proof().kind() == RegisteredSealProof.Kind.SYNTHETIC) {
        Randomness ticket =
            phase1
                .ticket()
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "pre-commit 1 output of a synthetic sector without its ticket"));
        SealSector seal = new SealSector(sector.proof(), id, ticket);
        SealSyntheticProofs.run(seal, output, sealed, cache, context);
        crash.after("synthetic proofs");
      }
      DurableFiles.forceDirectory(cache);
      return new SealedCommitments(output.commR(), output.commD());
    }
  }

  byte[] commit1(
      SectorRef sector,
      Randomness ticket,
      Randomness seed,
      List<PieceInfo> pieces,
      SealedCommitments commitments,
      SealContext context)
      throws IOException {
    SectorSize size = sector.proof().sectorSize();
    Path sealed = files.require(sector.id(), SectorFileType.SEALED, size);
    Path cache = files.require(sector.id(), SectorFileType.CACHE, size);
    PersistentAux roots = PersistentAux.read(cache, commitments.commR());
    PreCommit2Output phase2 =
        new PreCommit2Output(
            sector.proof(),
            commitments.commR(),
            commitments.commD(),
            roots.commC(),
            roots.commRLast());
    SealSector seal = new SealSector(sector.proof(), sector.id(), ticket);
    return SealCommit1.run(seal, seed, phase2, pieces, sealed, cache, context).toJson();
  }

  static byte[] commit2(SectorRef sector, byte[] commit1Out) {
    Commit1Output output = Commit1Output.ofJson(commit1Out);
    requireProof("commit 1", output.proof(), sector);
    return output.toBincode();
  }

  /** Deletes from every copy of the cache what a proving sector does not need. */
  void clearCache(SectorId sector) throws IOException {
    for (LocalPaths.Located cache : files.existing(sector, SectorFileType.CACHE)) {
      CacheFiles.clear(cache.file());
      DurableFiles.forceDirectory(cache.file());
      crash.after("cleared cache");
    }
  }

  private LocalPaths.Located requireFound(SectorId sector, SectorFileType type) throws IOException {
    return files
        .find(sector, type)
        .orElseThrow(() ->
            new MissingFileException(
                "no " + type.directoryName() + " file of sector " + sector + " on any path"));
  }

  private StorageReservations.Reservation reserve(
      LocalPath path, SectorId sector, SectorFileType type, SectorSize size) throws IOException {
    return paths.allocator().reserveOn(path, sector, type, type.spaceBytes(size, PathType.SEALING));
  }

  private static void requireFull(List<PieceInfo> pieces, SectorSize size) {
    long sum = 0;
    for (PieceInfo piece : pieces) {
      // Stops at the first too many, so that the sum cannot overflow.
      if (piece.size().bytes() > size.bytes() - sum) {
        throw new IllegalArgumentException(
            "the pieces take more than the sector's " + size.bytes() + " bytes");
      }
      sum += piece.size().bytes();
    }
    if (sum != size.bytes()) {
      throw new IllegalArgumentException(
          "the pieces take " + sum + " of the sector's " + size.bytes() + " bytes");
    }
  }

  private static void requireProof(String phase, RegisteredSealProof found, SectorRef sector) {
    if (found != sector.proof()) {
      throw new IllegalArgumentException(
          phase + " output is for " + found + ", sector " + sector.id() + " is " + sector.proof());
    }
  }
}
