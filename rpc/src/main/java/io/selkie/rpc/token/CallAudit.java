package io.selkie.rpc.token;

import io.selkie.rpc.server.Caller;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** Is told of every call that needs more than the read permission. Thread-safe. */
public interface CallAudit {

  /** Remembers nothing. */
  CallAudit NONE =
      new CallAudit() {
        @Override
        public Running begin(Call call) {
          return (_, _) -> {};
        }

        @Override
        public void refused(Call call, String why) {
          // Nobody asks.
        }
      };

  /**
   * Something that a call touches, as it is at some time.
   *
   * @param what it is, without a colon followed by a blank
   * @param value cut, without anything that opens a door
   */
  record Value(String what, String value) {

    String text() {
      return what + ": " + value;
    }
  }

  /**
   * What a call changed.
   *
   * @param what it is
   * @param before what it was; empty for nothing
   * @param after what it is; empty for nothing
   */
  record Change(String what, String before, String after) {}

  /**
   * A call.
   *
   * @param caller who calls
   * @param method the wire name with namespace
   * @param params the arguments as JSON, cut, without anything that opens a door
   * @param sectors numbers of the first sectors among the arguments
   * @param touched what else the call touches, as it is when this is asked
   */
  record Call(
      Caller caller,
      String method,
      String params,
      List<Long> sectors,
      Supplier<List<Value>> touched) {

    /** A call that touches its sectors only. */
    public Call(Caller caller, String method, String params, List<Long> sectors) {
      this(caller, method, params, sectors, List::of);
    }
  }

  /** A call that was let in. */
  @FunctionalInterface
  interface Running {

    /**
     * It has ended.
     *
     * @param outcome empty if it succeeded, else the error's text
     * @param changes what it changed beyond what {@link Call#touched} tells
     */
    void ended(String outcome, List<Change> changes);

    /** It has ended, and what it touched tells everything. */
    default void ended(String outcome) {
      ended(outcome, List.of());
    }
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
