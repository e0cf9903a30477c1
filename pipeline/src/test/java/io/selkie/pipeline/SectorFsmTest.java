package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Randomness;
import io.selkie.pipeline.SectorEvent.SectorAddPiece;
import io.selkie.pipeline.SectorEvent.SectorForceState;
import io.selkie.pipeline.SectorEvent.SectorInvalidDealIDs;
import io.selkie.pipeline.SectorEvent.SectorPreCommit1;
import io.selkie.pipeline.SectorEvent.SectorProving;
import io.selkie.pipeline.SectorEvent.SectorRemove;
import io.selkie.pipeline.SectorEvent.SectorSealPreCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorSeedReady;
import io.selkie.pipeline.SectorEvent.SectorStartPacking;
import io.selkie.pipeline.SectorEvent.SectorUpdateDealIDs;
import io.selkie.pipeline.SectorFsm.Step;
import io.selkie.pipeline.SectorFsm.Verdict;
import io.selkie.pipeline.SectorJournal.LogLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SectorFsmTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_795_376_125);

  @Test
  void next_everyEventInEveryState_isAnsweredAndTheSectorCanStillBeForced() {
    List<String> names = new ArrayList<>(List.of("Foo"));
    for (SectorState state : SectorState.values()) {
      names.add(state.wireName());
    }
    for (String name : names) {
      for (Class<? extends SectorEvent> type : RecordCodec.eventTypes()) {
        SectorRecord before = SampleSectors.full(name);
        Step step = SectorFsm.next(before, SampleSectors.event(type), NOW);
        assertThat(step.log().size()).as("%s in %s", type, name).isLessThanOrEqualTo(2);
        if (step.verdict() == Verdict.REFUSED) {
          assertThat(step.record()).isEqualTo(before);
          assertThat(step.log().getLast().kind()).startsWith("error;*xerrors.");
        }
        if (!name.equals("Removed")) {
          Step freed =
              SectorFsm.next(
                  step.record().state().equals("Removed") ? before : step.record(),
                  new SectorForceState("Proving"),
                  NOW);
          assertThat(freed.record().state()).isEqualTo("Proving");
        }
        // Enough states to see that what an event leaves can be stored; all would take seconds.
        if (name.startsWith("S")) {
          assertThat(RecordCodec.decode(RecordCodec.encode(step.record())))
              .isEqualTo(step.record());
        }
      }
    }
  }

  @Test
  void next_unlistedEvent_isRefusedInTheReferencesWords() {
    Step step =
        SectorFsm.next(
            SampleSectors.full("Proving"),
            new SectorPreCommit1(OpaqueBytes.of(new byte[] {1})),
            NOW);
    assertThat(step.log())
        .containsExactly(
            new LogLine(
                "event;sealing.SectorPreCommit1",
                1_795_376_125,
                "",
                "{\"User\":{\"PreCommit1Out\":\"AQ==\"}}"),
            new LogLine(
                "error;*xerrors.wrapError",
                1_795_376_125,
                "",
                "state machine error: running planner for state Proving failed: planner for state"
                    + " Proving received unexpected event sealing.SectorPreCommit1"
                    + " ({User:{PreCommit1Out:AQ==}})"));
  }

  @Test
  void next_unknownStateName_isStoredAndLeftByForce() {
    Step lost = SectorFsm.next(SampleSectors.full("Proving"), new SectorForceState("Foo"), NOW);
    assertThat(lost.record().state()).isEqualTo("Foo");
    assertThat(lost.log().getLast().message())
        .isEqualTo("state machine error: unexpected sector update state: Foo");
    assertThat(lost.log().getLast().kind()).isEqualTo("error;*xerrors.noWrapError");
    Step ignored = SectorFsm.next(lost.record(), new SectorProving(), NOW);
    assertThat(ignored.verdict()).isEqualTo(Verdict.REFUSED);
    Step found = SectorFsm.next(ignored.record(), new SectorForceState("Proving"), NOW);
    assertThat(found.record().state()).isEqualTo("Proving");
  }

  @Test
  void next_failure_showsItsReasonOnlyInTheTrace() {
    Step step =
        SectorFsm.next(
            SampleSectors.full("PreCommit1"), new SectorSealPreCommit1Failed("disk"), NOW);
    assertThat(step.log())
        .containsExactly(
            new LogLine(
                "event;sealing.SectorSealPreCommit1Failed",
                1_795_376_125,
                "disk",
                "{\"User\":{}}"));
    assertThat(step.record().failures().preCommit1()).isEqualTo(2);
    assertThat(step.record().failures().timesIn("SealPreCommit1Failed")).isEqualTo(1);
  }

  @Test
  void next_longMessage_isCutAt8000Bytes() {
    Step step =
        SectorFsm.next(
            SampleSectors.full("PreCommit1"),
            new SectorPreCommit1(OpaqueBytes.of(new byte[9000])),
            NOW);
    assertThat(step.log().getFirst().message()).hasSize(8000 + 13).endsWith("AA... truncated");
  }

  @Test
  void next_dealIdsRepaired_returnsToTheRememberedState() {
    SectorRecord lost =
        SectorFsm.next(
                SampleSectors.full("PreCommit1"), new SectorInvalidDealIDs("PreCommit1"), NOW)
            .record();
    assertThat(lost.state()).isEqualTo("RecoverDealIDs");
    Step back = SectorFsm.next(lost, new SectorUpdateDealIDs(Collections.emptySortedMap()), NOW);
    assertThat(back.record().state()).isEqualTo("PreCommit1");
    assertThat(back.record().returnState()).isEmpty();
    Step stuck =
        SectorFsm.next(
            lost.withReturnState(""), new SectorUpdateDealIDs(Collections.emptySortedMap()), NOW);
    assertThat(stuck.log().getLast().message()).endsWith("return state not set");
  }

  @Test
  void next_seedInCommitting_startsOverOnlyIfItDiffers() {
    SectorRecord committing = SampleSectors.full("Committing");
    SectorRecord.Drawn seed = committing.commit().seed().orElseThrow();
    assertThat(
            SectorFsm.next(committing, new SectorSeedReady(seed.value(), seed.epoch()), NOW)
                .verdict())
        .isEqualTo(Verdict.IGNORED);
    assertThat(
            SectorFsm.next(
                    committing,
                    new SectorSeedReady(
                        new Randomness(SampleSectors.bytes(99)), new ChainEpoch(34)),
                    NOW)
                .verdict())
        .isEqualTo(Verdict.MOVED);
  }

  @Test
  void next_packingFailed_becomesDealsExpired() {
    Step step =
        SectorFsm.next(SampleSectors.full("Packing"), new SectorForceState("PackingFailed"), NOW);
    assertThat(step.record().state()).isEqualTo("DealsExpired");
  }

  @Test
  void next_inRemoved_isSwallowed() {
    assertThat(SectorFsm.next(SampleSectors.full("Removed"), new SectorRemove(), NOW).log())
        .isEmpty();
  }

  @Test
  void next_addPieceWhileAdding_isNoted() {
    assertThat(SectorFsm.next(SampleSectors.full("AddPiece"), new SectorAddPiece(), NOW).verdict())
        .isEqualTo(Verdict.NOTED);
    assertThat(
            SectorFsm.next(SampleSectors.full("PreCommit1"), new SectorStartPacking(), NOW)
                .verdict())
        .isEqualTo(Verdict.IGNORED);
  }
}
