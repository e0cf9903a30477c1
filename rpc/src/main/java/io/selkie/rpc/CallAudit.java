package io.selkie.rpc;

import java.io.IOException;
import java.util.List;

/** Is told of every call that needs more than the read permission. Thread-safe. */
public interface CallAudit {

  /** Remembers nothing. */
  CallAudit NONE =
      new CallAudit() {
        @Override
        public Running begin(Call call) {
          return _ -> {};
        }

        @Override
        public void refused(Call call, String why) {
          // Nobody asks.
        }
      };

  /**
   * A call.
   *
   * @param caller who calls
   * @param method the wire name with namespace
   * @param params the arguments as JSON, cut, without anything that opens a door
   * @param sectors numbers of the first sectors among the arguments
   */
  record Call(Caller caller, String method, String params, List<Long> sectors) {}

  /** A call that was let in. */
  @FunctionalInterface
  interface Running {

    /**
     * It has ended.
     *
     * @param outcome empty if it succeeded, else the error's text
     */
    void ended(String outcome);
  }

  /**
   * A call is about to run.
   *
   * @throws IOException if that cannot be recorded; then it does not run
   */
  Running begin(Call call) throws IOException;

  /** A call was not let in. */
  void refused(Call call, String why);
}
