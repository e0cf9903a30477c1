package io.selkie.node.workers;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What an operator wants of workers.
 *
 * @param reach where workers may be
 * @param local what the node does itself; the tasks that need files where they are it always does
 */
public record WorkerRules(Reach reach, Set<TaskType> local) {

  /** Which addresses the node calls when it is asked to take a worker on. */
  public enum Reach {
    /** None: there are no workers. */
    NONE,
    /** This machine's own. */
    LOOPBACK,
    /** All of them. */
    ANY;

    /**
     * As the configuration writes it.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Reach ofText(String text) {
      for (Reach each : values()) {
        if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
          return each;
        }
      }
      throw new IllegalArgumentException("'" + text + "' is none of none, loopback, any");
    }
  }

  /** The reference's switches of what the node does itself; proofs and moves it always may. */
  public static final Map<String, Set<TaskType>> SWITCHES =
      Map.of(
          "AllowAddPiece",
          Set.of(TaskType.ADD_PIECE),
          "AllowPreCommit1",
          Set.of(TaskType.PRE_COMMIT_1),
          "AllowPreCommit2",
          Set.of(TaskType.PRE_COMMIT_2),
          "AllowCommit",
          Set.of(TaskType.COMMIT_2),
          "AllowUnseal",
          Set.of(TaskType.UNSEAL));

  /** Workers on this machine; the node does all there is to do. */
  public static final WorkerRules DEFAULT =
      new WorkerRules(Reach.LOOPBACK, Set.of(TaskType.values()));

  /** Copies the set. */
  public WorkerRules {
    local = Set.copyOf(local);
  }
}
