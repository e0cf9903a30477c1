package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The storage paths of this machine: directories that hold {@code <kind>/s-t0<miner>-<number>}.
 *
 * <p>Opening one reads its description, creates missing kind directories, scans them and declares
 * what is there. An entry that is no sector's file, a link, or a file where a directory belongs
 * stops the opening: nothing in a storage path is guessed at. Entries named {@code fetching} hold
 * unfinished files and are passed over. Source: lotus storage/paths/local.go. Thread-safe.
 */
public final class LocalPaths {

  /**
   * A sector's file on a path of this machine.
   *
   * @param path the path
   * @param file the file or directory
   */
  record Located(LocalPath path, Path file) {}

  private final SectorIndex index;
  private final DiskSpace space;
  private List<String> urls;
  private final TrashPolicy trashPolicy;
  private final Allocator allocator;
  private final ReservationLedger ledger = new ReservationLedger();
  private final SortedMap<String, LocalPath> open = new TreeMap<>();

  /** As the other one, with the usual treatment of removed files. */
  public LocalPaths(SectorIndex index, DiskSpace space, List<String> urls) {
    this(index, space, urls, TrashPolicy.DEFAULT);
  }

  /**
   * No path open yet.
   *
   * @param index told of paths and files
   * @param space asked for free room
   * @param urls base URLs under which this machine's files can be fetched; may be empty
   * @param trashPolicy what becomes of removed files
   */
  public LocalPaths(
      SectorIndex index, DiskSpace space, List<String> urls, TrashPolicy trashPolicy) {
    this.index = index;
    this.space = space;
    this.urls = List.copyOf(urls);
    this.trashPolicy = trashPolicy;
    this.allocator = new Allocator(this, index, trashPolicy);
  }

  /**
   * Makes a directory a storage path: creates it and writes its description. Opens nothing.
   *
   * @throws IOException if it is one already
   */
  public static void init(Path directory, SectorStoreMeta meta) throws IOException {
    if (!meta.canSeal() && !meta.canStore()) {
      throw new IOException(directory + " would neither seal nor store: set at least one");
    }
    Files.createDirectories(directory);
    Path file = directory.resolve(SectorStoreMeta.FILE_NAME);
    if (Files.exists(file)) {
      throw new IOException(file + " exists already: the directory is a storage path");
    }
    meta.write(directory);
  }

  /**
   * Opens a storage path and declares what it holds.
   *
   * @throws IOException naming file and reason if its description or an entry is not right, or a
   *     path of this id is open
   */
  public synchronized SectorStoreMeta open(Path directory) throws IOException {
    Path root = directory.toAbsolutePath().normalize();
    SectorStoreMeta meta = SectorStoreMeta.read(root);
    LocalPath known = open.get(meta.id());
    if (known != null) {
      throw new IOException(
          "path with ID " + meta.id() + " already opened: '" + known.root() + "'");
    }
    for (SectorFileType type : SectorFileType.values()) {
      Path kind = root.resolve(type.directoryName());
      if (Files.isSymbolicLink(kind)) {
        throw new IOException(kind + " is a link; a storage path keeps its files itself");
      }
      Files.createDirectories(kind);
    }
    LocalPath path = new LocalPath(root, meta, space, ledger);
    path.trash().create();
    path.trash().finishPurges();
    Map<SectorId, Set<SectorFileType>> found = scan(root);
    index.attach(new StorageInfo(urls, meta), path.stat());
    open.put(meta.id(), path);
    declare(path, found);
    return meta;
  }

