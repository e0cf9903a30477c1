package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.abi.Fuzzer;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireReader;
import io.selkie.rpc.json.WireType;
import io.selkie.rpc.json.WireTypes;
import io.selkie.rpc.json.WireWriter;
import io.selkie.rpc.token.CallAudit;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.TokenApi;
import io.selkie.rpc.token.TokenGrant;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whole requests, changed: each is answered with a status of the protocol and with JSON, no method
 * crashes, and nothing takes memory beyond its limit. So are bit fields as JSON, and tokens.
 */
class EnvelopeFuzzTest {

  private static final int ROUNDS = 5_000;

  private static List<byte[]> corpus(String name) throws IOException {
    return Fuzzer.corpus(EnvelopeFuzzTest.class, name, false);
  }

  private static RpcOverHttp server() {
    WireTypes types = new WireTypes();
    ApiTable table = new ApiTable(types);
    Tokens tokens = Tokens.of(new byte[32]);
    table.add(ProbeApi.class, new ProbeApi.Probe());
    table.add(AuthApi.class, new TokenApi(tokens));
    ServerLimits limits = TestServer.SMALL;
    ServerLimits.Requests requests = limits.requests();
    Dispatcher dispatcher =
        new Dispatcher(
            table,
            new WireWriter(Address.Network.TESTNET, types),
            new StreamArguments(
                new PushStreams(PushStreams.MAX_STREAMS, Duration.ofMillis(1)), _ -> false),
            new Dispatcher.Watchers(
                new CallGate(tokens, Optional.empty()),
                CallAudit.NONE,
                (_, _, _) -> {},
                new RunningCalls(Duration.ofSeconds(30), System::nanoTime)));
    return new RpcOverHttp(
        dispatcher, new JsonReader(requests.bodyBytes(), requests.values()), limits);
  }

  @Test
  void changedRequest_isAnsweredInTheProtocolsWords() throws Exception {
    RpcOverHttp server = server();
    Caller caller = new Caller(Set.of("read", "write", "sign", "admin"), "fuzz");
    new Fuzzer(corpus("envelopes.txt"), ROUNDS)
        .run(input -> {
          Reply reply = server.answer(input, caller, () -> false);
          assertThat(reply.status()).isIn(200, 400, 404, 500);
          if (reply.body() != null && !reply.body().isEmpty()) {
            assertThat(JsonValue.parse(reply.body())).isPresent();
            assertThat(reply.body()).doesNotContain("panic in rpc method");
          }
        });
  }

  @Test
  void changedBitField_isRefusedOrWrittenAgain() throws Exception {
    WireReader reader = new WireReader();
    WireType bits = new WireType.Bits("bitfield.BitField");
    new Fuzzer(corpus("bitfields.txt"), ROUNDS)
        .run(input -> {
          Optional<JsonValue> json = JsonValue.parse(new String(input, StandardCharsets.UTF_8));
          if (json.isEmpty()) {
            return;
          }
          try {
            BitField field = (BitField) Objects.requireNonNull(reader.read(bits, json.get()));
            assertThat(BitField.ofRunLengths(field.toRunLengths())).isEqualTo(field);
            assertThat(field.size()).isNotNegative();
          } catch (WireReader.Mismatch refused) {
            assertThat(refused.getMessage()).isNotBlank();
          }
        });
  }

  /** Anybody may present one: whatever it is, it is refused, or signed by us as it stands. */
  @Test
  void changedToken_isRefused_unlessItSaysTheSame() {
    Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);
    String good = tokens.create(List.of("read"), Optional.empty());
    List<byte[]> corpus =
        List.of(
            good.getBytes(StandardCharsets.US_ASCII),
            tokens.create(Permission.ADMIN).getBytes(StandardCharsets.US_ASCII),
            // {"alg":"none"} and {"alg":"HS512"}
            ("eyJhbGciOiJub25lIn0" + good.substring(good.indexOf('.')))
                .getBytes(StandardCharsets.US_ASCII),
            ("eyJhbGciOiJIUzUxMiJ9" + good.substring(good.indexOf('.')))
                .getBytes(StandardCharsets.US_ASCII),
            "..".getBytes(StandardCharsets.US_ASCII));
    List<String> signed =
        List.of(
            good.substring(0, good.lastIndexOf('.')),
            new String(corpus.get(1), StandardCharsets.US_ASCII)
                .substring(0, tokens.create(Permission.ADMIN).lastIndexOf('.')));
    int[] accepted = {0};
    new Fuzzer(corpus, ROUNDS)
        .run(input -> {
          String token = new String(input, StandardCharsets.ISO_8859_1);
          try {
            TokenGrant grant = tokens.grant(token);
            assertThat(signed).contains(token.substring(0, token.lastIndexOf('.')));
            assertThat(grant.allow()).isNotEmpty();
            accepted[0]++;
          } catch (Tokens.Rejected refused) {
            assertThat(refused.getMessage()).isNotBlank();
          }
        });
    assertThat(accepted[0]).isPositive();
  }
}
