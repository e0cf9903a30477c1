package io.selkie.node.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorId;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ForecastBucket;
import io.selkie.rpc.api.HistoryPoint;
import io.selkie.rpc.api.PastSector;
import io.selkie.rpc.api.SectorDifference;
import io.selkie.rpc.api.SectorGroup;
import io.selkie.rpc.api.SectorHistoryApi;
import io.selkie.rpc.api.SectorPage;
import io.selkie.rpc.api.SectorQuery;
import io.selkie.rpc.api.SectorQueryApi;
import io.selkie.rpc.api.SectorRow;
import io.selkie.rpc.api.WhatIf;
import io.selkie.rpc.json.JsonValue;
import io.selkie.storage.FsStat;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StorageInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Queries, forecasts and history over real sockets. */
class OwnApiTest extends OwnApiServer {

  private SectorQueryApi queries() {
    return client.api(SectorQueryApi.class);
  }

  private static SectorQuery ofStates(String... states) {
    return new SectorQuery(
        List.of(states), List.of(), null, null, null, null, null, null, null, null);
  }

  private static SectorQuery expiring(long from, long before) {
    return new SectorQuery(List.of(), List.of(), null, null, from, before, null, null, null, null);
  }

  private static List<Long> numbers(SectorPage page) {
    return page.sectors().stream().map(SectorRow::sectorId).toList();
  }

  @Test
  void query_byState_comesInPages() throws Exception {
    for (int number = 0; number < 25; number++) {
      sector(number, number % 2 == 0 ? "Proving" : "WaitSeed", 1);
    }
    List<Long> found = new ArrayList<>();
    String cursor = "";
    do {
      SectorPage page = queries().sectorsQuery(ofStates("Proving"), cursor, 5, List.of());
      assertThat(page.sectors()).hasSizeLessThanOrEqualTo(5);
      found.addAll(numbers(page));
      cursor = page.cursor();
    } while (!cursor.isEmpty());
    assertThat(found).hasSize(13).isSorted().allMatch(number -> number % 2 == 0);
  }

  @Test
  void query_byAge_countsFromNow() throws Exception {
    sector(1, "Proving", 1);
    sector(2, "Proving", 9);
    SectorQuery old =
        new SectorQuery(
            List.of(), List.of(), null, null, null, null, null, Duration.ofDays(5), null, null);
    assertThat(numbers(queries().sectorsQuery(old, "", 0, List.of()))).containsExactly(1L);
  }