  /** Opens every directory the file names, in its order; the first failure ends it. */
  public void openAll(StoragePathsFile file) throws IOException {
    for (Path directory : file.read()) {
      try {
        open(directory);
      } catch (IOException e) {
        throw new IOException("opening local path " + directory + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * From now on files can be fetched under these URLs: where a server listens is known for certain
   * only once it does.
   */
  public synchronized void serveAt(List<String> next) throws IOException {
    List<String> before = urls;
    urls = List.copyOf(next);
    for (LocalPath path : open.values()) {
      index.attach(new StorageInfo(urls, path.meta()), path.stat());
      for (String url : before) {
        if (!urls.contains(url)) {
          index.detach(path.id(), url);
        }
      }
    }
  }

  /**
   * Closes a path: its files stay, the index forgets them.
   *
   * @throws IOException with the reference's text if it is not open
   */
  public synchronized void close(Path directory) throws IOException {
    Path root = directory.toAbsolutePath().normalize();
    for (LocalPath path : open.values()) {
      if (path.root().equals(root)) {
        open.remove(path.id());
        index.forget(path.id());
        return;
      }
    }
    throw new IOException("no local paths match '" + directory + "'");
  }

  /**
   * Scans again and declares what is found.
   *
   * @param id one path, or all if empty
   * @param dropMissing whether to drop declarations of files that are not there
   */
  public synchronized void redeclare(Optional<String> id, boolean dropMissing) throws IOException {
    for (LocalPath path : open.values()) {
      if (id.isPresent() && !id.get().equals(path.id())) {
        continue;
      }
      path.requireReachable();
      Map<SectorId, Set<SectorFileType>> found = scan(path.root());
      if (dropMissing) {
        for (SectorId sector : index.sectorsOn(path.id())) {
          Set<SectorFileType> missing = EnumSet.noneOf(SectorFileType.class);
          missing.addAll(index.held(path.id(), sector));
          missing.removeAll(found.getOrDefault(sector, Set.of()));
          index.drop(path.id(), sector, missing);
        }
      }
      declare(path, found);
    }
  }

  /** Reports to the index how full each path is; call it more often than its heartbeat limit. */
  public synchronized void reportHealth() {
    for (LocalPath path : open.values()) {
      HealthReport report;
      try {
        report = new HealthReport(path.stat(), "");
      } catch (IOException e) {
        report = new HealthReport(new FsStat(0, 0, 0, 0, 0, 0), String.valueOf(e.getMessage()));
      }
      index.reportHealth(path.id(), report);
    }
  }

  /** The open paths' directories, by id. */
  public synchronized SortedMap<String, Path> local() {
    SortedMap<String, Path> all = new TreeMap<>();
    open.forEach((id, path) -> all.put(id, path.root()));
    return all;
  }

  /** Everything that lies on the open paths; see {@link InventoryScan}. */
  public StorageInventory inventory(Instant now) {
    return InventoryScan.of(local().values(), now);
  }

  /** How full an open path is now; empty if it is not open here. */
  public Optional<FsStat> stat(String id) throws IOException {
    Optional<LocalPath> path = path(id);
    return path.isPresent() ? Optional.of(path.get().stat()) : Optional.empty();
  }

  synchronized Optional<LocalPath> path(String id) {
    return Optional.ofNullable(open.get(id));
  }

  synchronized List<LocalPath> paths() {
    return List.copyOf(open.values());
  }

  /** Where the index knows this kind of the sector's files here, long-term paths first. */
  List<Located> locate(SectorId sector, SectorFileType type) {
    List<Located> found = new ArrayList<>();
    for (SectorStorageInfo holder : index.find(sector, Set.of(type))) {
      path(holder.id()).ifPresent(path -> found.add(new Located(path, path.file(type, sector))));
    }
    found.sort((a, b) -> Boolean.compare(b.path().meta().canStore(), a.path().meta().canStore()));
    return found;
  }

  /** Finds room for new files. */
  Allocator allocator() {
    return allocator;
  }

  TrashPolicy trashPolicy() {
    return trashPolicy;
  }

  /** The clock that removals are stamped by. */
  InstantSource clock() {
    return index.clock();
  }

  private void declare(LocalPath path, Map<SectorId, Set<SectorFileType>> found) {
    found.forEach(
        (sector, types) -> index.declare(path.id(), sector, types, path.meta().canStore()));
  }

  private static Map<SectorId, Set<SectorFileType>> scan(Path root) throws IOException {
    Map<SectorId, Set<SectorFileType>> found = new TreeMap<>();
    for (SectorFileType type : SectorFileType.values()) {
      for (SectorId sector : scanKind(root.resolve(type.directoryName()), type)) {
        found.computeIfAbsent(sector, _ -> EnumSet.noneOf(SectorFileType.class)).add(type);
      }
    }
    return found;
  }

  private static Set<SectorId> scanKind(Path directory, SectorFileType type) throws IOException {
    Set<SectorId> sectors = new HashSet<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory)) {
      for (Path entry : listing) {
        String name = String.valueOf(entry.getFileName());
        if (name.equals(SectorFileName.FETCHING)) {
          continue;
        }
        Optional<SectorId> sector = SectorFileName.parse(name);
        if (sector.isEmpty()) {
          throw new IOException(entry + " is no sector's file: s-t0<miner>-<number> expected");
        }
        boolean fits =
            type.isDirectory()
                ? Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                : Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS);
        if (!fits) {
          throw new IOException(
              entry + " is no plain " + (type.isDirectory() ? "directory" : "file"));
        }
        sectors.add(sector.get());
      }
    }
    return sectors;
  }
}
