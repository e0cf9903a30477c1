package io.selkie.storage;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses paths for new files and sets their room aside, both at once, so that work that starts at
 * the same moment never counts on the same room.
 *
 * <p>A path qualifies if it serves the use, admits miner, kind and group, and is reachable; of
 * those the one with the most weighted room wins. Kinds go to one path if one takes them all, else
 * each to its best. Source: lotus storage/paths/local.go (AcquireSector), index.go
 * (StorageBestAlloc).
 */
final class Allocator {

  /**
   * What room is wanted for.
   *
   * @param bytes per kind, how large the file may become
   * @param groups one of which the path must be in; empty for any
   */
  record Request(
      SectorId sector, Map<SectorFileType, Long> bytes, PathType use, Set<String> groups) {

    Request {
      bytes = Map.copyOf(bytes);
      groups = Set.copyOf(groups);
    }

    /** The room that these kinds take by the table. */
    static Request of(SectorId sector, Set<SectorFileType> types, SectorSize size, PathType use) {
      Map<SectorFileType, Long> bytes = new EnumMap<>(SectorFileType.class);
      types.forEach(type -> bytes.put(type, type.spaceBytes(size, use)));
      return new Request(sector, bytes, use, Set.of());
    }

    Request in(Set<String> allowed) {
      return new Request(sector, bytes, use, allowed);
    }

    Request only(SectorFileType type) {
      return new Request(sector, Map.of(type, bytes.getOrDefault(type, 0L)), use, groups);
    }

    List<String> kinds() {
      return bytes.keySet().stream().sorted().map(SectorFileType::directoryName).toList();
    }
  }

  private final LocalPaths paths;
  private final SectorIndex index;
  private final TrashPolicy policy;

  Allocator(LocalPaths paths, SectorIndex index, TrashPolicy policy) {
    this.paths = paths;
    this.index = index;
    this.policy = policy;
  }

  /**
   * Finds room.
   *
   * @throws NoSpaceException if there is none, saying of every path why it was passed over
   */
  Allocation allocate(Request request) throws IOException {
    while (true) {
      Optional<Allocation> found = tryOnce(request);
      if (found.isPresent()) {
        return found.get();
      }
      if (!policy.purgeWhenFull() || !purgeOldest(request)) {
        throw new NoSpaceException(refusal(request));
      }
    }
  }

  /**
   * Sets room aside on one path, for a file that lies there already.
   *
   * @throws NoSpaceException if there is none
   */
  StorageReservations.Reservation reserveOn(
      LocalPath path, SectorId sector, SectorFileType type, long bytes) throws IOException {
    while (true) {
      try {
        return path.reservations().reserve(sector, type, bytes);
      } catch (NoSpaceException e) {
        List<TrashEntry> removed = policy.purgeWhenFull() ? path.trash().list() : List.of();
        if (removed.isEmpty()) {
          throw e;
        }
        path.trash().purge(removed.getFirst());
      }
    }
  }

  private Optional<Allocation> tryOnce(Request request) throws IOException {
    paths.reportHealth();
    for (LocalPath path : qualified(request)) {
      Optional<Allocation> whole = reserve(request, path);
      if (whole.isPresent()) {
        return whole;
      }
    }
    if (request.bytes().size() == 1) {
      return Optional.empty();
    }
    Allocation parts = new Allocation();
    boolean complete = false;
    try {
      // The largest first: the others find room more easily.
      for (SectorFileType type : bySize(request)) {
        Optional<Allocation> part = tryOnce(request.only(type));
        if (part.isEmpty()) {
          return Optional.empty();
        }
        parts.addAll(part.get());
      }
      complete = true;
      return Optional.of(parts);
    } finally {
      if (!complete) {
        parts.close();
      }
    }
  }

  private static List<SectorFileType> bySize(Request request) {
    List<SectorFileType> types = new ArrayList<>(request.bytes().keySet());
    types.sort(
        Comparator.comparingLong((SectorFileType type) -> request.bytes().getOrDefault(type, 0L))
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    return types;
  }

  private static Optional<Allocation> reserve(Request request, LocalPath path) throws IOException {
    Allocation allocation = new Allocation();
    try {
      for (Map.Entry<SectorFileType, Long> each : request.bytes().entrySet()) {
        allocation.add(
            each.getKey(),
            path,
            path.reservations().reserve(request.sector(), each.getKey(), each.getValue()));
      }
      return Optional.of(allocation);
    } catch (NoSpaceException _) { // the next path may have room; the refusal names them all
      allocation.close();
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      allocation.close();
      throw e;
    }
  }

  /** The paths that take all the kinds, best first, with or without room. */
  private List<LocalPath> qualified(Request request) {
    List<LocalPath> found = new ArrayList<>();
    for (StorageInfo info : index.candidates(request.use(), request.sector().miner())) {
      paths.path(info.id()).filter(path -> admits(path.meta(), request)).ifPresent(found::add);
    }
    return found;
  }

  private static boolean admits(SectorStoreMeta meta, Request request) {
    return request.bytes().keySet().stream().allMatch(meta::allows)
        && inGroups(meta, request.groups());
  }

  private static boolean inGroups(SectorStoreMeta meta, Set<String> groups) {
    return groups.isEmpty() || meta.groups().stream().anyMatch(groups::contains);
  }

  /**
   * Deletes the oldest removed file on a path that could take one of the kinds, if there is any.
   */
  private boolean purgeOldest(Request request) throws IOException {
    LocalPath from = null;
    TrashEntry oldest = null;
    for (SectorFileType type : request.bytes().keySet()) {
      for (LocalPath path : qualified(request.only(type))) {
        for (TrashEntry entry : path.trash().list()) {
          if (oldest == null || entry.compareTo(oldest) < 0) {
            oldest = entry;
            from = path;
          }
        }
      }
    }
    if (oldest == null || from == null) {
      return false;
    }
    from.trash().purge(oldest);
    return true;
  }

  private String refusal(Request request) {
    List<String> reasons = new ArrayList<>();
    for (LocalPath path : paths.paths()) {
      reasons.add(path.root() + " " + whyNot(path, request));
    }
    return "no path for "
        + request.use().wireName()
        + " takes "
        + request.kinds()
        + " of sector "
        + request.sector()
        + ", "
        + request.bytes().values().stream().mapToLong(Long::longValue).sum()
        + " bytes needed: "
        + (reasons.isEmpty() ? "no path is open" : String.join(", ", reasons));
  }

  private String whyNot(LocalPath path, Request request) {
    SectorStoreMeta meta = path.meta();
    if (!meta.serves(request.use())) {
      return "is not for " + request.use().wireName();
    }
    if (!MinerFilter.allows(meta.allowMiners(), meta.denyMiners(), request.sector().miner())) {
      return "does not serve miner " + request.sector().miner();
    }
    if (!request.bytes().keySet().stream().allMatch(meta::allows)) {
      return "does not take all these kinds";
    }
    if (!inGroups(meta, request.groups())) {
      return "is in none of the groups " + request.groups().stream().sorted().toList();
    }
    Optional<HealthReport> health = index.health(path.id());
    if (health.isEmpty()) {
      return "is not in the index";
    }
    return health.get().error().isEmpty()
        ? "has " + health.get().stat().available() + " available"
        : "is faulty (" + health.get().error() + ")";
  }
}
