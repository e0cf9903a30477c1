package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.pipeline.ForceRules.Need;
import io.selkie.testkit.FakeChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be forced on which sector, for every state. */
final class ForceRulesTest {

  /** A sector and a chain, as they may be met. */
  private record Scene(SectorRecord sector, FakeChain chain) {
    boolean meets(Need need) throws ChainFault {
      return need.isMet(sector, chain);
    }
  }

  private static List<Scene> scenes() {
    List<Scene> all = new ArrayList<>();
    for (Supplier<FakeChain> chain :
        List.<Supplier<FakeChain>>of(
            Samples::chain, Samples::chainWithPreCommit, Samples::chainWithSector)) {
      for (SectorRecord sector :
          List.of(
              Samples.withDeals("Proving"),
              Samples.committedCapacity("Proving"),
              Samples.halfFull("Proving"),
              Samples.fresh("WaitDeals"))) {
        all.add(new Scene(sector, chain.get()));
      }
    }
    return all;
  }

  @TestFactory
  List<DynamicTest> state_withAllItNeeds_isTakenAndWithoutAnyIsNot() {
    List<DynamicTest> tests = new ArrayList<>();
    for (SectorState state : SectorState.values()) {
      if (state.isSettable()) {
        tests.add(DynamicTest.dynamicTest(state.wireName(), () -> check(state)));
      }
    }
    return tests;
  }

  private static void check(SectorState state) throws ChainFault {
    boolean taken = false;
    for (Scene scene : scenes()) {
      List<String> missing = new ArrayList<>();
      for (Need need : ForceRules.needs(state)) {
        if (!scene.meets(need)) {
          missing.add(need.words());
        }
      }
      if (missing.isEmpty()) {
        taken = true;
        assertThatCode(() ->
                ForceRules.check(scene.sector(), state.wireName(), Forcing.CHECKED, scene.chain()))
            .doesNotThrowAnyException();
      } else {
        Throwable refused =
            org.assertj.core.api.Assertions.catchThrowable(() ->
                ForceRules.check(scene.sector(), state.wireName(), Forcing.CHECKED, scene.chain()));
        assertThat(refused).isInstanceOf(SectorRefused.class).hasMessageContaining("sector 7");
        if (Liveness.of(scene.sector(), scene.chain()).isEmpty()) {
          missing.forEach(words -> assertThat(refused).hasMessageContaining(words));
        }
      }
    }
    assertThat(taken).as("some sector can be forced there").isEqualTo(state != SectorState.Removed);
  }

