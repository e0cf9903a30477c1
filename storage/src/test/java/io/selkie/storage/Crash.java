package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

/** Stops work after a step, as a killed process would: nothing that follows runs on the disk. */
final class Crash {

  /** Work that reports its steps to a crash point. */
  @FunctionalInterface
  interface Steps {
    void run(CrashPoint crash) throws Exception;
  }

  /** Passes through handlers of exceptions, so that none of them tidies up. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String step) {
      super(step);
    }
  }

  private Crash() {}

  static List<String> stepsOf(Steps work) throws Exception {
    List<String> steps = new ArrayList<>();
    work.run(steps::add);
    return List.copyOf(steps);
  }

  /** Runs until that many steps are done and the next one is. */
  static void stopAt(int step, Steps work) {
    int[] seen = {0};
    assertThatThrownBy(() ->
            work.run(name -> {
              if (seen[0]++ == step) {
                throw new Killed(name);
              }
            }))
        .isInstanceOf(Killed.class);
  }
}
