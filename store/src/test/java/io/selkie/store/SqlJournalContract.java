package io.selkie.store;

import static io.selkie.store.JournalEntries.START;
import static io.selkie.store.JournalEntries.deal;
import static io.selkie.store.JournalEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.JournalReplay.Finding;
import io.selkie.pipeline.JournalReplay.Result;
import io.selkie.pipeline.RecordCodec;
import io.selkie.pipeline.SectorEvent;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorStartCC;
import io.selkie.pipeline.SectorFsm;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.LogLine;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import io.selkie.pipeline.SectorRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a journal in an SQL database must do besides, when somebody has been at its tables. */
abstract class SqlJournalContract extends SectorJournalContract {

  private static final SectorId THREE = SectorId.of(1000, 3);

  /** The open journal's database, for statements behind its back. */
  abstract String url();

  /** As the engine writes a blob of these bytes. */
  abstract String blob(String hex);

  @Test
  void event_updateOrDelete_isRefusedByTheEngineItself() throws IOException {
    journal.append(List.of(entry(ONE, 1, "Packing")));
    assertThatThrownBy(() -> JournalSql.execute(url(), "DELETE FROM event"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("never removed");
    assertThatThrownBy(() -> JournalSql.execute(url(), "UPDATE event SET kind = ''"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("never changed");
    assertThat(journal.log(ONE)).hasSize(1);
  }

  @Test
  void append_textWithNul_isRecordedAsItsPicture() throws IOException {
    Timer timer = new Timer(START, Optional.empty(), "wait\0");
    Snapshot after = new Snapshot(ONE, 1, "Odd\0", new byte[] {0}, Optional.of(timer), List.of());
    journal.append(List.of(new Entry(ONE, 1, START, "k\0", "m\0", "t\0", new byte[0], after)));

    assertThat(journal.log(ONE).getFirst().message()).isEqualTo("m\u2400");
    assertThat(journal.log(ONE).getFirst().trace()).isEqualTo("t\u2400");
    assertThat(journal.summary(MINER)).isEqualTo(Map.of("Odd\u2400", 1L));
    assertThat(journal.load(ONE).orElseThrow().timer().orElseThrow().reason())
        .isEqualTo("wait\u2400");
    journal.append(List.of(entry(ONE, 2, "Packing")));
    assertThat(journal.summary(MINER)).isEqualTo(Map.of("Packing", 1L));
  }

  /** Whatever is wrong with one row, the others are listed, read and written. */
  @Test
  void row_damagedInPlace_isFoundAndBlocksNothing() throws Exception {
    Map<String, String> damages =
        Map.of(
            "truncated",
            "SET record = " + blob("7b2256223a312c22536563"),
            "empty",
            "SET record = " + blob(""),
            "later version",
            "SET record = " + blob("7b2256223a397d"),
            "state",
            "SET state = 'Elsewhere'",
            "behind its last entry",
            "SET sequence = sequence - 1",
            "ahead of its last entry",
            "SET sequence = sequence + 7");
    record(THREE, "Proving");
    long number = 100;
    for (Map.Entry<String, String> damage : damages.entrySet()) {
      SectorId bad = SectorId.of(1000, number++);
      record(bad, "WaitSeed");
      Snapshot good = journal.load(bad).orElseThrow();
      JournalSql.execute(
          url(), "UPDATE sector " + damage.getValue() + " WHERE number = " + bad.number());
      Snapshot row = journal.load(bad).orElseThrow();

      assertThat(JournalReplay.examine(journal, row))
          .as(damage.getKey())
          .isInstanceOfSatisfying(
              Finding.Undecodable.class,
              found -> {
                assertThat(found.reason()).isNotBlank();
                assertThat(found.replay()).isInstanceOf(Result.Made.class);
              });
      assertBlocksNothing(bad, damage.getKey());

      JournalReplay.repair(journal, bad);
      assertThat(journal.load(bad).orElseThrow())
          .as(damage.getKey())
          .usingRecursiveComparison()
          .isEqualTo(good);
    }
    assertThat(JournalReplay.undecodable(journal, MINER)).isEmpty();
    assertThat(journal.summary(MINER)).isEqualTo(Map.of("Proving", 1L, "WaitSeed", 6L));
  }

  /** A sector that writes another one's record into its row. */
  @Test
  void row_withTheRecordOfAnotherSector_isFound() throws Exception {
    record(ONE, "WaitSeed");
    record(TWO, "WaitSeed");
    JournalSql.execute(
        url(),
        "UPDATE sector SET record = (SELECT other.record FROM sector other WHERE other.number = 2)"
            + " WHERE number = 1");

    assertThat(JournalReplay.undecodable(journal, MINER))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.sector()).isEqualTo(ONE);
          assertThat(found.state()).isEqualTo("WaitSeed");
          assertThat(found.reason()).contains("s-t01000-2");
        });
  }

  /** Keys and times that nobody can have written. */
  @Test
  void rows_impossibleInSideTables_blockNothing() throws Exception {
    record(ONE, "WaitSeed");
    JournalSql.execute(
        url(),
        "INSERT INTO sector (miner, number, sequence, state, record) VALUES (1000, -7, 1,"
            + " 'WaitSeed', "
            + blob("00")
            + ")",
        "INSERT INTO sector_number (miner, number) VALUES (1000, -7)",
        "INSERT INTO deal_ref (miner, number, deal, offset_padded, size_unpadded, recorded)"
            + " VALUES (1000, 1, -5, 0, 127, 1)",
        "INSERT INTO timer (miner, number, at_s, at_ns, reason)"
            + " VALUES (1000, 1, 9000000000000000000, 5, 'wait')");

    assertThat(journal.load(ONE).orElseThrow().timer().orElseThrow().at()).isEqualTo(Instant.MIN);
    assertThat(journal.list(MINER)).containsExactly(ONE.number());
    assertThat(journal.listInStates(MINER, Set.of("WaitSeed"))).containsExactly(ONE.number());
    assertThat(journal.allocatedNumbers(MINER)).isEmpty();
    assertThat(journal.refs(MINER)).isEmpty();
    List<SectorId> seen = new ArrayList<>();
    journal.forEach(each -> seen.add(each.sector()));
    journal.forEachInStates(MINER, Set.of("WaitSeed"), each -> seen.add(each.sector()));
    assertThat(seen).containsExactly(ONE, ONE);
    journal.append(List.of(entry(ONE, 3, "Proving")));
  }

  private void assertBlocksNothing(SectorId bad, String damage) throws IOException {
    assertThat(journal.list(MINER)).as(damage).contains(bad.number(), THREE.number());
    assertThat(journal.listInStates(MINER, Set.of("Proving", "WaitSeed", "Elsewhere")))
        .as(damage)
        .contains(bad.number(), THREE.number());
    assertThat(journal.summary(MINER).get("Proving")).as(damage).isEqualTo(1);
    List<SectorNumber> seen = new ArrayList<>();
    journal.forEachInStates(
        MINER, Set.of("WaitSeed", "Elsewhere"), each -> seen.add(each.sector().number()));
    assertThat(seen).as(damage).contains(bad.number());
    long next = journal.load(bad).orElseThrow().sequence() + 1;
    if (next != 3) {
      // Refused, and not run into the key of an entry that is there: that would end the journal.
      assertThatThrownBy(() -> journal.append(List.of(entry(bad, next, "Proving"))))
          .as(damage)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("its last entry is 2");
    }
    journal.putValue("still", Optional.of(new byte[] {1}));
    SectorId other = SectorId.of(2000, bad.number().value());
    journal.append(
        List.of(entry(other, 1, "Packing", Optional.empty(), List.of(deal(5, other, 0)))));
    assertThat(journal.refs(other.miner())).as(damage).isNotEmpty();
  }

  /** Two entries as the pipeline makes them: the start, and a forced state. */
  private void record(SectorId sector, String state) throws IOException {
    SectorRecord record = SectorRecord.fresh(sector, RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
    List<SectorEvent> events =
        List.of(
            new SectorStartCC(sector.number(), record.sealProof()), new SectorForceState(state));
    long sequence = 0;
    for (SectorEvent event : events) {
      SectorFsm.Step step = SectorFsm.next(record, event, START);
      record = step.record();
      LogLine line = step.log().getFirst();
      sequence++;
      journal.append(
          List.of(
              new Entry(
                  sector,
                  sequence,
                  START,
                  line.kind(),
                  line.message(),
                  line.trace(),
                  RecordCodec.encodeEvent(event),
                  new Snapshot(
                      sector,
                      sequence,
                      record.state(),
                      RecordCodec.encode(record),
                      Optional.empty(),
                      List.of()))));
    }
  }
}
