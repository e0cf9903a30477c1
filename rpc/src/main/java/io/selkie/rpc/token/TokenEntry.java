package io.selkie.rpc.token;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token in the list. The token itself is nowhere: only its hash is kept.
 *
 * @param id its identifier; the beginning of the hash where it has none of its own
 * @param hash the SHA-256 of its text, lower-case hex
 * @param name what it is called, or nothing
 * @param allow names of permissions
 * @param methods the only methods it may call; none for all
 * @param miner the only miner whose node takes it, or nothing
 * @param sectors the only sectors it may name, or nothing
 * @param created when it was made or first seen
 * @param expires when it ends
 * @param lastSeen the day it was last used, in UTC, such as {@code 2026-01-31}, or nothing
 * @param revoked when it was taken back
 * @param madeBy the hash of the token that made it, or nothing
 */
@Wire(type = "selkie.TokenEntry")
public record TokenEntry(
    @Wire(name = "ID") String id,
    String hash,
    String name,
    @Wire(type = "[]auth.Permission") List<String> allow,
    @Wire(type = "[]string") List<String> methods,
    String miner,
    String sectors,
    Instant created,
    @Nullable Instant expires,
    String lastSeen,
    @Nullable Instant revoked,
    String madeBy) {

  /** Its identifier, and its name if it has one. */
  String called() {
    return name.isEmpty() ? id : id + " " + name;
  }

  TokenEntry seenOn(String day) {
    return new TokenEntry(
        id, hash, name, allow, methods, miner, sectors, created, expires, day, revoked, madeBy);
  }

  /** Taken back; one that was before stays as it is. */
  TokenEntry revokedAt(Instant when) {
    return revoked != null
        ? this
        : new TokenEntry(
            id, hash, name, allow, methods, miner, sectors, created, expires, lastSeen, when,
            madeBy);
  }

  /**
   * A new one.
   *
   * @param madeBy the hash of the token that made it, or nothing
   */
  static TokenEntry of(TokenGrant grant, Instant created, String madeBy) {
    return new TokenEntry(
        grant.id(),
        grant.hash(),
        grant.name(),
        grant.allow() == null ? List.of() : grant.allow(),
        grant.scope().methods(),
        grant.scope().minerText(),
        grant.scope().sectors(),
        created,
        grant.expiry().orElse(null),
        "",
        null,
        madeBy);
  }

  /** A token of which only the hash is known. */
  static TokenEntry unknown(String hash, Instant when) {
    return new TokenEntry(
        hash.substring(0, TokenGrant.PREFIX),
        hash,
        "",
        List.of(),
        List.of(),
        "",
        "",
        when,
        null,
        "",
        when,
        "");
  }
}
