package io.selkie.pipeline;

/** Work on a sector's files that could not be done, for a reason that is expected in operation. */
public final class SealFault extends Exception {

  private static final long serialVersionUID = 1;

  /** What kind of trouble, so that a handler can choose the event. */
  public enum Kind {
    /** No path has room; worth trying again later. */
    NO_SPACE,
    /** A file that should be there is not. */
    MISSING_FILE,
    /** A file is there but its content is not what was written. */
    DAMAGED_FILE,
    /** The request itself is wrong: a size, an offset, a commitment that does not fit. */
    BAD_REQUEST,
    /**
     * A path is away or not readable now; what lies on it is not lost. Worth trying again later.
     */
    UNREACHABLE,
    /** The disk failed. */
    IO,
    /** The work was cancelled. */
    CANCELLED
  }

  private final Kind kind;

  /**
   * A fault of this kind.
   *
   * @param kind for the handler
   * @param message for the operator: names the thing, the value, the limit and the place
   */
  public SealFault(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** As {@link #SealFault(Kind, String)}, with what was caught. */
  public SealFault(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of trouble. */
  public Kind kind() {
    return kind;
  }
}
