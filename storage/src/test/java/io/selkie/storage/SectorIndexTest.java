package io.selkie.storage;

import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static io.selkie.storage.SectorFileType.UNSEALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SectorIndexTest {

  private static final SectorId SECTOR = SectorId.of(1000, 3);
  private static final SectorSize SIZE = SectorSize.KIB_2;

  private Instant now = Instant.EPOCH;
  private final SectorIndex index = new SectorIndex(() -> now);
  private final SectorStoreMeta a = TestStorage.meta("a", true, false);
  private final SectorStoreMeta b = TestStorage.meta("b", true, true).withWeight(3);

  @BeforeEach
  void attachBoth() {
    index.attach(new StorageInfo(List.of("http://a/remote"), a), free(1 << 20));
    index.attach(new StorageInfo(List.of("http://b/remote", "http://c/remote"), b), free(1 << 20));
  }

  @Test
  void declare_thenDrop_findsWhatIsLeft() {
    index.declare(a.id(), SECTOR, Set.of(SEALED, CACHE), false);
    index.declare(a.id(), SECTOR, Set.of(SEALED), false);
    index.declare(b.id(), SECTOR, Set.of(SEALED), true);
    assertThat(index.find(SECTOR, Set.of(SEALED, CACHE)))
        .extracting(SectorStorageInfo::id, SectorStorageInfo::weight, SectorStorageInfo::primary)
        .containsExactly(tuple(a.id(), 20L, false), tuple(b.id(), 3L, true));
    index.drop(a.id(), SECTOR, Set.of(SEALED));
    assertThat(index.find(SECTOR, Set.of(SEALED)))
        .singleElement()
        .satisfies(found ->
            assertThat(found.urls())
                .containsExactly(
                    "http://b/remote/sealed/s-t01000-3", "http://c/remote/sealed/s-t01000-3"));
    assertThat(index.find(SECTOR, Set.of(CACHE))).hasSize(1);
    assertThat(index.find(SECTOR, Set.of(UNSEALED))).isEmpty();
    assertThat(index.find(SectorId.of(1001, 3), Set.of(SEALED))).isEmpty();
  }

  @Test
  void declare_primary_isNeverLowered() {
    index.declare(b.id(), SECTOR, Set.of(SEALED), true);
    index.declare(b.id(), SECTOR, Set.of(SEALED), false);
    assertThat(index.find(SECTOR, Set.of(SEALED)).getFirst().primary()).isTrue();
    index.drop(b.id(), SECTOR, Set.of(SEALED));
    index.declare(b.id(), SECTOR, Set.of(SEALED), false);
    assertThat(index.find(SECTOR, Set.of(SEALED)).getFirst().primary()).isFalse();
  }

  /** The reference accepts it and then cannot list any more. */
  @Test
  void declare_unknownPath_isRefused() {
    assertThatThrownBy(() -> index.declare("x", SECTOR, Set.of(SEALED), true))
        .hasMessage("storage 'x' isn't registered");
    assertThat(index.list()).containsOnlyKeys(a.id(), b.id());
  }

  @Test
  void detach_urls_dropsThePathWithTheLast() {
    index.declare(b.id(), SECTOR, Set.of(SEALED), true);
    index.detach(b.id(), "http://b/remote");
    assertThat(index.info(b.id()).orElseThrow().urls()).containsExactly("http://c/remote");
    assertThatThrownBy(() -> index.detach(b.id(), "http://x"))
        .hasMessage(
            "not dropping path, requested and index urls don't match"
                + " ('http://x' != 'http://c/remote')");
    index.detach(b.id(), "http://c/remote");
    assertThat(index.info(b.id())).isEmpty();
    assertThat(index.find(SECTOR, Set.of(SEALED))).isEmpty();
    assertThatThrownBy(() -> index.detach(b.id(), "http://c/remote"))
        .hasMessage("storage '" + b.id() + "' isn't registered");
  }

  @Test
  void attach_knownPath_mergesUrlsAndReplacesTheRest() {
    index.attach(new StorageInfo(List.of("http://d/remote"), a.withWeight(7)), free(0));
    StorageInfo merged = index.info(a.id()).orElseThrow();
    assertThat(merged.urls()).containsExactly("http://a/remote", "http://d/remote");
    assertThat(merged.meta().weight()).isEqualTo(7);
    assertThat(index.health(a.id()).orElseThrow().stat()).isEqualTo(free(1 << 20));
  }

  @Test
  void bestAlloc_roomHealthAndMiner_decide() {
    ActorId miner = new ActorId(1000);
    assertThat(index.bestAlloc(Set.of(SEALED, CACHE), SIZE, PathType.SEALING, miner))
        .extracting(StorageInfo::id)
        .containsExactly(a.id(), b.id());
    assertThat(index.bestAlloc(Set.of(SEALED, CACHE), SIZE, PathType.STORAGE, miner))
        .extracting(StorageInfo::id)
        .containsExactly(b.id());
    // 10 + 141 tenths of 2,048 bytes.
    index.reportHealth(a.id(), new HealthReport(free(30923), ""));
    assertThat(index.bestAlloc(Set.of(SEALED, CACHE), SIZE, PathType.SEALING, miner))
        .extracting(StorageInfo::id)
        .containsExactly(b.id());
    index.reportHealth(a.id(), new HealthReport(free(30924), ""));
    assertThat(index.bestAlloc(Set.of(SEALED, CACHE), SIZE, PathType.SEALING, miner)).hasSize(2);
    index.reportHealth(b.id(), new HealthReport(free(1 << 20), "disk on fire"));
    assertThat(index.bestAlloc(Set.of(SEALED), SIZE, PathType.SEALING, miner))
        .extracting(StorageInfo::id)
        .containsExactly(a.id());
    now = now.plusSeconds(50);
    assertThat(index.bestAlloc(Set.of(SEALED), SIZE, PathType.SEALING, miner)).isEmpty();
    assertThatThrownBy(() -> index.reportHealth("x", new HealthReport(free(1), "")))
        .hasMessage("health report for unknown storage: x");
  }

  @Test
  void bestAlloc_minerFilters_areKept() {
    SectorStoreMeta only = filtered(List.of("f01000"), List.of());
    SectorStoreMeta not = filtered(List.of(), List.of("t01000"));
    assertThat(allows(only, 1000)).isTrue();
    assertThat(allows(only, 1001)).isFalse();
    assertThat(allows(not, 1000)).isFalse();
    assertThat(allows(not, 1001)).isTrue();
  }

  @Test
  void findOrFetch_otherPaths_areOfferedWithWeightZero() {
    index.declare(b.id(), SECTOR, Set.of(SEALED), true);
    assertThat(index.findOrFetch(SECTOR, Set.of(SEALED), 2048))
        .extracting(SectorStorageInfo::id, SectorStorageInfo::weight)
        .containsExactly(tuple(b.id(), 3L), tuple(a.id(), 0L));
    index.reportHealth(a.id(), new HealthReport(free(2047), ""));
    assertThat(index.findOrFetch(SECTOR, Set.of(SEALED), 2048)).hasSize(1);
  }

  @Test
  void ofMask_unknownBits_areRefused() {
    assertThat(SectorFileType.ofMask(6)).containsExactlyInAnyOrder(SEALED, CACHE);
    assertThat(SectorFileType.ofMask(0)).isEmpty();
    assertThatThrownBy(() -> SectorFileType.ofMask(64))
        .hasMessageContaining("unknown file types specified");
    assertThat(PathType.ofWireName("storage")).isEqualTo(PathType.STORAGE);
    assertThatThrownBy(() -> PathType.ofWireName("x")).hasMessage("unexpected pathType: x");
  }

  private boolean allows(SectorStoreMeta meta, long miner) {
    SectorIndex one = new SectorIndex(() -> now);
    one.attach(new StorageInfo(List.of(), meta), free(1 << 20));
    return !one.bestAlloc(Set.of(SEALED), SIZE, PathType.SEALING, new ActorId(miner)).isEmpty();
  }

  private SectorStoreMeta filtered(List<String> allow, List<String> deny) {
    return new SectorStoreMeta(
        a.id(), 1, true, true, 0, List.of(), List.of(), List.of(), List.of(), allow, deny);
  }

  private static FsStat free(long bytes) {
    return new FsStat(1 << 20, bytes, bytes, 0, 0, 0);
  }
}
