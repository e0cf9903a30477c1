package io.selkie.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ImportSources;
import io.selkie.pipeline.ImportSources.Location;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRefused;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Sectors from elsewhere whose callers passed the door, and meet behind it. */
final class SectorImportsTest {

  private static final int RIVALS = 16;
  private static final SectorId SECTOR = new SectorId(MinerSimulation.MINER, new SectorNumber(7));

  @Test
  void receive_ofOneNumberAtOnce_makesOneRecordAndKeepsItsSources() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Optional<String>>> calls = new ArrayList<>();
      try (ExecutorService callers = Executors.newFixedThreadPool(RIVALS)) {
        for (int i = 0; i < RIVALS; i++) {
          ImportSources sources = from("http://there/" + i + ";");
          calls.add(
              callers.submit(() -> {
                go.await();
                return refusal(miner, sources);
              }));
        }
        go.countDown();
      }
      List<Optional<String>> refusals = new ArrayList<>();
      for (Future<Optional<String>> each : calls) {
        refusals.add(each.get());
      }
      assertThat(refusals.stream().flatMap(Optional::stream))
          .hasSize(RIVALS - 1)
          .containsOnly("sector 7 state already exists");
      assertThat(miner.journal.values("import/")).hasSize(1);
      assertThat(new String(miner.journal.values("import/").get("import/1000/7"), UTF_8))
          .contains("http://there/" + refusals.indexOf(Optional.<String>empty()) + ";");
      assertThat(miner.journal.log(SECTOR))
          .filteredOn(line -> line.kind().equals("event;sealing.SectorReceive"))
          .hasSize(1);
      assertThat(miner.pipeline.numbers().meta().inUse().toRunLengths()).containsExactly(7, 1);
    }
  }

  private static Optional<String> refusal(MinerSimulation miner, ImportSources sources)
      throws IOException {
    try {
      miner.pipeline.imports().receive(packed(), sources);
      return Optional.empty();
    } catch (SectorRefused refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  private static ImportSources from(String url) {
    return new ImportSources(
        Optional.of(new Location(false, url, List.of())),
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        "");
  }

  private static SectorRecord packed() {
    SectorRecord fresh = SectorRecord.fresh(SECTOR, RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    return new SectorRecord(
        SECTOR,
        "Packing",
        fresh.sealProof(),
        0,
        List.of(),
        Optional.empty(),
        fresh.preCommit(),
        fresh.commit(),
        fresh.upgrade(),
        fresh.termination(),
        fresh.failures(),
        "",
        "",
        0,
        0);
  }
}
