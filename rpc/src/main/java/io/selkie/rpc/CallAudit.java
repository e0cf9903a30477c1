package io.selkie.rpc;

/** Is told of every call that needs the admin permission, allowed or not. */
@FunctionalInterface
public interface CallAudit {

  /**
   * A call has ended.
   *
   * @param caller who called
   * @param method the wire name with namespace
   * @param params the arguments as JSON; tokens and streams are not in it
   * @param outcome empty if it succeeded, else the error's text
   */
  void adminCall(Caller caller, String method, String params, String outcome);
}
