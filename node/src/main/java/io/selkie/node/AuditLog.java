package io.selkie.node;

import io.selkie.rpc.CallAudit;
import io.selkie.rpc.Caller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log line per admin call: who, what, how it ended. Arguments are cut; tokens are never among
 * them.
 */
final class AuditLog implements CallAudit {

  private static final Logger LOG = LoggerFactory.getLogger("audit");

  private static final int MAX_PARAMS = 500;

  @Override
  public void adminCall(Caller caller, String method, String params, String outcome) {
    String shown = params.length() <= MAX_PARAMS ? params : params.substring(0, MAX_PARAMS) + "…";
    LOG.info(
        "{} {} {} {}",
        caller.remote(),
        method,
        shown,
        outcome.isEmpty() ? "done" : "failed: " + outcome);
  }
}
