package io.selkie.rpc.token;

/** What is remembered of tokens beyond what they carry themselves. Thread-safe. */
interface TokenLedger {

  /**
   * Whether a token was taken back.
   *
   * @param hash the SHA-256 of its text, lower-case hex
   */
  boolean revoked(String hash);

  /** A token was presented and accepted. */
  void seen(TokenGrant grant);
}
