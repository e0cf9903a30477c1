package io.selkie.rpc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
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
  static final int MAX_TOKEN = 8192;

  private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private final byte[] secret;
  private final InstantSource clock;
  private final Predicate<String> revoked;
  private final JsonReader json = new JsonReader(MAX_TOKEN);

  /**
   * @param secret at least 32 bytes
   * @param clock judges expiry
   * @param revoked asked with the SHA-256 of a token's text, lower-case hex
   * @throws IllegalArgumentException if the secret is too short
   */
  public Tokens(byte[] secret, InstantSource clock, Predicate<String> revoked) {
    if (secret.length < SECRET_BYTES) {
      throw new IllegalArgumentException(
          "token secret of " + secret.length + " bytes, at least " + SECRET_BYTES + " needed");
    }
    this.secret = secret.clone();
    this.clock = clock;
    this.revoked = revoked;
  }

  /** A judge without expiry by another clock than the system's, and without revocation. */
  public static Tokens of(byte[] secret) {
    return new Tokens(secret, InstantSource.system(), _ -> false);
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
    StringBuilder payload = new StringBuilder("{\"Allow\":");
    if (allow == null) {
      payload.append("null");
    } else {
      GoJson.value(
          payload, new JsonValue.Arr(allow.stream().<JsonValue>map(JsonValue::text).toList()));
    }
    expiry.ifPresent(end -> payload.append(",\"exp\":").append(end.getEpochSecond()));
    payload.append('}');
    try {
      JWSObject token =
          new JWSObject(JWSHeader.parse(Base64URL.encode(HEADER)), new Payload(payload.toString()));
      token.sign(new MACSigner(secret));
      return token.serialize();
    } catch (ParseException | JOSEException e) {
      throw new IllegalStateException("token cannot be signed", e);
    }
  }

  /** A new token that never ends, for the permissions up to and including {@code last}. */
  public String create(Permission last) {
    return create(Permission.namesUpTo(last), Optional.empty());
  }

  /**
   * What a token allows.
   *
   * @return the names in it; null if it has no list at all
   * @throws Rejected if it is malformed, not signed with this secret, over, or revoked
   */
  public @Nullable List<String> verify(String token) throws Rejected {
    if (token.length() > MAX_TOKEN || token.chars().filter(c -> c == '.').count() != 2) {
      throw new Rejected("jwt: malformed token");
    }
    JWSObject parsed = parse(token);
    checkSignature(parsed);
    if (revoked.test(sha256(token))) {
      throw new Rejected("token was revoked");
    }
    JsonReader.Outcome payload = json.read(parsed.getPayload().toString());
    if (!(payload instanceof JsonReader.Outcome.Value(JsonValue.Obj claims))) {
      throw new Rejected("invalid character in payload");
    }
    checkExpiry(claims);
    return allow(claims);
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

  private void checkExpiry(JsonValue.Obj claims) throws Rejected {
    Optional<JsonValue> exp = claims.get("exp");
    if (exp.isEmpty() || exp.get() instanceof JsonValue.Null) {
      return;
    }
    if (!(exp.get() instanceof JsonValue.Num(String literal))) {
      throw new Rejected("token has an exp that is no number");
    }
    if (Double.parseDouble(literal) <= clock.instant().getEpochSecond()) {
      throw new Rejected("token expired at " + literal);
    }
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
