package io.selkie.storage;

import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static io.selkie.storage.SectorFileType.UNSEALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where new files go: every filter holds, the best wins, and no byte is promised twice. */
class AllocatorTest {

  private static final SectorSize SIZE = SectorSize.KIB_2;
  private static final int PATHS = 6;
  private static final int REQUESTS = 40;

  @TempDir Path dir;

  /** A path as the test knows it, with the room that is left by its own count. */
  private static final class Known {
    private final SectorStoreMeta meta;
    private long free;

    Known(SectorStoreMeta meta, long free) {
      this.meta = meta;
      this.free = free;
    }

    boolean admits(Allocator.Request request) {
      String miner = "f0" + request.sector().miner();
      return (request.use() == PathType.SEALING ? meta.canSeal() : meta.canStore())
          && (meta.allowMiners().isEmpty() || meta.allowMiners().contains(miner))
          && !meta.denyMiners().contains(miner)
          && request.bytes().keySet().stream()
              .map(SectorFileType::directoryName)
              .allMatch(kind ->
                  (meta.allowTypes().isEmpty() || meta.allowTypes().contains(kind))
                      && !meta.denyTypes().contains(kind))
          && (request.groups().isEmpty()
              || meta.groups().stream().anyMatch(request.groups()::contains));
    }

