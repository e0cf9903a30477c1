package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.token.CallAudit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The recorded call that the present thread is at work on: whoever answers it can say what it
 * changed, for the audit record, and find out who calls. Thread-safe.
 */
public final class CurrentCall {

  /** Changes of one call that are recorded. */
  static final int MAX_CHANGES = 64;

  private static final ScopedValue<CurrentCall> CURRENT = ScopedValue.newInstance();

  private final Caller caller;
  private final List<CallAudit.Change> changes = new ArrayList<>();

  CurrentCall(Caller caller) {
    this.caller = caller;
  }

  /** Does the work of this call. */
  <T> T run(ScopedValue.CallableOp<T, RpcFault> work) throws RpcFault {
    return ScopedValue.where(CURRENT, this).call(work);
  }

  /** What was changed so far. */
  synchronized List<CallAudit.Change> changes() {
    return List.copyOf(changes);
  }

  private synchronized void add(CallAudit.Change change) {
    if (changes.size() < MAX_CHANGES) {
      changes.add(change);
    }
  }

  /** Who calls; empty where nobody does. */
  public static Optional<Caller> caller() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get().caller) : Optional.empty();
  }

  /**
   * The call at work has changed something. Without one nobody records it.
   *
   * @param what such as {@code log level of io.selkie}; never a secret, as the other two
   * @param before what it was; empty for nothing
   * @param after what it is; empty for nothing
   */
  public static void changed(String what, String before, String after) {
    if (CURRENT.isBound()) {
      CURRENT.get().add(new CallAudit.Change(what, before, after));
    }
  }
}
