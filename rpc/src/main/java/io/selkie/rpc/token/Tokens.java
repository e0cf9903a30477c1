package io.selkie.rpc.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes and judges the API's tokens: JWTs signed with HMAC-SHA256, whose payload lists what they
 * {@code Allow}.
 *
 * <p>Two rules are stricter than the reference's: the header must name HS256, and an {@code exp}
 * (seconds since 1970) is honoured where a token has one. The comparison of signatures takes the
 * same time wherever they differ.
 */
public final class Tokens {

  /** The secret's length. Fewer bits than the hash has would weaken it. */
  public static final int SECRET_BYTES = 32;

  /** The longest token looked at, characters. */
  public static final int MAX_TOKEN = 8192;

  /** The claim that identifies a token (RFC 7519, section 4.1.7). */
  private static final String ID = "jti";

  /** The claim that holds name and scope. */
  private static final String OWN = "selkie";

  /** The year 9999, seconds: what is written with four digits. */
  private static final double MAX_EXPIRY_S = 253_402_300_799.0;

  private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private final byte[] secret;
  private final InstantSource clock;
  private final TokenLedger ledger;
  private final JsonReader json = new JsonReader(MAX_TOKEN);

  /**
   * @param secret at least 32 bytes
   * @param clock judges expiry
   * @param revoked asked with the SHA-256 of a token's text, lower-case hex
   * @throws IllegalArgumentException if the secret is too short
   */
  public Tokens(byte[] secret, InstantSource clock, Predicate<String> revoked) {
    this(secret, clock, new WithoutList(revoked));
  }

  /**
   * A judge with a list of tokens.
   *
   * @throws IllegalArgumentException if the secret is too short
   */
  public Tokens(byte[] secret, InstantSource clock, TokenBook book) {
    this(secret, clock, (TokenLedger) book);
  }

  private Tokens(byte[] secret, InstantSource clock, TokenLedger ledger) {
    if (secret.length < SECRET_BYTES) {
      throw new IllegalArgumentException(
          "token secret of " + secret.length + " bytes, at least " + SECRET_BYTES + " needed");
    }
    this.secret = secret.clone();
    this.clock = clock;
    this.ledger = ledger;
  }

  /** A judge without expiry by another clock than the system's, and without revocation. */
  public static Tokens of(byte[] secret) {
    return new Tokens(secret, InstantSource.system(), _ -> false);
  }

  private record WithoutList(Predicate<String> isRevoked) implements TokenLedger {
    @Override
    public boolean revoked(String hash) {
      return isRevoked.test(hash);
    }

    @Override
    public void seen(TokenGrant grant) {
      // Nobody asks for a list.
    }
  }

  /** A token is not accepted; the text is what the caller is told. */
  public static final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;

