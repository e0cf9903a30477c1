package io.selkie.node.workers;

import io.selkie.pipeline.WorkPool;
import java.util.Optional;

/** What may be given to a worker, by the reference's names (lotus storage/sealer/sealtasks). */
public enum TaskType {
  /** Hashing data that belongs to no sector yet. */
  DATA_CID("seal/v0/datacid"),
  /** Writing a piece. */
  ADD_PIECE("seal/v0/addpiece"),
  /** Labels. */
  PRE_COMMIT_1("seal/v0/precommit/1"),
  /** Trees. */
  PRE_COMMIT_2("seal/v0/precommit/2"),
  /** Vanilla proofs. */
  COMMIT_1("seal/v0/commit/1"),
  /** The proof that goes on chain. */
  COMMIT_2("seal/v0/commit/2"),
  /** Deleting what a proving sector does not need. */
  FINALIZE("seal/v0/finalize"),
  /** Getting files from elsewhere. */
  FETCH("seal/v0/fetch"),
  /** Recovering client data. */
  UNSEAL("seal/v0/unseal");

  private final String wireName;

  TaskType(String wireName) {
    this.wireName = wireName;
  }

  /** Such as {@code seal/v0/precommit/1}. */
  public String wireName() {
    return wireName;
  }

  /** The task of this name, if it is one of these. */
  public static Optional<TaskType> ofWireName(String name) {
    for (TaskType each : values()) {
      if (each.wireName.equals(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Whether a job of the node's own pool does this. */
  boolean isPartOf(WorkPool.Task task) {
    return switch (this) {
      case DATA_CID -> false;
      case ADD_PIECE -> task == WorkPool.Task.ADD_PIECE;
      case PRE_COMMIT_1 -> task == WorkPool.Task.PRE_COMMIT_1;
      case PRE_COMMIT_2 -> task == WorkPool.Task.PRE_COMMIT_2;
      case COMMIT_1, COMMIT_2 -> task == WorkPool.Task.COMMIT;
      case FINALIZE -> task == WorkPool.Task.FINALIZE;
      case UNSEAL -> task == WorkPool.Task.UNSEAL;
      case FETCH ->
          task == WorkPool.Task.PRE_COMMIT_1
              || task == WorkPool.Task.PRE_COMMIT_2
              || task == WorkPool.Task.UNSEAL;
    };
  }

  @Override
  public String toString() {
    return wireName;
  }
}
