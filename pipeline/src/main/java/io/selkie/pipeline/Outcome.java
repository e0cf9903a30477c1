package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a state's handler ends with. Waiting holds no thread. */
sealed interface Outcome {

  /**
   * Something happened.
   *
   * @param event what
   * @param applied run once the event is durable and applied, before the next handler starts; it
   *     runs under the sector's lock and must be quick
   */
  record Emit(SectorEvent event, Runnable applied) implements Outcome {}

  /**
   * Nothing to do before then: the handler runs again at {@code at}, or when the chain reaches
   * {@code epoch}, whichever comes first.
   *
   * @param at the time; with an epoch, the latest time to look again
   * @param epoch the height waited for
   * @param reason for the operator
   */
  record WaitUntil(Instant at, Optional<ChainEpoch> epoch, String reason) implements Outcome {}

  /**
   * Only somebody from outside can help; the reason becomes the sector's last error.
   *
   * @param lookAgain after so long the handler runs again all the same, where the chain may change
   */
  record Park(String reason, Optional<Duration> lookAgain) implements Outcome {}

  /** All is well, and nothing is to be done until somebody asks for something. */
  record Rest() implements Outcome {}

  /**
   * It did not work this time, for a reason that a later try may not meet; the pause grows with
   * every such end in a row.
   *
   * @param reason for the operator
   * @param pauses how long, and how often; as for the chain if empty
   */
  record TryAgain(String reason, Optional<RetryPolicy> pauses) implements Outcome {
    TryAgain(String reason) {
      this(reason, Optional.empty());
    }
  }

  static Outcome emit(SectorEvent event) {
    return new Emit(event, () -> {});
  }

  static Outcome park(String reason) {
    return new Park(reason, Optional.empty());
  }

  static Outcome parkAndLook(String reason, Duration lookAgain) {
    return new Park(reason, Optional.of(lookAgain));
  }
}