  @ParameterizedTest
  @CsvSource({
    "PreCommit1, pieces that fill it",
    "PreCommit1, a ticket",
    "PreCommit2, an output of pre-commit 1",
    "SubmitPreCommitBatch, CommD and CommR",
    "PreCommitBatchWait, a pre-commit message",
    "WaitSeed, a pre-commit on chain",
    "Committing, a seed",
    "SubmitCommitAggregate, a proof",
    "CommitAggregateWait, a commit message",
    "FinalizeSector, to be proven on chain",
    "Proving, to be proven on chain",
    "Available, CommD and CommR",
    "UpdateReplica, an upgrade that was begun",
    "RecoverDealIDs, client data",
    "ReceiveSector, a state to go back to",
    "FaultReported, a message that reported it",
    "Terminating, to be pre-committed or proven on chain",
    "TerminateFinality, an epoch it was terminated at",
    "Removed, 'to be removed, which Removing does'"
  })
  void state_forANewSector_namesWhatIsMissing(String state, String words) {
    assertThatThrownBy(() ->
            ForceRules.check(Samples.fresh("WaitDeals"), state, Forcing.CHECKED, Samples.chain()))
        .isInstanceOf(SectorRefused.class)
        .hasMessageStartingWith("sector 7 cannot go to " + state + ": it needs ")
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource({"Removing", "RemoveFailed"})
  void sector_whoseRemovalHasBegun_isNotForcedBack(String from) {
    assertThatThrownBy(() ->
            ForceRules.check(Samples.fresh(from), "WaitDeals", Forcing.CHECKED, Samples.chain()))
        .isInstanceOf(SectorRefused.class)
        .hasMessageContaining("whose removal has begun");
  }

  @ParameterizedTest
  @CsvSource({"PreCommit1", "GetTicket", "WaitDeals", "Packing", "SealPreCommit1Failed"})
  void state_thatWouldSealAProvenSectorAgain_isRefused(String state) {
    assertThatThrownBy(() ->
            ForceRules.check(
                Samples.committedCapacity("Proving"),
                state,
                Forcing.CHECKED,
                Samples.chainWithSector()))
        .isInstanceOf(SectorRefused.class)
        .hasMessageContaining("proven on chain");
  }

  @ParameterizedTest
  @CsvSource({"Removing", "RemoveFailed", "Removed"})
  void removal_ofALiveSector_isRefusedEvenWithForce(String state) {
    for (FakeChain chain : List.of(Samples.chainWithSector(), Samples.chainWithPreCommit())) {
      for (Forcing forcing : List.of(Forcing.CHECKED, Forcing.ANY_STATE)) {
        assertThatThrownBy(
                () -> ForceRules.check(Samples.committedCapacity("Proving"), state, forcing, chain))
            .isInstanceOf(SectorRefused.class)
            .hasMessageContaining("on chain")
            .hasMessageContaining("second key");
      }
    }
  }

  @Test
  void anyState_thatExists_isTakenWithForce() throws Exception {
    for (SectorState state : SectorState.values()) {
      if (state.isSettable()) {
        ForceRules.check(
            Samples.fresh("WaitDeals"), state.wireName(), Forcing.ANY_STATE, Samples.chain());
      }
    }
  }

  @Test
  void name_thatIsNoState_isRefusedUnlessLenient() throws Exception {
    for (String name : List.of("", "Foo", "proving", "Proving ")) {
      for (Forcing forcing : List.of(Forcing.CHECKED, Forcing.ANY_STATE)) {
        assertThatThrownBy(
                () -> ForceRules.check(Samples.fresh("Proving"), name, forcing, Samples.chain()))
            .isInstanceOf(SectorRefused.class)
            .hasMessageStartingWith("there is no state '" + name + "'");
      }
      ForceRules.check(Samples.fresh("Proving"), name, Forcing.LENIENT, Samples.chain());
    }
  }

  @Test
  void chain_thatDoesNotAnswer_refusesWhatOnlyItKnows() {
    FakeChain chain = Samples.chainWithSector();
    chain.setOffline(true);
    assertThatThrownBy(() ->
            ForceRules.check(
                Samples.committedCapacity("Faulty"), "Proving", Forcing.CHECKED, chain))
        .isInstanceOf(ChainFault.class);
    assertThatThrownBy(() ->
            ForceRules.check(
                Samples.committedCapacity("Faulty"), "Removing", Forcing.ANY_STATE, chain))
        .isInstanceOf(ChainFault.class);
  }

  @Test
  void liveness_ofASectorWhoseEndHasPassed_isOver() throws Exception {
    FakeChain chain = Samples.chainWithSector();
    SectorRecord sector = Samples.committedCapacity("Proving");
    assertThat(Liveness.of(sector, chain)).contains("it is proven on chain, up to epoch 1600000");
    chain.endSector(sector.sector().number());
    assertThat(Liveness.of(sector, chain)).isEmpty();
  }

  @Test
  void liveness_ofAMessageThatMayStillLand_isAssumed() throws Exception {
    SectorRecord sector = Samples.committedCapacity("PreCommitBatchWait");
    SectorRecord.PreCommit old = sector.preCommit();
    SectorRecord sent =
        sector.withPreCommit(
            new SectorRecord.PreCommit(
                old.phase1Out(),
                old.commD(),
                old.commR(),
                old.message(),
                List.of(),
                old.deposit()));
    assertThat(Liveness.of(sent, Samples.chain()))
        .hasValueSatisfying(why -> assertThat(why).endsWith("may still land"));
    // One that landed may have been reorganised away, and land again.
    assertThat(liveness(sector))
        .hasValueSatisfying(why -> assertThat(why).endsWith("may still land"));
  }

  private static Optional<String> liveness(SectorRecord sector) {
    try {
      return Liveness.of(sector, Samples.chain());
    } catch (ChainFault e) {
      throw new AssertionError(e);
    }
  }
}
