package io.selkie.pipeline.unseal;

/** Unsealing that is not even begun; the message says why. */
public final class UnsealRefused extends Exception {

  private static final long serialVersionUID = 1;

  UnsealRefused(String message) {
    super(message);
  }
}
