package io.selkie.rpc.server;

/** Told of every call of a method that is served, once it has been answered. */
@FunctionalInterface
public interface CallWatch {

  /** How a call ended. */
  enum Outcome {
    /** With a result. */
    DONE,
    /** With an error of the method, a missing permission among them. */
    FAILED,
    /** Before it ran: its arguments are not what the method takes. */
    REFUSED,
    /** With a bug. */
    CRASHED
  }

  /**
   * A call was answered.
   *
   * @param method the wire name, one of those that are served
   * @param nanos from the request's decoding to the answer's text
   */
  void answered(String method, Outcome outcome, long nanos);
}
