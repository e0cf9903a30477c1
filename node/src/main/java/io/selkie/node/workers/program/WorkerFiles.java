package io.selkie.node.workers.program;

import io.selkie.abi.SectorId;
import io.selkie.node.workers.TarWriter;
import io.selkie.pipeline.SealFault;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebHandler;
import io.selkie.rpc.server.WebRequest;
import io.selkie.rpc.token.Permission;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.SectorFileName;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorTransfer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's files over HTTP, below {@code /remote}, for who may administer: whole files, whole
 * directories, and their removal, which the node asks for once it has them. Thread-safe.
 */
final class WorkerFiles implements WebHandler {

  static final String PATH = "/remote";

  private static final Logger LOG = LoggerFactory.getLogger(WorkerFiles.class);
  private static final String TEXT = "text/plain; charset=utf-8";

  private final LocalPaths paths;
  private final SectorLocks locks;
  private final SectorTransfer transfer;

  WorkerFiles(LocalPaths paths, SectorLocks locks, SectorTransfer transfer) {
    this.paths = paths;
    this.locks = locks;
    this.transfer = transfer;
  }

  @Override
  public Optional<WebAnswer> answer(WebRequest request) throws IOException, InterruptedException {
    if (!request.caller().may(Permission.ADMIN)) {
      return Optional.of(
          WebAnswer.text(401, TEXT, "{\"Error\":\"unauthorized: missing admin permission\"}\n"));
    }
    String[] parts = request.path().split("/", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    Optional<SectorFileType> type = SectorFileType.ofName(parts[2]);
    Optional<SectorId> sector = SectorFileName.parse(parts[3]);
    if (type.isEmpty() || sector.isEmpty()) {
      return Optional.of(failed("no file of a sector is named " + parts[2] + "/" + parts[3]));
    }
    return Optional.of(
        switch (request.method()) {
          case "GET", "HEAD" -> file(type.get(), sector.get());
          case "DELETE" -> delete(type.get(), sector.get());
          default -> WebAnswer.text(405, TEXT, "");
        });
  }

  private static WebAnswer failed(String why) {
    LOG.warn("{}: {}", PATH, why);
    return WebAnswer.text(500, TEXT, "");
  }

  private WebAnswer delete(SectorFileType type, SectorId sector) throws InterruptedException {
    try (var _ = locks.lock(sector, Set.of(), EnumSet.of(type))) {
      transfer.clearHere(sector, EnumSet.of(type));
      LOG.info("{} file of {} is deleted, as the node wishes", type.directoryName(), sector);
      return WebAnswer.text(200, TEXT, "");
    } catch (SealFault e) {
      return failed(String.valueOf(e.getMessage()));
    }
  }

  private WebAnswer file(SectorFileType type, SectorId sector) throws IOException {
    for (Path root : paths.local().values()) {
      Path place = root.resolve(type.directoryName()).resolve(sector.fileName());
      if (type.isDirectory() && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        return new WebAnswer(
            200,
            "application/x-tar",
            Map.of(),
            out -> {
              try (var _ = locks.lock(sector, EnumSet.of(type), Set.of())) {
                TarWriter.write(place, out);
              }
            });
      }
      if (!type.isDirectory() && Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
        long size = Files.size(place);
        return new WebAnswer(
            200,
            "application/octet-stream",
            Map.of("Content-Length", Long.toString(size)),
            out -> {
              try (var _ = locks.lock(sector, EnumSet.of(type), Set.of());
                  FileChannel file =
                      FileChannel.open(place, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                copy(file, size, out);
              }
            });
      }
    }
    return failed("no " + type.directoryName() + " file of " + sector + " here");
  }

  private static void copy(FileChannel file, long length, OutputStream out) throws IOException {
    var target = Channels.newChannel(out);
    long done = 0;
    while (done < length) {
      long count = file.transferTo(done, length - done, target);
      if (count <= 0) {
        throw new IOException("the file ends " + (length - done) + " bytes early");
      }
      done += count;
    }
  }
}
