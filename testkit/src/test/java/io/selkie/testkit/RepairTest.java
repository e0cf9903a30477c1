package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.JournalRepair;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A journal that is put right while no pipeline holds it. */
final class RepairTest {

  private static final SectorId SECTOR = SectorId.of(1000, 4);
  private static final Instant NOW = Instant.ofEpochSecond(1_795_376_125);

  private final InMemoryJournal journal = new InMemoryJournal();
  private final JournalRepair repair = new JournalRepair(journal);

  private static SectorRecord record(String state, String lastError) {
    SectorRecord fresh = SectorRecord.fresh(SECTOR, RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    return new SectorRecord(
        SECTOR,
        state,
        fresh.sealProof(),
        fresh.createdAtS(),
        fresh.pieces(),
        fresh.ticket(),
        fresh.preCommit(),
        fresh.commit(),
        fresh.upgrade(),
        fresh.termination(),
        fresh.failures(),
        "",
        lastError,
        0,
        0);
  }

  private SectorRecord stored() throws IOException {
    return RecordCodec.decode(journal.load(SECTOR).orElseThrow().record());
  }

  @Test
  void rebuild_ofAnUnknownSector_isItsFirstEntryAndSaysWhy() throws IOException {
    repair.rebuild(
        record("FailedUnrecoverable", "nothing is on chain"), "the journal was lost", NOW);

    assertThat(stored().state()).isEqualTo("FailedUnrecoverable");
    assertThat(stored().lastError()).isEqualTo("nothing is on chain");
    assertThat(journal.load(SECTOR).orElseThrow().sequence()).isEqualTo(1);
    assertThat(journal.log(SECTOR).getFirst().kind()).isEqualTo("event;sealing.SectorRebuilt");
    assertThat(journal.log(SECTOR).getFirst().message()).contains("the journal was lost");
    assertThat(JournalReplay.replay(journal, SECTOR))
        .isEqualTo(new JournalReplay.Result.Made(stored(), 1));
  }

  @Test
  void rebuild_ofARecordedSector_countsStaysOnAndLeavesRemovedToo() throws IOException {
    repair.rebuild(record("Removed", ""), "first", NOW);
    long moves = stored().moves();

    repair.rebuild(record("Proving", ""), "it is on chain", NOW);

    assertThat(stored().state()).isEqualTo("Proving");
    assertThat(stored().moves()).isEqualTo(moves + 1);
    assertThat(journal.log(SECTOR)).hasSize(2);
  }

  @Test
  void rebuild_ofAnUndecodableRecord_replacesItAndKeepsItsEntries() throws IOException {
    byte[] garbage = "{\"V\":9}".getBytes(StandardCharsets.UTF_8);
    journal.append(
        List.of(
            new Entry(
                SECTOR,
                1,
                NOW,
                "event;x",
                "",
                "",
                garbage,
                new Snapshot(SECTOR, 1, "Proving", garbage, Optional.empty(), List.of()))));

    assertThatThrownBy(() -> repair.forceState(SECTOR, "Proving", NOW))
        .hasMessageContaining("no record that can be read");
    repair.rebuild(record("Proving", ""), "its record could not be read", NOW);

    assertThat(stored().state()).isEqualTo("Proving");
    assertThat(journal.log(SECTOR)).hasSize(2);
    assertThat(JournalReplay.replay(journal, SECTOR))
        .isEqualTo(new JournalReplay.Result.Made(stored(), 2));
  }

  @Test
  void forceState_ofARecordedSector_isRecordedAsTheOperatorsCommandIs() throws IOException {
    repair.rebuild(record("PreCommit2", ""), "first", NOW);

    repair.forceState(SECTOR, "WaitSeed", NOW);

    assertThat(stored().state()).isEqualTo("WaitSeed");
    assertThat(journal.log(SECTOR).getLast().kind()).isEqualTo("event;sealing.SectorForceState");
  }
}
