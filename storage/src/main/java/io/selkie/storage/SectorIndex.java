package io.selkie.storage;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which storage path holds which files of which sector.
 *
 * <p>In memory: the files are the truth, and {@link LocalPaths} declares what it finds when a path
 * is opened. One small entry per sector and path, so that millions of sectors fit. Rules: lotus
 * storage/paths/index.go. Thread-safe.
 */
public final class SectorIndex {

  /** A path that has not reported for this long is passed over when room is looked for. */
  public static final Duration HEARTBEAT_LIMIT = Duration.ofSeconds(50);

  /** One sector's kinds on one path, as masks. */
  private record Copy(String path, int types, int primary) {}

  private record PathEntry(StorageInfo info, HealthReport health, Instant heartbeat) {}

  private final InstantSource clock;
  private final IndexListener listener;
  private final Map<String, PathEntry> paths = new TreeMap<>();
  private final Map<SectorId, List<Copy>> copies = new HashMap<>();

  /**
   * @param clock tells when a path last reported
   */
  public SectorIndex(InstantSource clock) {
    this(clock, IndexListener.NONE);
  }

  /**
   * @param clock tells when a path last reported
   * @param listener told of every change, while nobody else can make one
   */
  public SectorIndex(InstantSource clock, IndexListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  /** The clock that heartbeats are told by. */
  InstantSource clock() {
    return clock;
  }

  /** Adds a path, or replaces the description of a known one and adds to its URLs. */
  public synchronized void attach(StorageInfo info, FsStat stat) {
    PathEntry known = paths.get(info.id());
    if (known == null) {
      paths.put(info.id(), new PathEntry(info, new HealthReport(stat, ""), clock.instant()));
      return;
    }
    Set<String> urls = new LinkedHashSet<>(known.info.urls());
    urls.addAll(info.urls());
    StorageInfo merged = new StorageInfo(List.copyOf(urls), info.meta());
    paths.put(info.id(), new PathEntry(merged, known.health, known.heartbeat));
  }

  /**
   * Takes a URL off a path; with the last one the path and its declarations go.
   *
   * @throws IllegalArgumentException with the reference's text if path or URL are not known
   */
  public synchronized void detach(String id, String url) {
    PathEntry entry = paths.get(id);
    if (entry == null) {
      throw new IllegalArgumentException("storage '" + id + "' isn't registered");
    }
    List<String> rest = new ArrayList<>(entry.info.urls());
    if (rest.size() == 1 && !rest.contains(url)) {
      throw new IllegalArgumentException(
          "not dropping path, requested and index urls don't match ('"
              + url
              + "' != '"
              + rest.getFirst()
              + "')");
    }
    rest.remove(url);
    if (rest.isEmpty()) {
      forget(id);
    } else {
      StorageInfo info = new StorageInfo(rest, entry.info.meta());
      paths.put(id, new PathEntry(info, entry.health, entry.heartbeat));
    }
  }

  /** Drops a path and all its declarations; an unknown one is no error. */
  synchronized void forget(String id) {
    paths.remove(id);
    for (SectorId sector : List.copyOf(copies.keySet())) {
      change(sector, id, ~0, 0, 0);
    }
  }

  /**
   * Takes a report of a path's keeper.
   *
   * @throws IllegalArgumentException with the reference's text for an unknown path
   */
  public synchronized void reportHealth(String id, HealthReport report) {
    PathEntry entry = paths.get(id);
    if (entry == null) {
      throw new IllegalArgumentException("health report for unknown storage: " + id);
    }
    paths.put(id, new PathEntry(entry.info, report, clock.instant()));
    listener.reported(id, report);
  }

  /**
   * Notes that the path holds these kinds. Running it again is harmless; a copy that was primary
   * stays so.
   *
   * @throws IllegalArgumentException if the path is not attached
   */
  public synchronized void declare(
      String id, SectorId sector, Set<SectorFileType> types, boolean primary) {
    if (!paths.containsKey(id)) {
      throw new IllegalArgumentException("storage '" + id + "' isn't registered");
    }
    int mask = SectorFileType.mask(types);
    change(sector, id, 0, mask, primary ? mask : 0);
    listener.declared(id, sector, types, primary);
  }

  /** Notes that the path no longer holds these kinds; harmless if it never did. */
  public synchronized void drop(String id, SectorId sector, Set<SectorFileType> types) {
    change(sector, id, SectorFileType.mask(types), 0, 0);
    listener.dropped(id, sector, types);
  }

  private void change(SectorId sector, String id, int remove, int add, int addPrimary) {
    List<Copy> after = new ArrayList<>(2);
    int types = add;
    int primary = addPrimary;
    for (Copy copy : copies.getOrDefault(sector, List.of())) {
      if (copy.path.equals(id)) {
        types |= copy.types & ~remove;
        primary |= copy.primary & ~remove;
      } else {
        after.add(copy);
      }
    }
    if (types != 0) {
      after.add(new Copy(id, types, primary));
    }
    if (after.isEmpty()) {
      copies.remove(sector);
    } else {
      copies.put(sector, List.copyOf(after));
    }
  }

  /** Whether the path's copy of this kind is the one to keep. */
  public synchronized boolean isPrimary(String id, SectorId sector, SectorFileType type) {
    return copies.getOrDefault(sector, List.of()).stream()
        .anyMatch(copy -> copy.path.equals(id) && (copy.primary & type.bit()) != 0);
  }

  /** Every attached path, by id, with what lies on it in order of the sectors. */
  public synchronized SortedMap<String, List<Declaration>> list() {
    SortedMap<String, List<Declaration>> all = new TreeMap<>();
    paths.keySet().forEach(id -> all.put(id, new ArrayList<>()));
    copies.forEach((sector, held) -> {
      for (Copy copy : held) {
        all.computeIfAbsent(copy.path, _ -> new ArrayList<>())
            .add(new Declaration(sector, SectorFileType.ofMask(copy.types)));
      }
    });
    all.values().forEach(list -> list.sort(Comparator.comparing(Declaration::sector)));
    return all;
  }

  /** The kinds of this sector's files on this path. */
  public synchronized Set<SectorFileType> held(String id, SectorId sector) {
    for (Copy copy : copies.getOrDefault(sector, List.of())) {
      if (copy.path.equals(id)) {
        return SectorFileType.ofMask(copy.types);
      }
    }
    return Set.of();
  }

  /** The sectors declared on this path. */
  public synchronized List<SectorId> sectorsOn(String id) {
    List<SectorId> sectors = new ArrayList<>();
    copies.forEach((sector, held) -> {
      if (held.stream().anyMatch(copy -> copy.path.equals(id))) {
        sectors.add(sector);
      }
    });
    return sectors;
  }

  /** The path of this id, if it is attached. */
  public synchronized Optional<StorageInfo> info(String id) {
    return Optional.ofNullable(paths.get(id)).map(PathEntry::info);
  }

  /** What was last reported of the path, if it is attached. */
  public synchronized Optional<HealthReport> health(String id) {
    return Optional.ofNullable(paths.get(id)).map(PathEntry::health);
  }

  /** The paths that hold any of these kinds, best first. */
  public synchronized List<SectorStorageInfo> find(SectorId sector, Set<SectorFileType> types) {
    int wanted = SectorFileType.mask(types);
    List<SectorStorageInfo> found = new ArrayList<>();
    for (Copy copy : copies.getOrDefault(sector, List.of())) {
      PathEntry entry = paths.get(copy.path);
      int matching = copy.types & wanted;
      if (entry != null && matching != 0) {
        found.add(describe(sector, entry, matching, (copy.primary & wanted) != 0));
      }
    }
    found.sort(Comparator.comparingLong(SectorStorageInfo::weight).reversed());
    return found;
  }

  /**
   * As {@link #find}, and after those the paths that a copy could be fetched to: with room for all
   * the kinds while sealing, a fresh report without error, and no filter against it.
   */
  public synchronized List<SectorStorageInfo> findOrFetch(
      SectorId sector, Set<SectorFileType> types, long sectorBytes) {
    List<SectorStorageInfo> found = new ArrayList<>(find(sector, types));
    Set<String> holders = new HashSet<>();
    Set<String> groups = new HashSet<>();
    boolean restricted = !found.isEmpty();
    for (SectorStorageInfo holder : found) {
      holders.add(holder.id());
      groups.addAll(holder.meta().allowTo());
      restricted &= !holder.meta().allowTo().isEmpty();
    }
    long needed = 0;
    if (sectorBytes > 0) {
      needed = SectorFileType.spaceBytes(types, SectorSize.ofBytes(sectorBytes), PathType.SEALING);
    }
    for (PathEntry entry : paths.values()) {
      SectorStoreMeta meta = entry.info.meta();
      if (!holders.contains(entry.info.id())
          && meta.canSeal()
          && usable(entry, needed, sector.miner())
          && types.stream().anyMatch(meta::allows)
          && (!restricted || meta.groups().stream().anyMatch(groups::contains))) {
        found.add(
            new SectorStorageInfo(urls(entry, sector, types), entry.info.urls(), 0, false, meta));
      }
    }
    return found;
  }

  /**
   * The paths with room for all of these kinds together, best first by available bytes times
   * weight. Kinds a path does not allow are not looked at here: the caller knows which it needs.
   */
  public synchronized List<StorageInfo> bestAlloc(
      Set<SectorFileType> types, SectorSize size, PathType use, ActorId miner) {
    long needed = SectorFileType.spaceBytes(types, size, use);
    List<PathEntry> good = new ArrayList<>();
    for (PathEntry entry : paths.values()) {
      if (entry.info.meta().serves(use) && usable(entry, needed, miner)) {
        good.add(entry);
      }
    }
    good.sort(Comparator.comparingDouble(SectorIndex::score).reversed());
    return good.stream().map(PathEntry::info).toList();
  }

  /**
   * The paths for this use and miner that report and are not faulty, best first, with or without
   * room.
   */
  synchronized List<StorageInfo> candidates(PathType use, ActorId miner) {
    List<PathEntry> good = new ArrayList<>();
    for (PathEntry entry : paths.values()) {
      if (entry.info.meta().serves(use) && usable(entry, 0, miner)) {
        good.add(entry);
      }
    }
    good.sort(Comparator.comparingDouble(SectorIndex::score).reversed());
    return good.stream().map(PathEntry::info).toList();
  }

  private static double score(PathEntry entry) {
    return (double) entry.health.stat().available() * entry.info.meta().weight();
  }

  private boolean usable(PathEntry entry, long neededBytes, ActorId miner) {
    SectorStoreMeta meta = entry.info.meta();
    return MinerFilter.allows(meta.allowMiners(), meta.denyMiners(), miner)
        && entry.health.error().isEmpty()
        && entry.health.stat().available() >= neededBytes
        && clock.instant().isBefore(entry.heartbeat.plus(HEARTBEAT_LIMIT));
  }

  private static SectorStorageInfo describe(
      SectorId sector, PathEntry entry, int matching, boolean primary) {
    Set<SectorFileType> types = SectorFileType.ofMask(matching);
    return new SectorStorageInfo(
        urls(entry, sector, types),
        entry.info.urls(),
        entry.info.meta().weight() * types.size(),
        primary,
        entry.info.meta());
  }

  private static List<String> urls(PathEntry entry, SectorId sector, Set<SectorFileType> types) {
    List<String> urls = new ArrayList<>();
    for (String base : entry.info.urls()) {
      for (SectorFileType type : types) {
        urls.add(base + "/" + type.directoryName() + "/" + sector.fileName());
      }
    }
    return urls;
  }
}
