package io.selkie.rpc.token;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.TokenListApi;
import io.selkie.rpc.server.Caller;
import io.selkie.rpc.server.CurrentCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@link AuthApi} from one secret, and {@link TokenListApi} where there is a list. */
public final class TokenApi implements AuthApi, TokenListApi {

  /** A token's name, characters. */
  static final int MAX_NAME = 100;

  /** Bytes of an identifier: two among ten thousand meet once in 10^11 lists. */
  private static final int ID_BYTES = 8;

  private static final Permission LAST = Permission.ADMIN;

  private static final Logger LOG = LoggerFactory.getLogger(TokenApi.class);

  private final Tokens tokens;
  private final Optional<Listed> listed;

  /**
   * What keeping a list takes.
   *
   * @param files holds the operator's own token
   * @param random draws identifiers
   */
  private record Listed(
      TokenBook book, RepoFiles files, InstantSource clock, RandomGenerator random) {}

  /**
   * Without a list.
   *
   * @param tokens makes and judges them
   */
  public TokenApi(Tokens tokens) {
    this.tokens = tokens;
    this.listed = Optional.empty();
  }

  /**
   * @param tokens makes and judges them
   * @param book lists them
   * @param files holds the operator's own token
   * @param random draws identifiers
   */
  public TokenApi(
      Tokens tokens, TokenBook book, RepoFiles files, InstantSource clock, RandomGenerator random) {
    this.tokens = tokens;
    this.listed = Optional.of(new Listed(book, files, clock, random));
  }

  @Override
  public byte[] authNew(@Nullable List<String> permissions) throws RpcFault {
    String token = tokens.create(permissions, Optional.empty());
    if (listed.isPresent()) {
      // The same permissions give the same text. Where that was revoked another one is needed; and
      // where it is somebody else's, so that it ends with the one who made it.
      String hash = Tokens.sha256(token);
      if (listed.get().book().revoked(hash) || isOfAnother(hash)) {
        token = tokens.create(permissions, Optional.empty(), id(), "", TokenScope.ALL);
      }
      var _ = list(token);
    }
    return token.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public @Nullable List<String> authVerify(String token) throws RpcFault {
    try {
      return tokens.verify(token);
    } catch (Tokens.Rejected e) {
      throw new RpcFault("JWT Verification failed: " + e.getMessage());
    }
  }

  @Override
  public @Nullable List<String> storageAuthVerify(String token) throws RpcFault {
    return authVerify(token);
  }

  @Override
  public NewToken tokenNew(TokenRequest request) throws RpcFault {
    Listed at = listed();
    if (request.name().length() > MAX_NAME || !request.name().equals(request.name().strip())) {
      throw new RpcFault(
          "token name of "
              + request.name().length()
              + " characters, maximum "
              + MAX_NAME
              + " allowed, without blanks around it");
    }
    for (String permission : request.allow()) {
      if (Permission.ofWireName(permission).isEmpty()) {
        throw new RpcFault(
            "no permission '" + permission + "'; there are " + Permission.namesUpTo(LAST));
      }
    }
    if (request.allow().isEmpty()) {
      throw new RpcFault(
          "a token without a permission may nothing; name one of " + Permission.namesUpTo(LAST));
    }
    if (request.expiresIn().isNegative()) {
      throw new RpcFault("a token cannot end before it begins: " + request.expiresIn());
    }
    Optional<Instant> expiry =
        request.expiresIn().isZero()
            ? Optional.empty()
            : Optional.of(at.clock().instant().plus(request.expiresIn()));
    String token;
    try {
      TokenScope scope = TokenScope.of(request.methods(), request.miner(), request.sectors());
      token = tokens.create(request.allow(), expiry, id(), request.name(), scope);
    } catch (IllegalArgumentException e) {
      throw new RpcFault(String.valueOf(e.getMessage()));
    }
    if (token.length() > Tokens.MAX_TOKEN) {
      throw new RpcFault(
          "token of " + token.length() + " characters, maximum " + Tokens.MAX_TOKEN + " allowed");
    }
    return new NewToken(token, list(token));
  }

  @Override
  public List<TokenEntry> tokenList() throws RpcFault {
    return listed().book().list();
  }

  @Override
  public List<TokenEntry> tokenRevoke(String token, boolean only) throws RpcFault {
    Listed at = listed();
    try {
      List<TokenEntry> revoked = at.book().revoke(token, only);
      if (revoked.isEmpty()) {
        throw new RpcFault(
            "no token '"
                + (token.length() > MAX_NAME ? "…" : token)
                + "' in the list; one that is not in it is revoked by the whole SHA-256"
                + " of its text");
      }
      renewOperatorToken();
      for (TokenEntry each : revoked) {
        CurrentCall.changed("token " + each.called(), "good", "revoked at " + each.revoked());
        LOG.info("token {} was revoked", each.id());
      }
      return revoked;
    } catch (IOException e) {
      throw new RpcFault("revoking a token: it cannot be recorded: " + e.getMessage());
    }
  }

  /** The hash of the caller's token; nothing where there is none. */
  private static String maker() {
    return CurrentCall.caller().flatMap(Caller::token).map(each -> each.grant().hash()).orElse("");
  }

  /** Whether a token of this hash is there already, and not made by the caller. */
  private boolean isOfAnother(String hash) throws RpcFault {
    Listed at = listed();
    String maker = maker();
    try {
      return !maker.isEmpty()
          && (at.book().isOfAnother(hash, maker)
              || at.files().operatorToken().map(Tokens::sha256).filter(hash::equals).isPresent());
    } catch (IOException e) {
      throw new RpcFault("making a token: the operator's cannot be read: " + e.getMessage());
    }
  }

  /**
   * Writes another operator's token where the present one was revoked: without one nobody could
   * make tokens any more.
   */
  public void renewOperatorToken() throws IOException {
    if (listed.isEmpty()) {
      return;
    }
    Listed at = listed.get();
    Optional<String> present = at.files().operatorToken();
    if (present.isPresent() && at.book().revoked(Tokens.sha256(present.get()))) {
      String fresh =
          tokens.create(
              Permission.namesUpTo(LAST), Optional.empty(), id(), "operator", TokenScope.ALL);
      at.files().replaceOperatorToken(fresh);
      LOG.info("the operator's token was revoked; the repository holds another one");
    }
  }

  private Listed listed() throws RpcFault {
    return listed.orElseThrow(() -> new RpcFault("this node keeps no list of tokens"));
  }

  private String id() {
    byte[] id = new byte[ID_BYTES];
    listed.orElseThrow().random().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private TokenEntry list(String token) throws RpcFault {
    try {
      TokenEntry made = listed().book().add(tokens.grant(token), maker());
      CurrentCall.changed("token " + made.called(), "", "made");
      return made;
    } catch (Tokens.Rejected e) {
      throw new RpcFault("the token would not be accepted: " + e.getMessage());
    } catch (IOException e) {
      throw new RpcFault("making a token: it cannot be listed: " + e.getMessage());
    }
  }
}
