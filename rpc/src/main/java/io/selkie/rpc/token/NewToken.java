package io.selkie.rpc.token;

import io.selkie.rpc.json.Wire;

/**
 * A token that was just made: the only time that its text is told.
 *
 * @param token its text
 * @param entry what the list holds of it
 */
@Wire(type = "selkie.NewToken")
public record NewToken(String token, TokenEntry entry) {

  /** Without the token's text, so that no log shows it. */
  @Override
  public String toString() {
    return "NewToken[" + entry.id() + "]";
  }
}