    Rejected(String message) {
      super(message);
    }
  }

  /**
   * A new token.
   *
   * @param allow names of permissions, not examined; null is kept as null
   * @param expiry when it ends; empty for never
   */
  public String create(@Nullable List<String> allow, Optional<Instant> expiry) {
    return create(allow, expiry, "", "", TokenScope.ALL);
  }

  /**
   * A new token with Selkie's own claims, which the reference passes over.
   *
   * @param id its identifier, or nothing
   * @param name what it is called, or nothing
   */
  String create(
      @Nullable List<String> allow,
      Optional<Instant> expiry,
      String id,
      String name,
      TokenScope scope) {
    JsonValue.Builder payload =
        JsonValue.object().put("Allow", allow == null ? JsonValue.Null.VALUE : texts(allow));
    expiry.ifPresent(end -> payload.put("exp", JsonValue.number(end.getEpochSecond())));
    if (!id.isEmpty()) {
      payload.put(ID, id);
    }
    if (!name.isEmpty() || !scope.isEmpty()) {
      JsonValue.Builder own = JsonValue.object().put("name", name);
      if (!scope.isEmpty()) {
        own.put("methods", texts(scope.methods()));
        own.put("miner", scope.minerText());
        own.put("sectors", scope.sectors());
      }
      payload.put(OWN, own.build());
    }
    try {
      JWSObject token =
          new JWSObject(
              JWSHeader.parse(Base64URL.encode(HEADER)), new Payload(payload.build().toJson()));
      token.sign(new MACSigner(secret));
      return token.serialize();
    } catch (ParseException | JOSEException e) {
      throw new IllegalStateException("token cannot be signed", e);
    }
  }

  private static JsonValue texts(List<String> texts) {
    return new JsonValue.Arr(texts.stream().<JsonValue>map(JsonValue::text).toList());
  }

  /** A new token that never ends, for the permissions up to and including {@code last}. */
  public String create(Permission last) {
    return create(Permission.namesUpTo(last), Optional.empty());
  }

  /**
   * A new token by which this node shows its workers who calls: to them it is an administrator's,
   * and here it allows nothing but to be verified.
   *
   * @param name what it is called
   */
  public String createForWorkers(String name) {
    return create(
        Permission.namesUpTo(Permission.ADMIN), Optional.empty(), "", name, TokenScope.OF_WORKERS);
  }

  /**
   * The scope that a token carries, for somebody without the secret who has had it verified.
   *
   * @throws Rejected if it carries none that can be read
   */
  public static TokenScope unverifiedScope(String token) throws Rejected {
    if (token.length() > MAX_TOKEN) {
      throw new Rejected("jwt: malformed token");
    }
    JsonReader.Outcome payload =
        new JsonReader(MAX_TOKEN).read(parse(token).getPayload().toString());
    if (!(payload instanceof JsonReader.Outcome.Value(JsonValue.Obj claims))) {
      throw new Rejected("invalid character in payload");
    }
    return claims.get(OWN).orElse(JsonValue.Null.VALUE) instanceof JsonValue.Obj own
        ? scope(own)
        : TokenScope.ALL;
  }

  /**
   * What a token allows.
   *
   * @return the names in it; null if it has no list at all
   * @throws Rejected if it is malformed, not signed with this secret, over, or revoked
   */
  public @Nullable List<String> verify(String token) throws Rejected {
    return grant(token).allow();
  }

  /** Accepts a token that is presented with a request. */
  public TokenGrant admit(String token) throws Rejected {
    TokenGrant grant = grant(token);
    ledger.seen(grant);
    return grant;
  }

  /**
   * Everything a token carries.
   *
   * @throws Rejected as {@link #verify}, and for claims of Selkie's own that cannot be read
   */
  public TokenGrant grant(String token) throws Rejected {
    if (token.length() > MAX_TOKEN || token.chars().filter(c -> c == '.').count() != 2) {
      throw new Rejected("jwt: malformed token");
    }
    JWSObject parsed = parse(token);
    checkSignature(parsed);
    checkText(token, parsed);
    String hash = sha256(token);
    JsonReader.Outcome payload = json.read(parsed.getPayload().toString());
    if (!(payload instanceof JsonReader.Outcome.Value(JsonValue.Obj claims))) {
      throw new Rejected("invalid character in payload");
    }
    String id = text(claims, ID);
    JsonValue.Obj own =
        claims.get(OWN).orElse(JsonValue.Null.VALUE) instanceof JsonValue.Obj given
            ? given
            : JsonValue.object().build();
    TokenGrant grant =
        new TokenGrant(
            hash,
            id.isEmpty() ? hash.substring(0, TokenGrant.PREFIX) : id,
            text(own, "name"),
            allow(claims),
            scope(own),
            expiry(claims));
    Optional<String> fault = standing(grant);
    if (fault.isPresent()) {
      throw new Rejected(fault.get());
    }
    return grant;
  }

  /** Why a token that was accepted once is good no more; empty if it still is. */
  public Optional<String> standing(TokenGrant grant) {
    if (ledger.revoked(grant.hash())) {
      return Optional.of("token was revoked");
    }
    return grant
        .expiry()
        .filter(end -> !end.isAfter(clock.instant()))
        .map(end -> "token expired at " + end);
  }

  /**
   * Why a token may not be made by the owner of another: it would be good for longer.
   *
   * @param life how long it would be good; zero for ever
   */
  public Optional<String> outlives(TokenGrant own, Duration life) {
    return own.expiry()
        .filter(end -> life.isZero() || life.compareTo(Duration.between(clock.instant(), end)) > 0)
        .map(end -> "a token that ends at " + end + " makes none that is good for longer");
  }

  private static TokenScope scope(JsonValue.Obj own) throws Rejected {
    List<String> methods = names(own.get("methods").orElse(JsonValue.Null.VALUE));
    try {
      return TokenScope.of(
          methods == null ? List.of() : methods, text(own, "miner"), text(own, "sectors"));
    } catch (IllegalArgumentException e) {
      throw new Rejected("token has a scope that cannot be read: " + e.getMessage());
    }
  }

  private static String text(JsonValue.Obj claims, String name) throws Rejected {
    return switch (claims.get(name).orElse(JsonValue.Null.VALUE)) {
      case JsonValue.Str(String value) -> value;
      case JsonValue.Null _ -> "";
      default -> throw new Rejected("token has a claim " + name + " that is no text");
    };
  }

  private static JWSObject parse(String token) throws Rejected {
    try {
      return JWSObject.parse(token);
    } catch (ParseException | IllegalArgumentException e) {
      throw new Rejected("jwt: malformed header: " + e.getMessage());
    }
  }

  private void checkSignature(JWSObject token) throws Rejected {
    try {
      JWSVerifier verifier = new MACVerifier(secret);
      if (token.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256) && token.verify(verifier)) {
        return;
      }
    } catch (JOSEException e) {
      throw new Rejected("jwt: HMAC verification failed: " + e.getMessage());
    }
    throw new Rejected("jwt: HMAC verification failed");
  }

  /**
   * One token has one text: it is taken back by the hash of that, and the parser passes over blanks
   * around a token, characters that are not base64, and the two bits that a signature leaves over.
   */
  private static void checkText(String token, JWSObject parsed) throws Rejected {
    Base64URL signature = Base64URL.encode(parsed.getSignature().decode());
    String only = new String(parsed.getSigningInput(), StandardCharsets.UTF_8) + "." + signature;
    if (!token.equals(only)) {
      throw new Rejected("jwt: malformed token");
    }
  }

  private static Optional<Instant> expiry(JsonValue.Obj claims) throws Rejected {
    JsonValue exp = claims.get("exp").orElse(JsonValue.Null.VALUE);
    if (exp instanceof JsonValue.Null) {
      return Optional.empty();
    }
    if (!(exp instanceof JsonValue.Num(String literal))) {
      throw new Rejected("token has an exp that is no number");
    }
    double seconds = Double.parseDouble(literal);
    // Beyond the last instant there is: as good as never, and below the first: over.
    long second = (long) Math.clamp(seconds, 0, MAX_EXPIRY_S);
    return Optional.of(Instant.ofEpochSecond(second));
  }

  private static @Nullable List<String> allow(JsonValue.Obj claims) throws Rejected {
    List<String> names = null;
    for (JsonValue.Member member : claims.members()) {
      if (member.name().equalsIgnoreCase("Allow")) {
        names = names(member.value());
      }
    }
    return names;
  }

  private static @Nullable List<String> names(JsonValue value) throws Rejected {
    return switch (value) {
      case JsonValue.Null _ -> null;
      case JsonValue.Arr(List<JsonValue> items) -> {
        List<String> names = new ArrayList<>();
        for (JsonValue item : items) {
          names.add(item instanceof JsonValue.Str(String name) ? name : notText(item));
        }
        yield names;
      }
      default -> throw new Rejected(unmarshal(value.kind(), "[]auth.Permission"));
    };
  }

  private static String notText(JsonValue item) throws Rejected {
    if (item instanceof JsonValue.Null) {
      return "";
    }
    throw new Rejected(unmarshal(item.kind(), "auth.Permission"));
  }

  private static String unmarshal(String found, String type) {
    return String.format(
        Locale.ROOT,
        "json: cannot unmarshal %s into Go struct field jwtPayload.Allow of type %s",
        found,
        type);
  }

  /** What {@code revoked} is asked with: a list of revoked tokens is no list of tokens. */
  public static String sha256(String token) {
    return HexFormat.of().formatHex(Sha256.of(token.getBytes(StandardCharsets.UTF_8)));
  }
}
