package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.rpc.token.CallAudit;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.TokenApi;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Who may do what. */
class AuthorisationTest {

  private static final String ECHO = "{\"id\":1,\"method\":\"Probe.Echo\",\"params\":[1]}";
  private static final String GOVERN =
      "{\"id\":1,\"method\":\"Probe.Govern\",\"params\":[[\"a\"],null]}";

  private static String bearer(String token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  private static String sign(String header, String payload, byte[] secret) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String signed =
        base64.encodeToString(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + base64.encodeToString(payload.getBytes(StandardCharsets.UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64.encodeToString(signature);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] secret() {
    byte[] secret = new byte[32];
    java.util.Arrays.fill(secret, (byte) 7);
    return secret;
  }

  @Test
  void callWithoutToken_mayNothing_unlessReadsAreOpen() throws IOException {
    try (TestServer server = TestServer.start(builder -> builder)) {
      TestServer.Answer answer = server.post(ECHO);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo(
              "{\"error\":{\"code\":1,\"message\":\"missing permission to invoke 'Echo' (need"
                  + " 'read')\"},\"id\":1,\"jsonrpc\":\"2.0\"}\n");
      assertThat(server.post(ECHO, bearer(server.token("read"))).body()).contains("result");
    }
    try (TestServer server = TestServer.start(builder -> builder.anonymousRead(true))) {
      assertThat(server.post(ECHO).body()).contains("result");
      assertThat(server.post(GOVERN).body()).contains("need 'admin'");
      // A token that allows nothing is less than no token.
      assertThat(server.post(ECHO, bearer(server.token())).body()).contains("need 'read'");
    }
  }

  @Test
  void tokens_thatAreNotOurs_areRefused() throws IOException {
    byte[] other = secret();
    other[0]++;
    String hs256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    String admin = "{\"Allow\":[\"read\",\"admin\"]}";
    String good = sign(hs256, admin, secret());
    String cut = good.substring(0, good.length() - 2);
    try (TestServer server = TestServer.start(builder -> builder.anonymousRead(true))) {
      assertThat(server.post(GOVERN, bearer(good)).body()).contains("result");
      for (String bad :
          new String[] {
            sign(hs256, admin, other),
            sign("{\"alg\":\"none\"}", admin, secret()),
            sign("{\"alg\":\"HS512\"}", admin, secret()),
            sign(hs256, "[]", secret()),
            sign(hs256, "{\"Allow\":5}", secret()),
            sign(hs256, "{\"Allow\":[5]}", secret()),
            good + ".x",
            cut,
            "..",
            "",
            "x".repeat(5000)
          }) {
        TestServer.Answer answer = server.post(ECHO, bearer(bad));
        assertThat(answer.status()).as(bad).isEqualTo(401);
        assertThat(answer.body()).as(bad).isEmpty();
      }
      assertThat(server.post(ECHO, "Authorization: Basic abc\r\n").status()).isEqualTo(401);
      assertThat(server.post(ECHO, "Authorization: bearer " + good + "\r\n").status())
          .isEqualTo(401);
    }
  }

  @Test
  void expiredToken_isRefused() throws IOException {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    try (TestServer server = TestServer.start(InstantSource.fixed(now), builder -> builder)) {
      String fresh = server.tokens.create(List.of("read"), Optional.of(now.plusSeconds(1)));
      String stale = server.tokens.create(List.of("read"), Optional.of(now));
      assertThat(server.post(ECHO, bearer(fresh)).body()).contains("result");
      assertThat(server.post(ECHO, bearer(stale)).status()).isEqualTo(401);
    }
  }

  @Test
  void revokedToken_isRefused() {
    String token = Tokens.of(secret()).create(Permission.ADMIN);
    String hash = Tokens.sha256(token);
    Tokens strict = new Tokens(secret(), InstantSource.system(), hash::equals);
    assertThatThrownBy(() -> strict.verify(token))
        .isInstanceOf(Tokens.Rejected.class)
        .hasMessage("token was revoked");
  }

  @Test
  void tokenInAnotherText_thatReadsAlike_isRefused() {
    Tokens tokens = Tokens.of(secret());
    String token = tokens.create(Permission.ADMIN);
    String cut = token.substring(0, token.length() - 1);
    // 32 bytes fill 42 characters and two thirds of the 43rd: four endings read alike.
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = letters.indexOf(token.charAt(token.length() - 1));
    List<String> alike = new ArrayList<>();
    for (int bits = 1; bits < 4; bits++) {
      alike.add(cut + letters.charAt(last ^ bits));
    }
    alike.addAll(
        List.of(
            " " + token, token + " ", token + "=", token + "!", cut + "\n" + letters.charAt(last)));
    assertThat(alike)
        .allSatisfy(text ->
            assertThatThrownBy(() -> tokens.verify(text)).isInstanceOf(Tokens.Rejected.class));
  }

  @Test
  void shortSecret_isRefused() {
    assertThatThrownBy(() -> Tokens.of(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31 bytes");
  }

  @Test
  void header_winsOverTheQuery() throws IOException {
    try (TestServer server = TestServer.start(builder -> builder)) {
      String line = "POST /rpc/v0?token=" + server.token("read", "admin") + " HTTP/1.1\r\n";
      String rest = "Host: x\r\nConnection: close\r\nContent-Length: " + GOVERN.length() + "\r\n";
      TestServer.Answer byQuery =
          server.raw((line + rest + "\r\n" + GOVERN).getBytes(StandardCharsets.US_ASCII));
      assertThat(byQuery.body()).contains("result");
      String header = bearer(server.token("read"));
      TestServer.Answer byHeader =
          server.raw((line + rest + header + "\r\n" + GOVERN).getBytes(StandardCharsets.US_ASCII));
      assertThat(byHeader.body()).contains("need 'admin'");
    }
  }

  @Test
  void adminCalls_areAudited_allowedOrNot() throws IOException {
    List<String> seen = new ArrayList<>();
    CallAudit audit =
        new CallAudit() {
          @Override
          public Running begin(Call call) {
            return (outcome, _) -> seen.add(call.method() + " " + call.params() + " " + outcome);
          }

          @Override
          public void refused(Call call, String why) {
            seen.add(call.method() + " refused: " + why + call.caller().permissions());
          }
        };
    try (TestServer server = TestServer.start(builder -> builder.audit(audit))) {
      server.post(GOVERN, bearer(server.token("admin")));
      server.post(GOVERN);
      server.post(ECHO, bearer(server.token("read")));
    }
    assertThat(seen)
        .containsExactly(
            "Probe.Govern [[\"a\"],null] ",
            "Probe.Govern refused: missing permission to invoke 'Govern' (need 'admin')[]");
  }

  @Test
  void authNew_withNull_makesATokenThatAllowsNothing() throws Exception {
    Tokens tokens = Tokens.of(secret());
    String token = new String(new TokenApi(tokens).authNew(null), StandardCharsets.US_ASCII);
    assertThat(tokens.verify(token)).isNull();
    assertThat(token)
        .isEqualTo(sign("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{\"Allow\":null}", secret()));
  }
}
