package io.selkie.pipeline.recovery;

import static io.selkie.pipeline.recovery.World.file;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.recovery.FileSeen.Condition;
import io.selkie.pipeline.recovery.FileSeen.Content;
import io.selkie.pipeline.recovery.JournalSight.Known;
import io.selkie.pipeline.recovery.JournalSight.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Every combination of what the three sources can say, over a chosen set of disks. */
final class Combinations {

  private Combinations() {}

  static List<JournalSight> journals() {
    List<JournalSight> all = new ArrayList<>();
    all.add(new JournalSight.Absent());
    all.add(new JournalSight.Undecodable("version 9", true));
    all.add(new JournalSight.Undecodable("version 9", false));
    List<String> states = new ArrayList<>();
    for (SectorState state : SectorState.values()) {
      states.add(state.wireName());
    }
    states.add("NoSuchState");
    for (String state : states) {
      for (Optional<Cid> replica :
          List.of(Optional.<Cid>empty(), Optional.of(World.REPLICA), Optional.of(World.OTHER))) {
        for (Replay replay : List.of(Replay.SAME, Replay.DIFFERENT)) {
          all.add(new Known(state, World.PROOF, replica, 1, replay));
        }
      }
    }
    return all;
  }

  static List<ChainSight> chains() {
    return List.of(
        new ChainSight.Unreachable("connection refused"),
        new ChainSight.Unused(),
        new ChainSight.Gone(),
        new ChainSight.PreCommitted(World.REPLICA),
        World.live(),
        new ChainSight.Expired(World.REPLICA, new ChainEpoch(10)));
  }

  static List<List<FileSeen>> disks() {
    FileSeen sealed = file(FileKind.SEALED, Content.WHOLE);
    FileSeen cache = file(FileKind.CACHE, Content.WHOLE);
    FileSeen finalized = file(FileKind.CACHE, Content.FINALIZED);
    FileSeen unsealed = file(FileKind.UNSEALED, Content.WHOLE);
    return List.of(
        List.of(),
        List.of(unsealed),
        List.of(unsealed, sealed, cache),
        List.of(sealed, finalized),
        List.of(sealed, file(FileKind.CACHE, Content.BROKEN)),
        List.of(file(FileKind.SEALED, Content.BROKEN), finalized),
        List.of(
            sealed,
            finalized,
            file(FileKind.SEALED, Content.BROKEN, Condition.IN_PLACE, "two"),
            file(FileKind.CACHE, Content.WHOLE, Condition.UNFINISHED, "two")),
        List.of(sealed, finalized, file(FileKind.SEALED, Content.TWIN, Condition.IN_PLACE, "two")),
        List.of(
            file(FileKind.SEALED, Content.WHOLE, Condition.TRASHED, "one"),
            file(FileKind.CACHE, Content.FINALIZED, Condition.TRASH_DUE, "one")),
        List.of(
            flawed(sealed),
            finalized,
            file(FileKind.SEALED, Content.WHOLE, Condition.IN_PLACE, "two")),
        List.of(notIndexed(sealed), notIndexed(cache), flawed(unsealed)));
  }

  static FileSeen flawed(FileSeen f) {
    return new FileSeen(
        f.kind(),
        f.pathId(),
        f.file(),
        f.bytes(),
        f.condition(),
        f.content(),
        f.mayStore(),
        f.indexed(),
        Optional.of("its roots do not hash to CommR"));
  }

  static FileSeen notIndexed(FileSeen f) {
    return new FileSeen(
        f.kind(),
        f.pathId(),
        f.file(),
        f.bytes(),
        f.condition(),
        f.content(),
        false,
        false,
        f.flaw());
  }

  static void forEach(Consumer<SectorEvidence> each) {
    for (JournalSight journal : journals()) {
      for (ChainSight chain : chains()) {
        for (List<FileSeen> disk : disks()) {
          for (boolean allocated : new boolean[] {true, false}) {
            each.accept(new SectorEvidence(World.NUMBER, allocated, journal, disk, chain));
          }
        }
      }
    }
  }
}
