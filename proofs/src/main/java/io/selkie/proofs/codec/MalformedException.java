package io.selkie.proofs.codec;

/** Bytes are not the structure they were read as. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was expected, what was found, at which byte
   */
  public MalformedException(String message) {
    super(message);
  }
}
