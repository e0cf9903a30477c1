package io.selkie.pipeline.recovery;

import static io.selkie.pipeline.recovery.World.file;
import static io.selkie.pipeline.recovery.World.known;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.pipeline.recovery.FileSeen.Condition;
import io.selkie.pipeline.recovery.FileSeen.Content;
import io.selkie.pipeline.recovery.JournalSight.Known;
import io.selkie.pipeline.recovery.JournalSight.Replay;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which finding and which step follow from what the three sources say. */
final class DiagnosisTest {

  private static final FileSeen SEALED = file(FileKind.SEALED, Content.WHOLE);
  private static final FileSeen CACHE = file(FileKind.CACHE, Content.WHOLE);
  private static final FileSeen FINALIZED = file(FileKind.CACHE, Content.FINALIZED);
  private static final FileSeen UNSEALED = file(FileKind.UNSEALED, Content.WHOLE);

  /** {@code steps} lists trouble and step of each finding, in order. */
  @ParameterizedTest(name = "{0}, disk {1}, chain {2}: {3}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # journal           | disk      | chain  | findings and steps
          Proving             | finalized | live   | -
          Proving             | sealing   | live   | -
          WaitSeed            | sealing   | pre    | -
          CommitWait          | sealing   | pre    | -
          CommitWait          | sealing   | live   | -
          CommitFailed        | sealing   | live   | -
          PreCommitBatchWait  | sealing   | unused | -
          PreCommitBatchWait  | sealing   | pre    | -
          PreCommit1          | unsealed  | unused | -
          Removed             | none      | unused | -
          Removed             | none      | gone   | -
          Removing            | finalized | live   | StateAheadOfChain AskOperator
          Absent              | none      | unused | -
          Absent              | none      | gone   | -
          Absent              | finalized | live   | OnChainButNotInJournal RebuildRecord:Proving
          Absent              | sealing   | live   | OnChainButNotInJournal RebuildRecord:FinalizeSector
          Absent              | none      | live   | OnChainButNotInJournal RebuildRecord:Proving
          Absent              | sealing   | pre    | OnChainButNotInJournal RebuildRecord:WaitSeed
          Absent              | finalized | pre    | OnChainButNotInJournal RebuildRecord:FailedUnrecoverable
          Absent              | unsealed  | unused | FileWithoutSector RebuildRecord:FailedUnrecoverable
          Absent              | unsealed  | gone   | FileWithoutSector MoveToTrash
          Absent              | unsealed  | down   | ChainUnreachable AskOperator; FileWithoutSector AskOperator
          Removed             | unsealed  | gone   | FileWithoutSector MoveToTrash
          Removed             | finalized | live   | StateAheadOfChain RebuildRecord:Proving
          Removed             | none      | live   | StateAheadOfChain AskOperator
          PreCommit1          | finalized | live   | StateBehindChain ForceState:Proving; FileMissing AskOperator
          PreCommitting       | sealing   | live   | StateBehindChain ForceState:FinalizeSector
          WaitSeed            | sealing   | live   | StateBehindChain ForceState:FinalizeSector
          PreCommit2          | sealing   | pre    | StateBehindChain ForceState:WaitSeed
          PreCommit2          | finalized | pre    | StateBehindChain AskOperator
          FailedUnrecoverable | sealing   | pre    | StateBehindChain ForceState:WaitSeed
          FailedUnrecoverable | finalized | live   | StateBehindChain ForceState:Proving
          Proving             | sealing   | pre    | StateAheadOfChain ForceState:WaitSeed
          Proving             | finalized | pre    | StateAheadOfChain AskOperator
          Proving             | finalized | gone   | InJournalProvingButNotOnChain AskOperator
          Proving             | finalized | unused | InJournalProvingButNotOnChain AskOperator
          Proving             | finalized | expired| ExpiredOnChain AskOperator
          WaitSeed            | sealing   | gone   | StateAheadOfChain AskOperator
          PreCommitFailed     | sealing   | gone   | StateBehindChain AskOperator
          Proving             | none      | live   | FileMissing AskOperator; FileMissing AskOperator
          Proving             | down      | live   | FileMissing Untrash; FileMissing Untrash
          NoSuchState         | finalized | live   | UnknownState ForceState:Proving
          NoSuchState         | finalized | gone   | UnknownState AskOperator
          Proving             | finalized | down   | ChainUnreachable Nothing
          WaitSeed            | finalized | pre    | SizeWrong AskOperator
          """)
  void of_journalDiskAndChain_findsAndPlans(
      String journal, String disk, String chain, @org.jspecify.annotations.Nullable String steps) {
    SectorEvidence seen =
        evidence(
            journal.equals("Absent")
                ? new JournalSight.Absent()
                : known(journal, Optional.of(World.REPLICA)),
            disk(disk),
            chain(chain));

    assertThat(steps(Diagnosis.of(seen))).isEqualTo(steps == null ? "" : steps);
  }

  private static List<FileSeen> disk(String name) {
    return switch (name) {
      case "none" -> List.of();
      case "unsealed" -> List.of(UNSEALED);
      case "sealing" -> List.of(SEALED, CACHE);
      case "finalized" -> List.of(SEALED, FINALIZED);
      case "down" ->
          List.of(
              file(FileKind.SEALED, Content.WHOLE, Condition.TRASHED, "one"),
              file(FileKind.CACHE, Content.FINALIZED, Condition.TRASHED, "one"));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static ChainSight chain(String name) {
    return switch (name) {
      case "live" -> World.live();
      case "pre" -> new ChainSight.PreCommitted(World.REPLICA);
      case "gone" -> new ChainSight.Gone();
      case "unused" -> new ChainSight.Unused();
      case "expired" -> new ChainSight.Expired(World.REPLICA, new ChainEpoch(3));
      case "down" -> new ChainSight.Unreachable("refused");
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static SectorEvidence evidence(
      JournalSight journal, List<FileSeen> files, ChainSight chain) {
    return new SectorEvidence(World.NUMBER, true, journal, files, chain);
  }

  private static String steps(List<Finding> findings) {
    return String.join(
        "; ", findings.stream().map(f -> f.trouble().name() + " " + step(f.remedy())).toList());
  }

  private static String step(Remedy remedy) {
    String name = remedy.getClass().getSimpleName();
    return switch (remedy) {
      case Remedy.RebuildRecord r -> name + ":" + r.state();
      case Remedy.ForceState r -> name + ":" + r.state();
      default -> name;
    };
  }

  @Test
  void of_anotherReplicaOnChain_asksAndForcesNothing() {
    SectorEvidence seen =
        evidence(
            known("PreCommitting", Optional.of(World.OTHER)), List.of(SEALED, CACHE), World.live());

    assertThat(steps(Diagnosis.of(seen))).isEqualTo("CommRDiffers AskOperator");
  }

  @Test
  void of_aProvingRecordWithoutReplica_rebuildsItInItsState() {
    SectorEvidence seen =
        evidence(known("Proving", Optional.empty()), List.of(SEALED, FINALIZED), World.live());

    assertThat(steps(Diagnosis.of(seen))).isEqualTo("RecordIncomplete RebuildRecord:Proving");
  }

  @Test
  void of_aRecordWithoutReplicaBehindTheChain_rebuildsIt() {
    SectorEvidence seen =
        evidence(known("PreCommit2", Optional.empty()), List.of(SEALED, CACHE), World.live());

    assertThat(steps(Diagnosis.of(seen)))
        .isEqualTo("StateBehindChain RebuildRecord:FinalizeSector");
  }

  @ParameterizedTest
  @CsvSource({
    "true,live,ReplayRecord",
    "false,live,RebuildRecord:Proving",
    "false,gone,RebuildRecord:FailedUnrecoverable",
    "false,down,AskOperator"
  })
  void of_anUndecodableRecord_isReplayedElseRebuilt(boolean replayable, String chain, String step) {
    SectorEvidence seen =
        evidence(
            new JournalSight.Undecodable("version 9", replayable),
            List.of(SEALED, FINALIZED),
            chain(chain));

    assertThat(steps(Diagnosis.of(seen))).isEqualTo("UndecodableRecord " + step);
  }

  @Test
  void of_aRecordUnlikeItsEntries_isReplayedBeforeAnythingIsBuiltOnIt() {
    SectorEvidence seen =
        evidence(
            new Known("PreCommit1", World.PROOF, Optional.of(World.REPLICA), 1, Replay.DIFFERENT),
            List.of(UNSEALED, SEALED, FINALIZED),
            World.live());

    assertThat(steps(Diagnosis.of(seen))).isEqualTo("RecordDiffersFromEvents ReplayRecord");
  }

  @ParameterizedTest
  @CsvSource({"Absent,gone,INFO", "Proving,live,WARNING", "Absent,pre,WARNING"})
  void of_aNumberInUseThatIsNotMarked_marksIt(String journal, String chain, Severity severity) {
    JournalSight sight =
        journal.equals("Absent")
            ? new JournalSight.Absent()
            : known(journal, Optional.of(World.REPLICA));
    List<FileSeen> files = journal.equals("Absent") ? List.of() : List.of(SEALED, FINALIZED);

    List<Finding> found =
        Diagnosis.of(new SectorEvidence(World.NUMBER, false, sight, files, chain(chain)));

    assertThat(found.getFirst().trouble()).isInstanceOf(Trouble.NumberNotAllocatedLocally.class);
    assertThat(found.getFirst().remedy()).isEqualTo(new Remedy.AllocateNumber());
    assertThat(found.getFirst().severity()).isEqualTo(severity);
  }

  @Test
  void of_copies_keepsASoundOneAndMovesWhatIsBrokenOrTheSame() {
    FileSeen broken = file(FileKind.SEALED, Content.BROKEN, Condition.IN_PLACE, "two");
    FileSeen twin = file(FileKind.SEALED, Content.TWIN, Condition.IN_PLACE, "three");
    FileSeen second = file(FileKind.SEALED, Content.WHOLE, Condition.IN_PLACE, "four");
    SectorEvidence seen =
        evidence(
            known("Proving", Optional.of(World.REPLICA)),
            List.of(twin, SEALED, FINALIZED, broken, second),
            World.live());

    assertThat(Diagnosis.of(seen).stream().map(Finding::remedy).filter(Remedy::isStep))
        .containsExactlyInAnyOrder(
            new Remedy.MoveToTrash(FileKind.SEALED, broken.file()),
            new Remedy.MoveToTrash(FileKind.SEALED, twin.file()));
    assertThat(steps(Diagnosis.of(seen))).contains("DuplicateCopy AskOperator");
  }

  @Test
  void of_twinsWhileTheSectorIsAtWork_waits() {
    FileSeen twin = file(FileKind.SEALED, Content.TWIN, Condition.IN_PLACE, "three");
    SectorEvidence seen =
        evidence(
            known("FinalizeSector", Optional.of(World.REPLICA)),
            List.of(SEALED, FINALIZED, twin),
            World.live());

    assertThat(steps(Diagnosis.of(seen))).isEqualTo("DuplicateCopy Nothing");
  }

  @Test
  void of_theOnlyReplicaFlawed_asksEvenWithAnotherInTheTrash() {
    SectorEvidence seen =
        evidence(
            known("Proving", Optional.of(World.REPLICA)),
            List.of(Combinations.flawed(SEALED), FINALIZED),
            World.live());

    List<Finding> found = Diagnosis.of(seen);

    assertThat(steps(found)).isEqualTo("ContentWrong AskOperator");
    assertThat(found.getFirst().severity()).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void of_filesOnASealingPathThatTheIndexDoesNotKnow_namesBoth() {
    SectorEvidence seen =
        evidence(
            known("Proving", Optional.of(World.REPLICA)),
            List.of(Combinations.notIndexed(SEALED), FINALIZED),
            World.live());

    assertThat(steps(Diagnosis.of(seen)))
        .isEqualTo("WrongPathClass AskOperator; NotIndexed Redeclare");
  }

  @Test
  void of_leftovers_movesThemOnlyWhereNobodyWorks() {
    FileSeen half = file(FileKind.SEALED, Content.WHOLE, Condition.UNFINISHED, "two");
    FileSeen due = file(FileKind.UNSEALED, Content.WHOLE, Condition.TRASH_DUE, "two");
    List<FileSeen> files = List.of(SEALED, FINALIZED, half, due);

    assertThat(
            steps(
                Diagnosis.of(
                    evidence(known("Proving", Optional.of(World.REPLICA)), files, World.live()))))
        .isEqualTo("UnfinishedCopy MoveToTrash; TrashDue Nothing");
    assertThat(
            steps(
                Diagnosis.of(
                    evidence(
                        known("FinalizeSector", Optional.of(World.REPLICA)), files, World.live()))))
        .isEqualTo("UnfinishedCopy Nothing; TrashDue Nothing");
  }

  @Test
  void of_strays_comeAsFindingsOfNoSector() {
    List<Finding> found =
        Diagnosis.of(
            List.of(),
            List.of(
                new Stray(Path.of("/one/sealed/notes.txt"), ""),
                new Stray(Path.of("/two"), "sectorstore.json is damaged")));

    assertThat(steps(found)).isEqualTo("UnknownFileName AskOperator; PathUnreadable AskOperator");
    assertThat(found).allMatch(f -> f.sector().isEmpty());
  }

  @Test
  void of_severalSectors_putsTheWorstFirst() {
    SectorEvidence odd =
        new SectorEvidence(
            World.NUMBER, false, new JournalSight.Absent(), List.of(), new ChainSight.Gone());
    SectorEvidence bad = evidence(new JournalSight.Absent(), List.of(), World.live());

    assertThat(Diagnosis.of(List.of(odd, bad), List.of()))
        .extracting(Finding::severity)
        .containsExactly(Severity.CRITICAL, Severity.INFO);
  }
}
