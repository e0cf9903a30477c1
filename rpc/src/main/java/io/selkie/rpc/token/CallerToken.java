package io.selkie.rpc.token;

/** The token a caller came with, as far as others may know it. */
public final class CallerToken {

  private final TokenGrant grant;

  public CallerToken(TokenGrant grant) {
    this.grant = grant;
  }

  public TokenGrant grant() {
    return grant;
  }

  /** Its identifier, and its name if it has one: who called, for the audit record. */
  public String who() {
    return grant.name().isEmpty() ? grant.id() : grant.id() + " " + grant.name();
  }

  @Override
  public String toString() {
    return who();
  }
}
