package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.rpc.JsonValue;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcSubscription;
import io.selkie.rpc.SectorQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Batches of statuses over real sockets. */
class SectorBatchTest extends OwnApiServer {

  private static final SectorQuery PROVING =
      new SectorQuery(
          List.of("Proving"), List.of(), null, null, null, null, null, null, null, null);

  private List<String> batch(SectorQuery query, List<String> fields) throws Exception {
    List<JsonValue> chunks = Collections.synchronizedList(new ArrayList<>());
    try (RpcSubscription all =
        client.subscribe("Selkie.SectorsStatusBatch", chunks::add, query, fields)) {
      all.ended().get(60, TimeUnit.SECONDS);
    }
    List<String> statuses = new ArrayList<>();
    for (JsonValue chunk : chunks) {
      assertThat(chunk)
          .isInstanceOfSatisfying(
              JsonValue.Obj.class,
              object -> {
                assertThat(object.get("Height")).contains(JsonValue.number(HEIGHT));
                assertThat(object.get("Sectors").orElseThrow())
                    .isInstanceOfSatisfying(
                        JsonValue.Arr.class,
                        sectors -> sectors.items().forEach(each -> statuses.add(each.toJson())));
              });
    }
    return statuses;
  }

  @Test
  void batch_ofFields_comesInOrderAndWhole() throws Exception {
    int count = SectorBatchService.CHUNK + 3;
    sectors(count, "Proving");
    sector(count, "WaitSeed", 0);
    proven(2, 5_000, 1);
    List<String> statuses = batch(PROVING, List.of("SectorID", "State", "Expiration"));
    assertThat(statuses).hasSize(count);
    for (int number = 0; number < count; number++) {
      assertThat(statuses.get(number))
          .isEqualTo(
              "{\"SectorID\":%d,\"State\":\"Proving\",\"Expiration\":%d}"
                  .formatted(number, number == 2 ? 5_000 : 0));
    }
  }

  @Test
  void batch_withoutFields_hasAllButTheLog() throws Exception {
    sector(1, "Proving", 0);
    assertThat(batch(PROVING, List.of()))
        .singleElement()
        .asString()
        .startsWith("{\"SectorID\":1,\"State\":\"Proving\",\"CommD\":null,\"CommR\":null,")
        .contains("\"LastErr\":\"\",\"SealProof\":")
        .endsWith("\"OnTime\":0,\"Early\":0}");
    assertThat(batch(PROVING, List.of("Log")))
        .singleElement()
        .asString()
        .contains("event;sealing.SectorStartCC", "event;sealing.SectorForceState");
  }

  @Test
  void batch_badInput_isRefused() {
    assertThatThrownBy(() -> batch(PROVING, List.of("Colour")))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("has no member 'Colour'");
  }
}
