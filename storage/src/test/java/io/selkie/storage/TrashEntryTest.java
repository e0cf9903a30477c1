package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrashEntryTest {

  private static final Instant AT = Instant.parse("2026-02-03T04:05:06.789Z");

  @ParameterizedTest
  @EnumSource(SectorFileType.class)
  void parse_nameOfAnEntry_isTheEntry(SectorFileType type) {
    TrashEntry entry = new TrashEntry(AT, type, SectorId.of(1000, 3), "second-key");
    assertThat(entry.name())
        .isEqualTo("20260203T040506.789Z-" + type.directoryName() + "-s-t01000-3-second-key");
    assertThat(TrashEntry.parse(entry.name())).contains(entry);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "20260203T040506.789Z-sealed-s-t01000-3",
        "20260203T040506.789Z-sealed-s-t01000-03-terminated",
        "20260203T040506.789Z-sealde-s-t01000-3-terminated",
        "20260203T040506.789Z-sealed-s-t01000-3-Terminated",
        "20260203T040506.789Z-sealed-s-t01000-3-..",
        "20260231T040506.789Z-sealed-s-t01000-3-terminated",
        "20260203T040506Z-sealed-s-t01000-3-terminated",
        "20260203T040506.789Z-sealed-s-t01000-99999999999999999999-terminated",
        "purging-20260203T040506.789Z-sealed-s-t01000-3-terminated"
      })
  void parse_anythingElse_isNoEntry(String name) {
    assertThat(TrashEntry.parse(name)).isEmpty();
  }

  @Test
  void compare_entries_oldestFirst() {
    TrashEntry old = new TrashEntry(AT, SectorFileType.SEALED, SectorId.of(1000, 9), "terminated");
    TrashEntry young =
        new TrashEntry(AT.plusMillis(1), SectorFileType.CACHE, SectorId.of(1000, 1), "terminated");
    assertThat(old).isLessThan(young);
    assertThatThrownBy(() -> new TrashEntry(AT, SectorFileType.CACHE, old.sector(), "a/b"))
        .hasMessageContaining("'a/b'");
  }
}
