package io.selkie.node.recovery;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.pipeline.recovery.ChainSight;
import io.selkie.pipeline.recovery.FileKind;
import io.selkie.pipeline.recovery.FileSeen;
import io.selkie.pipeline.recovery.FileSeen.Content;
import io.selkie.pipeline.recovery.JournalSight;
import io.selkie.proofs.seal.ReplicaCheck;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Looks into files: whether they are what was sealed, and whether two copies are the same. */
final class DeepLook {

  /** Nodes of a replica that are looked at; each reads a few kilobytes and costs some hashes. */
  private static final int SAMPLES = 16;

  private final RecoverySite site;
  private final boolean whole;
  private final RandomGenerator random = new SecureRandom();

  /**
   * @param whole whether replicas are read to the last byte
   */
  DeepLook(RecoverySite site, boolean whole) {
    this.site = site;
    this.whole = whole;
  }

  List<FileSeen> look(JournalSight journal, ChainSight chain, List<FileSeen> files) {
    Optional<Commitment> commR = replica(journal, chain).flatMap(Cid::commitment);
    RegisteredSealProof proof =
        journal instanceof JournalSight.Known known
            ? known.proof()
            : EvidenceReader.usualProof(site);
    List<FileSeen> all = new ArrayList<>();
    for (FileSeen file : files) {
      Optional<String> flaw =
          file.inPlace() && file.content() != Content.BROKEN && commR.isPresent()
              ? flaw(file, proof, commR.get(), files)
              : Optional.empty();
      all.add(flaw.isPresent() ? with(file, file.content(), flaw) : twin(file, all));
    }
    return all;
  }

  private static Optional<Cid> replica(JournalSight journal, ChainSight chain) {
    return switch (chain) {
      case ChainSight.PreCommitted c -> Optional.of(c.sealedCid());
      case ChainSight.Live c -> Optional.of(c.sealedCid());
      case ChainSight.Expired c -> Optional.of(c.sealedCid());
      case ChainSight.Unreachable _, ChainSight.Unused _, ChainSight.Gone _ ->
          journal instanceof JournalSight.Known known ? known.sealedCid() : Optional.empty();
    };
  }

  private Optional<String> flaw(
      FileSeen file, RegisteredSealProof proof, Commitment commR, List<FileSeen> files) {
    try {
      if (file.kind() == FileKind.CACHE) {
        return ReplicaCheck.cache(commR, file.file());
      }
      if (file.kind() != FileKind.SEALED) {
        return Optional.empty();
      }
      for (FileSeen cache : files) {
        if (cache.kind() == FileKind.CACHE
            && cache.inPlace()
            && cache.content() != Content.BROKEN
            && ReplicaCheck.cache(commR, cache.file()).isEmpty()) {
          return replica(proof, commR, file.file(), cache.file());
        }
      }
      return Optional.empty();
    } catch (IOException unreadable) {
      return Optional.of("cannot be read: " + unreadable.getMessage());
    }
  }

  private Optional<String> replica(
      RegisteredSealProof proof, Commitment commR, Path sealed, Path cache) throws IOException {
    if (!whole) {
      return ReplicaCheck.replica(proof, commR, sealed, cache, SAMPLES, random);
    }
    // Hashing a tree walks no graph: the directory for its parents is not used.
    SealContext context =
        new SealContext(Runtime.getRuntime().availableProcessors(), cache, SealProgress.NONE);
    return ReplicaCheck.wholeReplica(proof, commR, sealed, cache, context);
  }

  /** The file, marked if an earlier one in place is the same. */
  private static FileSeen twin(FileSeen file, List<FileSeen> before) {
    if (!file.inPlace() || file.content() == Content.BROKEN) {
      return file;
    }
    for (FileSeen other : before) {
      boolean comparable =
          other.kind() == file.kind()
              && other.inPlace()
              && other.flaw().isEmpty()
              && other.content() == file.content();
      try {
        if (comparable && same(other.file(), file.file())) {
          return with(file, Content.TWIN, Optional.empty());
        }
      } catch (IOException unreadable) {
        return with(
            file, file.content(), Optional.of("cannot be read: " + unreadable.getMessage()));
      }
    }
    return file;
  }

  private static boolean same(Path one, Path other) throws IOException {
    if (!Files.isDirectory(one)) {
      return Files.mismatch(one, other) < 0;
    }
    return holdsAll(one, other) && holdsAll(other, one);
  }

  private static boolean holdsAll(Path one, Path other) throws IOException {
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(other)) {
      for (Path file : listing) {
        Path twin = one.resolve(String.valueOf(file.getFileName()));
        if (!Files.isRegularFile(twin) || Files.mismatch(file, twin) >= 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static FileSeen with(FileSeen file, Content content, Optional<String> flaw) {
    return new FileSeen(
        file.kind(),
        file.pathId(),
        file.file(),
        file.bytes(),
        file.condition(),
        content,
        file.mayStore(),
        file.indexed(),
        flaw);
  }
}
