package io.selkie.pipeline.recovery;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.recovery.FileSeen.Condition;
import io.selkie.pipeline.recovery.FileSeen.Content;
import io.selkie.pipeline.recovery.JournalSight.Known;
import io.selkie.pipeline.recovery.JournalSight.Replay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One sector of a model world: plans are applied to it as the program applies them to files. */
final class World {

  static final SectorNumber NUMBER = new SectorNumber(7);
  static final RegisteredSealProof PROOF = RegisteredSealProof.ofNumber(5);
  static final Cid REPLICA = sealed("replica");
  static final Cid OTHER = sealed("another replica");

  private SectorEvidence now;

  World(SectorEvidence start) {
    now = start;
  }

  static Cid sealed(String text) {
    byte[] digest = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), Commitment.LENGTH);
    return Cid.ofSealed(new Commitment(digest));
  }

  static Known known(String state, Optional<Cid> replica) {
    return new Known(state, PROOF, replica, 1, Replay.SAME);
  }

  static FileSeen file(FileKind kind, Content content) {
    return file(kind, content, Condition.IN_PLACE, "one");
  }

  static FileSeen file(FileKind kind, Content content, Condition condition, String path) {
    return new FileSeen(
        kind,
        path,
        Path.of("/" + path + "/" + condition + "/" + kind.directory() + "/s-t01000-7"),
        2048,
        condition,
        content,
        true,
        true,
        Optional.empty());
  }

  static ChainSight live() {
    return new ChainSight.Live(REPLICA, new ChainEpoch(9000));
  }

  SectorEvidence now() {
    return now;
  }

  /** Carries the steps out, each as the program would. */
  void apply(List<Finding> plan) {
    plan.stream().map(Finding::remedy).filter(Remedy::isStep).forEach(this::apply);
  }

  private void apply(Remedy step) {
    switch (step) {
      case Remedy.AllocateNumber _ -> set(true, now.journal(), now.files());
      case Remedy.ForceState to -> set(now.allocated(), inState(to.state()), now.files());
      case Remedy.RebuildRecord to ->
          set(
              now.allocated(),
              new Known(to.state(), PROOF, replicaOnChain().or(this::recorded), 1, Replay.SAME),
              now.files());
      case Remedy.ReplayRecord _ ->
          set(
              now.allocated(),
              now.journal() instanceof Known old
                  ? new Known(old.state(), PROOF, old.sealedCid(), old.pieces(), Replay.SAME)
                  : known("PreCommit2", Optional.empty()),
              now.files());
      case Remedy.MoveToTrash move -> change(move.file(), Condition.TRASHED);
      case Remedy.Untrash back -> change(back.file(), Condition.IN_PLACE);
      case Remedy.Redeclare again ->
          set(
              now.allocated(),
              now.journal(),
              now.files().stream()
                  .map(f -> f.pathId().equals(again.pathId()) ? indexed(f) : f)
                  .toList());
      case Remedy.Nothing _, Remedy.AskOperator _ -> throw new IllegalArgumentException("" + step);
    }
  }

  private Optional<Cid> recorded() {
    return now.journal() instanceof Known old ? old.sealedCid() : Optional.empty();
  }

  private Optional<Cid> replicaOnChain() {
    return switch (now.chain()) {
      case ChainSight.PreCommitted c -> Optional.of(c.sealedCid());
      case ChainSight.Live c -> Optional.of(c.sealedCid());
      case ChainSight.Expired c -> Optional.of(c.sealedCid());
      case ChainSight.Unreachable _, ChainSight.Unused _, ChainSight.Gone _ -> Optional.empty();
    };
  }

  private JournalSight inState(String state) {
    if (!(now.journal() instanceof Known old)) {
      throw new IllegalStateException("no record to force a state on: " + now);
    }
    return new Known(state, old.proof(), old.sealedCid(), old.pieces(), old.replay());
  }

  private void change(Path file, Condition to) {
    List<FileSeen> after = new ArrayList<>();
    boolean changed = false;
    for (FileSeen each : now.files()) {
      if (each.file().equals(file)) {
        changed = true;
        after.add(
            new FileSeen(
                each.kind(),
                each.pathId(),
                each.file(),
                each.bytes(),
                to,
                each.content(),
                each.mayStore(),
                each.indexed(),
                each.flaw()));
      } else {
        after.add(each);
      }
    }
    if (!changed) {
      throw new IllegalStateException("no file " + file + " in " + now);
    }
    set(now.allocated(), now.journal(), after);
  }

  private static FileSeen indexed(FileSeen file) {
    return new FileSeen(
        file.kind(),
        file.pathId(),
        file.file(),
        file.bytes(),
        file.condition(),
        file.content(),
        file.mayStore(),
        true,
        file.flaw());
  }

  private void set(boolean allocated, JournalSight journal, List<FileSeen> files) {
    now = new SectorEvidence(NUMBER, allocated, journal, files, now.chain());
  }
}
