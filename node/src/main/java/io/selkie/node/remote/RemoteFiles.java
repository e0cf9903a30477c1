package io.selkie.node.remote;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.node.workers.TarWriter;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebHandler;
import io.selkie.rpc.server.WebRequest;
import io.selkie.rpc.token.Permission;
import io.selkie.storage.FsStat;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.PartialFile;
import io.selkie.storage.SectorFileName;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorLocks;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sector files over HTTP, below {@code /remote}, for who may administer (lotus
 * storage/paths/http_handler.go). Kinds and names are read strictly and links are not followed, so
 * nothing but a sector's file can be asked for. Thread-safe.
 */
public final class RemoteFiles implements WebHandler {

  public static final String PATH = "/remote";

  private static final Logger LOG = LoggerFactory.getLogger(RemoteFiles.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int WRONG_VERB = 405;
  private static final int NOT_SATISFIABLE = 416;
  private static final int FAILED = 500;

  private final LocalPaths paths;
  private final SectorLocks locks;
  private final RemoteDeletion deletion;
  private final RemoteProofs proofs;

  private final Predicate<SectorId> lent;

  /**
   * @param lent whether a sector's locks are held for a worker, who asks for its files right then
   */
  public RemoteFiles(
      LocalPaths paths,
      SectorLocks locks,
      Predicate<SectorId> lent,
      RemoteDeletion deletion,
      RemoteProofs proofs) {
    this.paths = paths;
    this.locks = locks;
    this.lent = lent;
    this.deletion = deletion;
    this.proofs = proofs;
  }

  @Override
  public Optional<WebAnswer> answer(WebRequest request) throws IOException, InterruptedException {
    // A token's scope is held against calls; this is none, and reaches the files of every sector.
    if (!request.caller().may(Permission.ADMIN) || request.caller().isNarrowed()) {
      return Optional.of(
          WebAnswer.text(
              UNAUTHORIZED, TEXT, "{\"Error\":\"unauthorized: missing write permission\"}\n"));
    }
    String[] parts = request.path().split("/", -1);
    boolean reads = request.method().equals("GET");
    if (parts.length == 8 && parts[5].equals("allocated")) {
      return Optional.of(reads ? allocated(parts) : wrongVerb());
    }
    if (parts.length != 4 || parts[3].isEmpty()) {
      return Optional.empty();
    }
    if (parts[2].equals("vanilla")) {
      Optional<WebAnswer> proof = proof(request, parts[3]);
      if (proof.isPresent()) {
        return proof;
      }
      // Else it is a file of an unknown kind, as in the reference.
    }
    return Optional.of(
        switch (parts[2]) {
          case "stat" -> reads ? stat(parts[3]) : wrongVerb();
          default -> file(request, reads, parts[2], parts[3]);
        });
  }

  private static WebAnswer wrongVerb() {
    return WebAnswer.text(WRONG_VERB, TEXT, "");
  }

  /** The caller is told nothing, as in the reference; the log says why. */
  private static WebAnswer failed(String why) {
    LOG.warn("{}: {}", PATH, why);
    return WebAnswer.text(FAILED, TEXT, "");
  }

  /** Proofs for another machine's prover. */
  private Optional<WebAnswer> proof(WebRequest request, String kind)
      throws IOException, InterruptedException {
    if (!request.method().equals("POST")) {
      return Optional.empty();
    }
    return switch (kind) {
      case "single" -> Optional.of(proofs.single(request));
      case "porep" -> Optional.of(proofs.porep(request));
      default -> Optional.empty();
    };
  }

  private WebAnswer stat(String id) throws IOException {
    Optional<FsStat> stat = paths.stat(id);
    if (stat.isEmpty()) {
      return WebAnswer.text(NOT_FOUND, TEXT, "");
    }
    FsStat found = stat.get();
    JsonValue json =
        JsonValue.object()
            .put("Capacity", JsonValue.number(found.capacity()))
            .put("Available", JsonValue.number(found.available()))
            .put("FSAvailable", JsonValue.number(found.fsAvailable()))
            .put("Reserved", JsonValue.number(found.reserved()))
            .put("Max", JsonValue.number(found.max()))
            .put("Used", JsonValue.number(found.used()))
            .build();
    return WebAnswer.text(OK, "application/json", json.toJson() + "\n");
  }

  /** Where the file of a sector lies on a path of ours; empty if on none. */
  private Optional<Path> find(SectorFileType type, SectorId sector) {
    for (Path root : paths.local().values()) {
      Path kind = root.resolve(type.directoryName());
      Path place = kind.resolve(sector.fileName());
      // A link put where a directory of ours was leads anywhere.
      boolean there =
          Files.isDirectory(kind, LinkOption.NOFOLLOW_LINKS)
              && (type.isDirectory()
                  ? Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
                  : Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS));
      if (there) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  private WebAnswer file(WebRequest request, boolean reads, String kind, String name)
      throws IOException {
    if (request.method().equals("DELETE")) {
      return deletion.answer(request, kind, name);
    }
    if (!reads) {
      return wrongVerb();
    }
    Optional<SectorFileType> type = SectorFileType.ofName(kind);
    Optional<SectorId> sector = SectorFileName.parse(name);
    Optional<Path> place =
        type.isPresent() && sector.isPresent() ? find(type.get(), sector.get()) : Optional.empty();
    if (place.isEmpty() || sector.isEmpty() || type.isEmpty()) {
      return failed("no file " + kind + "/" + name + " here");
    }
    String range = request.headers().getOrDefault("range", "");
    if (type.get().isDirectory()) {
      return range.isEmpty()
          ? directory(type.get(), sector.get(), place.get())
          : failed("a directory has no ranges: " + place.get());
    }
    return range(type.get(), sector.get(), place.get(), range);
  }

  private WebAnswer directory(SectorFileType type, SectorId sector, Path place) {
    return new WebAnswer(
        OK,
        "application/x-tar",
        Map.of(),
        out -> {
          try (var _ = reading(sector, type)) {
            TarWriter.write(place, out);
          }
        });
  }

  private WebAnswer range(SectorFileType type, SectorId sector, Path place, String header)
      throws IOException {
    long size = Files.size(place);
    return switch (ByteRange.of(header, size)) {
      case ByteRange.Garbled _ -> WebAnswer.text(NOT_SATISFIABLE, TEXT, "invalid range\n");
      case ByteRange.Outside _ ->
          WebAnswer.text(NOT_SATISFIABLE, TEXT, "invalid range: failed to overlap\n")
              .with("Content-Range", "bytes */" + size);
      case ByteRange.Whole _ -> part(OK, type, sector, place, 0, size);
      case ByteRange.Part part ->
          part(PARTIAL, type, sector, place, part.first(), part.length())
              .with("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + size);
    };
  }

  private WebAnswer part(
      int status, SectorFileType type, SectorId sector, Path place, long first, long length) {
    return new WebAnswer(
        status,
        "application/octet-stream",
        Map.of("Accept-Ranges", "bytes", "Content-Length", Long.toString(length)),
        out -> {
          try (var _ = reading(sector, type);
              FileChannel file =
                  FileChannel.open(place, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            copy(file, first, length, out);
          }
        });
  }

  /** The lock under which a file is read; what is lent is locked already, for who reads it. */
  private Reading reading(SectorId sector, SectorFileType type) throws InterruptedException {
    if (lent.test(sector)) {
      return () -> {};
    }
    SectorLocks.Held held = locks.lock(sector, EnumSet.of(type), Set.of());
    return held::close;
  }

  /** Ends with the answer. */
  @FunctionalInterface
  private interface Reading extends AutoCloseable {
    @Override
    void close();
  }

  private static void copy(FileChannel file, long first, long length, java.io.OutputStream out)
      throws IOException {
    var target = Channels.newChannel(out);
    long done = 0;
    while (done < length) {
      long count = file.transferTo(first + done, length - done, target);
      if (count <= 0) {
        throw new IOException("the file ends " + (length - done) + " bytes early");
      }
      done += count;
    }
  }

  /** Whether an unpadded range is in the unsealed file here. */
  private WebAnswer allocated(String[] parts) {
    Optional<SectorFileType> type = SectorFileType.ofName(parts[2]);
    Optional<SectorId> sector = SectorFileName.parse(parts[3]);
    List<String> numbers = List.of(parts[4], parts[6], parts[7]);
    if (type.isEmpty()
        || type.get() != SectorFileType.UNSEALED
        || sector.isEmpty()
        || !numbers.stream().allMatch(each -> each.matches("\\d{1,15}"))) {
      return failed("no such question: " + String.join("/", parts));
    }
    try {
      RegisteredSealProof proof = RegisteredSealProof.ofNumber(Long.parseLong(parts[4]));
      Optional<Path> place = find(SectorFileType.UNSEALED, sector.get());
      if (place.isEmpty()) {
        return failed("no unsealed file of " + sector.get() + " here");
      }
      try (PartialFile file = PartialFile.openRead(place.get(), proof.sectorSize())) {
        boolean there =
            file.isPresent(padded(Long.parseLong(parts[6])), padded(Long.parseLong(parts[7])));
        return WebAnswer.text(there ? OK : NOT_SATISFIABLE, TEXT, "");
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      return failed(String.valueOf(unreadable.getMessage()));
    }
  }

  private static long padded(long unpadded) {
    return unpadded + unpadded / 127;
  }
}
