package io.selkie.pipeline.recovery;

import java.nio.file.Path;

/** One step of a plan. None of them deletes anything. */
public sealed interface Remedy {

  /** Nothing is to be done. */
  record Nothing(String why) implements Remedy {}

  /** Only an operator can decide; the advice says what there is to choose. */
  record AskOperator(String advice) implements Remedy {}

  /** Scan the storage path again and tell the index what is there. */
  record Redeclare(String pathId) implements Remedy {}

  /** Mark the number as given out, so that it is never given out again. */
  record AllocateNumber() implements Remedy {}

  /** Write the record anew from chain and disk, in this state. */
  record RebuildRecord(String state) implements Remedy {}

  /** Apply the journal's entries again and write the record that they yield. */
  record ReplayRecord() implements Remedy {}

  /** Send the sector to this state. */
  record ForceState(String state) implements Remedy {}

  /** Move a copy that is not needed to the trash of its path. */
  record MoveToTrash(FileKind kind, Path file) implements Remedy {}

  /** Bring a file back from the trash. */
  record Untrash(FileKind kind, Path file) implements Remedy {}

  /** Whether this is a step that somebody carries out. */
  default boolean isStep() {
    return !(this instanceof Nothing) && !(this instanceof AskOperator);
  }

  /** The step in words. */
  default String text() {
    return switch (this) {
      case Nothing r -> r.why();
      case AskOperator r -> r.advice();
      case Redeclare r -> "scan storage path " + r.pathId() + " again";
      case AllocateNumber _ -> "mark the number as given out";
      case RebuildRecord r -> "rebuild the record from chain and disk, in " + r.state();
      case ReplayRecord _ -> "replay the record from its entries";
      case ForceState r -> "send it to " + r.state();
      case MoveToTrash r -> "move " + r.file() + " to the trash";
      case Untrash r -> "bring " + r.file() + " back from the trash";
    };
  }
}