  @Test
  void query_byPathAndExpiration_asksIndexAndChain() throws Exception {
    for (int number = 1; number <= 4; number++) {
      sector(number, "Proving", 1);
      proven(number, 2_000 + number, number);
    }
    index.attach(
        new StorageInfo(
            List.of("http://localhost"), SectorStoreMeta.of(UUID.fromString(PATH_ID), true, true)),
        new FsStat(1, 1, 1, 0, 0, 0));
    for (long number : List.of(2L, 3L, 9L)) {
      index.declare(
          PATH_ID, SectorId.of(MINER.value(), number), Set.of(SectorFileType.SEALED), true);
    }
    SectorQuery both =
        new SectorQuery(List.of(), List.of(), null, null, 2_003L, null, PATH_ID, null, null, null);
    SectorPage page = queries().sectorsQuery(both, "", 0, List.of("Paths", "Expiration"));
    assertThat(page.height()).isEqualTo(HEIGHT);
    assertThat(page.sectors())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.sectorId()).isEqualTo(3);
          assertThat(row.paths()).containsExactly(PATH_ID);
          assertThat(row.expiration()).isEqualTo(2_003);
          assertThat(row.state()).isNull();
        });
    assertThat(numbers(queries().sectorsQuery(expiring(0, 2_003), "", 0, List.of())))
        .containsExactly(1L, 2L);
  }

  @Test
  void query_badInput_isRefusedWithItsReason() {
    assertThatThrownBy(() -> queries().sectorsQuery(ofStates("Provin"), "", 0, List.of()))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("there is no state 'Provin'");
    assertThatThrownBy(() -> queries().sectorsQuery(SectorQuery.ALL, "", 10_001, List.of()))
        .hasMessageContaining("limit 10001");
    assertThatThrownBy(() -> queries().sectorsQuery(SectorQuery.ALL, "x", 0, List.of()))
        .hasMessageContaining("no cursor");
    assertThatThrownBy(() -> queries().sectorsQuery(SectorQuery.ALL, "", 0, List.of("Colour")))
        .hasMessageContaining("there is no field 'Colour'");
    assertThatThrownBy(() -> queries().sectorsCount(SectorQuery.ALL, List.of("Colour")))
        .hasMessageContaining("not counted by 'Colour'");
    assertThatThrownBy(() -> queries().sectorsForecast(SectorQuery.ALL, "year", List.of()))
        .hasMessageContaining("per 'day' or 'week'");
  }

  @Test
  void count_byGroups_addsUp() throws Exception {
    sector(1, "Proving", 1);
    sector(2, "Proving", 9);
    sector(3, "WaitSeed", 9);
    assertThat(queries().sectorsCount(SectorQuery.ALL, List.of("State")))
        .containsExactly(
            new SectorGroup(List.of("Proving"), 2), new SectorGroup(List.of("WaitSeed"), 1));
    assertThat(queries().sectorsCount(SectorQuery.ALL, List.of()))
        .containsExactly(new SectorGroup(List.of(), 3));
    assertThat(queries().sectorsCount(ofStates("Proving"), List.of("Age", "Deal")))
        .containsExactly(
            new SectorGroup(List.of("1", ""), 1), new SectorGroup(List.of("9", ""), 1));
  }

  @Test
  void forecast_perDay_followsTheChainAndTheSuppositions() throws Exception {
    for (int number = 1; number <= 3; number++) {
      sector(number, "Proving", 1);
    }
    proven(1, HEIGHT + 10, 5);
    proven(2, HEIGHT + 20, 7);
    proven(3, HEIGHT + 2_880, 11);
    assertThat(queries().sectorsForecast(SectorQuery.ALL, "day", List.of()))
        .containsExactly(
            new ForecastBucket(
                HEIGHT,
                HEIGHT + 2_880,
                START,
                2,
                TokenAmount.of(12),
                2 * 2048,
                2,
                TokenAmount.of(12),
                2 * 2048),
            new ForecastBucket(
                HEIGHT + 2_880,
                HEIGHT + 5_760,
                START.plus(Duration.ofDays(1)),
                1,
                TokenAmount.of(11),
                2048,
                1,
                TokenAmount.of(11),
                2048));
    WhatIf later = new WhatIf(expiring(0, HEIGHT + 15), HEIGHT + 8 * 2_880);
    assertThat(queries().sectorsForecast(SectorQuery.ALL, "week", List.of(later)))
        .containsExactly(
            new ForecastBucket(
                HEIGHT,
                HEIGHT + 7 * 2_880,
                START,
                3,
                TokenAmount.of(23),
                3 * 2048,
                2,
                TokenAmount.of(18),
                2 * 2048),
            new ForecastBucket(
                HEIGHT + 7 * 2_880,
                HEIGHT + 14 * 2_880,
                START.plus(Duration.ofDays(7)),
                0,
                TokenAmount.ZERO,
                0,
                1,
                TokenAmount.of(5),
                2048));
  }

  @Test
  void history_everyPoint_isTheRecordOfThen() throws Exception {
    sector(4, "WaitSeed", 1);
    happen(4, new SectorForceState("Proving"), START.plus(Duration.ofDays(2)));
    SectorHistoryApi history = client.api(SectorHistoryApi.class);
    List<String> states = new ArrayList<>();
    for (long sequence = 1; sequence <= 3; sequence++) {
      PastSector past = history.sectorHistory(4, new HistoryPoint(null, sequence));
      assertThat(past.sequence()).isEqualTo(sequence);
      assertThat(past.sector().log()).hasSize((int) sequence);
      states.add(past.sector().state());
    }
    assertThat(states).containsExactly("Packing", "WaitSeed", "Proving");
    HistoryPoint between = new HistoryPoint(START.plus(Duration.ofHours(30)), 0);
    assertThat(history.sectorHistory(4, between).sector().state()).isEqualTo("WaitSeed");
    assertThat(history.sectorsSummaryAt(between)).isEqualTo(Map.of("WaitSeed", 1L));
    assertThat(history.sectorsSummaryAt(new HistoryPoint(null, 1)))
        .isEqualTo(Map.of("Packing", 1L));

    SectorDifference difference = history.sectorDifference(4, between, new HistoryPoint(null, 0));
    assertThat(difference.changes())
        .singleElement()
        .satisfies(change -> {
          assertThat(change.field()).isEqualTo("State");
          assertThat(change.before()).isEqualTo(JsonValue.text("WaitSeed"));
          assertThat(change.after()).isEqualTo(JsonValue.text("Proving"));
        });
    assertThat(difference.entries())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.sequence()).isEqualTo(3);
          assertThat(entry.kind()).isEqualTo("event;sealing.SectorForceState");
        });
  }

  @Test
  void history_badPoint_isRefused() throws Exception {
    sector(4, "WaitSeed", 1);
    SectorHistoryApi history = client.api(SectorHistoryApi.class);
    assertThatThrownBy(() -> history.sectorHistory(5, new HistoryPoint(null, 1)))
        .hasMessageContaining("No state for /5");
    assertThatThrownBy(() -> history.sectorHistory(4, new HistoryPoint(START.minusSeconds(1), 0)))
        .hasMessageContaining("was not there then");
    assertThatThrownBy(() -> history.sectorHistory(4, new HistoryPoint(START, 1)))
        .hasMessageContaining("not both");
    assertThatThrownBy(
            () -> history.sectorDifference(4, new HistoryPoint(null, 2), new HistoryPoint(null, 1)))
        .hasMessageContaining("is after entry 1");
  }
}