    double score() {
      return (double) free * meta.weight();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void allocate_randomPaths_passesEveryFilterAndTheBestWins(long seed) throws IOException {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Map<Path, Long> room = new HashMap<>();
    SectorIndex index = new SectorIndex(() -> Instant.EPOCH);
    LocalPaths paths =
        new LocalPaths(
            index,
            root ->
                new DiskSpace.Room(
                    1 << 30, room.getOrDefault(root.toRealPath(), 0L), root.toString()),
            List.of());
    Map<Path, Known> known = new HashMap<>();
    for (int i = 0; i < PATHS; i++) {
      Path root = dir.resolve("p" + i);
      SectorStoreMeta meta = randomMeta(random);
      LocalPaths.init(root, meta);
      room.put(root.toRealPath(), (long) random.nextInt(200_000));
      long limit = meta.maxStorageBytes();
      long free = room.getOrDefault(root.toRealPath(), 0L);
      known.put(root, new Known(meta, limit > 0 ? Math.min(limit, free) : free));
      paths.open(root);
    }
    int refused = 0;
    int granted = 0;
    for (int n = 0; n < REQUESTS; n++) {
      Allocator.Request request = randomRequest(random, n);
      Optional<Map<SectorFileType, Path>> expected = expect(request, known);
      if (expected.isPresent()) {
        // Never closed: the room stays taken, by the test's count as well.
        Allocation found = paths.allocator().allocate(request);
        expected
            .get()
            .forEach((type, root) ->
                assertThat(found.path(type).root()).as("request %s", request).isEqualTo(root));
        granted++;
      } else {
        assertThatThrownBy(() -> paths.allocator().allocate(request))
            .as("request %s", request)
            .isInstanceOf(NoSpaceException.class)
            .hasMessageContaining(request.sector().toString())
            .hasMessageContaining(dir.resolve("p0").toString());
        refused++;
      }
    }
    assertThat(granted).isPositive();
    assertThat(granted + refused).isEqualTo(REQUESTS);
    assertThatThrownBy(() ->
            paths
                .allocator()
                .allocate(
                    Allocator.Request.of(
                        SectorId.of(1000, REQUESTS),
                        Set.of(CACHE),
                        SectorSize.GIB_64,
                        PathType.SEALING)))
        .isInstanceOf(NoSpaceException.class);
  }

  /** The rule in its simplest form; takes the room from what is left. */
  private static Optional<Map<SectorFileType, Path>> expect(
      Allocator.Request request, Map<Path, Known> known) {
    Optional<Path> whole = best(request, known);
    Map<SectorFileType, Path> places = new HashMap<>();
    if (whole.isPresent()) {
      request.bytes().forEach((type, bytes) -> take(known, whole.get(), bytes));
      request.bytes().keySet().forEach(type -> places.put(type, whole.get()));
      return Optional.of(places);
    }
    List<SectorFileType> largestFirst = new ArrayList<>(request.bytes().keySet());
    largestFirst.sort(
        Comparator.comparingLong((SectorFileType type) -> request.bytes().getOrDefault(type, 0L))
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    for (SectorFileType type : largestFirst) {
      Optional<Path> part = best(request.only(type), known);
      if (part.isEmpty()) {
        places.forEach((kind, root) -> take(known, root, -request.bytes().getOrDefault(kind, 0L)));
        return Optional.empty();
      }
      take(known, part.get(), request.bytes().getOrDefault(type, 0L));
      places.put(type, part.get());
    }
    return Optional.of(places);
  }

  private static void take(Map<Path, Known> known, Path root, long bytes) {
    Known path = known.get(root);
    if (path != null) {
      path.free -= bytes;
    }
  }

  private static Optional<Path> best(Allocator.Request request, Map<Path, Known> known) {
    long needed = request.bytes().values().stream().mapToLong(Long::longValue).sum();
    return known.entrySet().stream()
        .filter(each -> each.getValue().admits(request) && each.getValue().free >= needed)
        .max(
            Comparator.comparingDouble((Map.Entry<Path, Known> each) -> each.getValue().score())
                // Equal ones in order of their ids, the first of them wins.
                .thenComparing(each -> each.getValue().meta.id(), Comparator.reverseOrder()))
        .map(Map.Entry::getKey);
  }

  private static SectorStoreMeta randomMeta(Random random) {
    boolean seal = random.nextInt(4) > 0;
    return new SectorStoreMeta(
        new UUID(random.nextLong(), random.nextLong()).toString(),
        random.nextInt(5) == 0 ? 0 : random.nextInt(20),
        seal,
        !seal || random.nextBoolean(),
        random.nextInt(3) == 0 ? random.nextInt(100_000) + 1 : 0,
        some(random, 2, "fast", "slow"),
        List.of(),
        some(random, 4, "sealed", "cache", "unsealed"),
        some(random, 4, "sealed", "cache", "unsealed"),
        some(random, 5, "f01000", "f01001"),
        some(random, 5, "f01000", "f01001"));
  }

  private static List<String> some(Random random, int oneIn, String... names) {
    List<String> chosen = new ArrayList<>();
    for (String name : names) {
      if (random.nextInt(oneIn) == 0) {
        chosen.add(name);
      }
    }
    return chosen;
  }

  private static Allocator.Request randomRequest(Random random, int number) {
    Set<SectorFileType> types = EnumSet.noneOf(SectorFileType.class);
    for (SectorFileType type : List.of(UNSEALED, SEALED, CACHE)) {
      if (random.nextBoolean()) {
        types.add(type);
      }
    }
    if (types.isEmpty()) {
      types.add(SEALED);
    }
    SectorId sector = SectorId.of(1000 + random.nextInt(3), number);
    PathType use = random.nextBoolean() ? PathType.SEALING : PathType.STORAGE;
    return Allocator.Request.of(sector, types, SIZE, use)
        .in(Set.copyOf(some(random, 4, "fast", "slow")));
  }

  /** Paths on one filesystem share its room; a limit of a path is its own. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void allocate_manyAtOnce_neverPromisesAByteTwice(boolean limitOfThePath) throws Exception {
    int fit = 5;
    long room = fit * SEALED.spaceBytes(SIZE, PathType.SEALING) + 100;
    SectorIndex index = new SectorIndex(() -> Instant.EPOCH);
    LocalPaths paths =
        new LocalPaths(
            index,
            _ -> new DiskSpace.Room(1 << 30, limitOfThePath ? 1 << 30 : room, "one disk"),
            List.of());
    int count = limitOfThePath ? 1 : 3;
    for (int i = 0; i < count; i++) {
      SectorStoreMeta meta = TestStorage.meta("p" + i, true, true);
      Path root = dir.resolve("p" + i);
      LocalPaths.init(root, limitOfThePath ? meta.withMaxStorage(room) : meta);
      paths.open(root);
    }
    List<Callable<Boolean>> work = new ArrayList<>();
    for (int n = 0; n < 4 * fit; n++) {
      SectorId sector = SectorId.of(1000, n);
      work.add(() -> {
        try {
          paths
              .allocator()
              .allocate(Allocator.Request.of(sector, Set.of(SEALED), SIZE, PathType.SEALING));
          return true;
        } catch (NoSpaceException _) { // counted
          return false;
        }
      });
    }
    int granted = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Boolean> each : threads.invokeAll(work)) {
        granted += each.get() ? 1 : 0;
      }
    }
    assertThat(granted).isEqualTo(fit);
    for (LocalPath path : paths.paths()) {
      assertThat(path.stat().available()).isEqualTo(100);
    }
  }

  @Test
  void allocate_kindsThatNoPathTakesTogether_goEachToTheirs() throws IOException {
    TestStorage storage = new TestStorage(dir);
    Path caches =
        storage.attach("caches", withTypes(TestStorage.meta("c", true, false), "cache", ""));
    Path others =
        storage.attach("others", withTypes(TestStorage.meta("o", true, false), "", "cache"));
    try (Allocation room =
        storage
            .paths
            .allocator()
            .allocate(
                Allocator.Request.of(
                    SectorId.of(1000, 3), Set.of(SEALED, CACHE), SIZE, PathType.SEALING))) {
      assertThat(room.path(CACHE).root()).isEqualTo(caches);
      assertThat(room.path(SEALED).root()).isEqualTo(others);
    }
  }

  static SectorStoreMeta withTypes(SectorStoreMeta meta, String allowed, String denied) {
    return new SectorStoreMeta(
        meta.id(),
        meta.weight(),
        meta.canSeal(),
        meta.canStore(),
        meta.maxStorageBytes(),
        meta.groups(),
        meta.allowTo(),
        allowed.isEmpty() ? List.of() : List.of(allowed),
        denied.isEmpty() ? List.of() : List.of(denied),
        meta.allowMiners(),
        meta.denyMiners());
  }

  /** What an unmounted filesystem leaves behind: the directory, empty, with room. */
  @Test
  void allocate_pathThatIsAway_isPassedOverAndNamed() throws IOException {
    TestStorage storage = new TestStorage(dir);
    Path a = storage.attach("a", TestStorage.meta("a", true, true));
    Files.move(a, dir.resolve("away"));
    Files.createDirectory(a);
    SectorId sector = SectorId.of(1000, 3);
    assertThatThrownBy(() -> storage.place(sector, Set.of(SEALED), SIZE, PathType.SEALING))
        .isInstanceOf(NoSpaceException.class)
        .hasMessageContaining(a + " is faulty")
        .hasMessageContaining("is it mounted?");
    assertThat(storage.index.health(storage.only().id()).orElseThrow().error())
        .contains(a.toString());
    assertThat(a).isEmptyDirectory();
    Files.delete(a);
    Files.move(dir.resolve("away"), a);
    assertThat(storage.place(sector, Set.of(SEALED), SIZE, PathType.SEALING)).isEqualTo(a);
    assertThat(storage.index.health(storage.only().id()).orElseThrow().error()).isEmpty();
  }
}
