package io.selkie.rpc.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.TokenListApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.server.TestSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that may less, end, or were taken back. */
class TokenScopeTest {

  private static final List<String> ALL = Permission.namesUpTo(Permission.ADMIN);

  @TempDir private Path repo;
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");
  private RepoFiles files;
  private TokenBook book;
  private Tokens tokens;
  private TokenApi api;
  private JsonRpcServer server;

  /** What the scope is tried on. */
  @RpcNamespace("Probe")
  interface SectorProbe {
    @RpcMethod(Permission.READ)
    boolean look(@Wire(type = "abi.SectorNumber") long sector);

    @RpcMethod(Permission.READ)
    boolean lookAt(WireSectorId sector);

    @RpcMethod(Permission.READ)
    boolean lookAtAll();

    @RpcMethod(Permission.READ)
    java.util.concurrent.Flow.Publisher<Long> watch();
  }

  private static final class Probe implements SectorProbe {
    private final java.util.concurrent.SubmissionPublisher<Long> values =
        new java.util.concurrent.SubmissionPublisher<>();

    @Override
    public boolean look(long sector) {
      return true;
    }

    @Override
    public boolean lookAt(WireSectorId sector) {
      return true;
    }

    @Override
    public boolean lookAtAll() {
      return true;
    }

    @Override
    public java.util.concurrent.Flow.Publisher<Long> watch() {
      return values;
    }
  }

  private final Probe probe = new Probe();

  @BeforeEach
  void start() throws IOException {
    files = new RepoFiles(repo);
    byte[] secret = files.secret(new Random(1));
    book = TokenBook.open(files.tokenList(), () -> now);
    tokens = new Tokens(secret, () -> now, book);
    api = new TokenApi(tokens, book, files, () -> now, new Random(2));
    server =
        JsonRpcServer.builder(Address.Network.TESTNET, tokens)
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .miner(new ActorId(1000))
            .serve(SectorProbe.class, probe)
            .serve(AuthApi.class, api)
            .serve(TokenListApi.class, api)
            .start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    probe.values.close();
    book.close();
  }

  private String token(List<String> methods, String miner, String sectors) throws RpcFault {
    return api.tokenNew(new TokenRequest("tool", ALL, Duration.ZERO, methods, miner, sectors))
        .token();
  }

  private String call(String token, String method, Object... params) throws Exception {
    MinerEndpoint at = new MinerEndpoint(server.endpoint().base(), Optional.of(token));
    try (JsonRpcClient client = new JsonRpcClient(at)) {
      return client.call(method, params).toString();
    } catch (RpcFault e) {
      return e.text();
    }
  }

  @Test
  void scopeOfMethods_letsOnlyThoseThrough() throws Exception {
    String token = token(List.of("Probe.Look", "Filecoin.Sectors*"), "", "");
    assertThat(call(token, "Probe.Look", 7)).isEqualTo("true");
    assertThat(call(token, "Probe.LookAtAll"))
        .startsWith("not allowed to invoke 'LookAtAll': token ")
        .endsWith(" tool is limited to the methods Probe.Look, Filecoin.Sectors*");
    assertThat(call(token(List.of("Probe.*"), "", ""), "Probe.LookAtAll")).isEqualTo("true");
  }

  @Test
  void scopeOfSectors_holdsEverySectorAndWhatNamesNone() throws Exception {
    String token = token(List.of(), "", "5-9,20");
    assertThat(call(token, "Probe.Look", 9)).isEqualTo("true");
    assertThat(call(token, "Probe.LookAt", new WireSectorId(1000, 20))).isEqualTo("true");
    assertThat(call(token, "Probe.Look", 10))
        .contains("limited to the sectors 5-9,20, sector 10 is not among them");
    assertThat(call(token, "Probe.LookAt", new WireSectorId(1000, 21))).contains("sector 21");
    assertThat(call(token, "Probe.LookAtAll")).contains("this call names none");
    String both = token(List.of("Probe.LookAtAll", "Probe.*"), "", "5-9");
    assertThat(call(both, "Probe.LookAtAll")).isEqualTo("true");
    assertThat(call(both, "Probe.Look", -1)).contains("json: cannot unmarshal");
  }

  @Test
  void scopeOfMiner_holdsTheNodeAndTheArguments() throws Exception {
    assertThat(call(token(List.of(), "f01000", ""), "Probe.LookAtAll")).isEqualTo("true");
    assertThat(call(token(List.of(), "t01000", ""), "Probe.LookAt", new WireSectorId(1001, 1)))
        .contains("is for sectors of miner f01000 only");
    assertThat(call(token(List.of(), "t01001", ""), "Probe.LookAtAll"))
        .contains("is for miner f01001, this node is that of f01000");
  }

  @Test
  void narrowedToken_makesNoOther() throws Exception {
    String token = token(List.of("*"), "", "");
    assertThat(call(token, "Filecoin.AuthNew", List.of("admin")))
        .contains("a token with a scope neither makes tokens nor ends them");
  }

  @Test
  void tokenThatEnds_makesNoneThatOutlivesIt() throws Exception {
    String ending =
        api.tokenNew(new TokenRequest("", ALL, Duration.ofHours(1), List.of(), "", "")).token();
    String refusal =
        "not allowed to invoke '%s': a token that ends at 2026-01-31T13:00:00Z makes none that is"
            + " good for longer";
    assertThat(call(ending, "Filecoin.AuthNew", List.of("read")))
        .isEqualTo(refusal.formatted("AuthNew"));
    for (Duration life : List.of(Duration.ZERO, Duration.ofMinutes(61))) {
      assertThat(
              call(
                  ending,
                  "Selkie.TokenNew",
                  new TokenRequest("", List.of("read"), life, List.of(), "", "")))
          .isEqualTo(refusal.formatted("TokenNew"));
    }
    assertThat(
            call(
                ending,
                "Selkie.TokenNew",
                new TokenRequest("", ALL, Duration.ofHours(1), List.of(), "", "")))
        .contains("\"Token\"");
  }

  @Test
  void token_makesNoneThatAllowsMore() throws Exception {
    String narrow =
        api.tokenNew(
                new TokenRequest("", List.of("read", "admin"), Duration.ZERO, List.of(), "", ""))
            .token();
    assertThat(call(narrow, "Filecoin.AuthNew", List.of("read", "sign")))
        .isEqualTo(
            "not allowed to invoke 'AuthNew': a token without 'sign' makes none that allows it");
    assertThat(
            call(
                narrow,
                "Selkie.TokenNew",
                new TokenRequest("", List.of("write"), Duration.ZERO, List.of(), "", "")))
        .contains("a token without 'write' makes none that allows it");
    // What is no permission allows nothing, whoever makes it.
    assertThat(call(narrow, "Filecoin.AuthNew", List.of("read", "root"))).doesNotContain("allow");
  }

  @Test
  void scopes_thatCannotBeRead_areRefused() {
    for (TokenRequest bad :
        List.of(
            new TokenRequest("", ALL, Duration.ZERO, List.of("a b"), "", ""),
            new TokenRequest("", ALL, Duration.ZERO, List.of(""), "", ""),
            new TokenRequest("", ALL, Duration.ZERO, List.of(), "x", ""),
            new TokenRequest("", ALL, Duration.ZERO, List.of(), "", "9-5"),
            new TokenRequest("", ALL, Duration.ZERO, List.of(), "", "1,,2"),
            new TokenRequest("", List.of("root"), Duration.ZERO, List.of(), "", ""),
            new TokenRequest("", List.of(), Duration.ZERO, List.of(), "", ""),
            new TokenRequest("x".repeat(101), ALL, Duration.ZERO, List.of(), "", ""),
            new TokenRequest("", ALL, Duration.ofSeconds(-1), List.of(), "", ""))) {
      assertThatThrownBy(() -> api.tokenNew(bad)).as(bad.toString()).isInstanceOf(RpcFault.class);
    }
    assertThat(book.list()).isEmpty();
  }

  @Test
  void expiry_holdsForOpenConnectionsToo() throws Exception {
    NewToken made = api.tokenNew(new TokenRequest("", ALL, Duration.ofHours(1), List.of(), "", ""));
    try (TestSocket socket =
        TestSocket.open(server.endpoint().webSocket(), Optional.of(made.token()))) {
      socket.send("{\"id\":1,\"method\":\"Probe.Look\",\"params\":[1]}");
      assertThat(socket.next()).contains("true");
      now = now.plus(Duration.ofHours(1));
      socket.send("{\"id\":2,\"method\":\"Probe.Look\",\"params\":[1]}");
      assertThat(socket.next()).contains("token expired at 2026-01-31T13:00:00Z");
    }
    assertThat(api.tokenList()).noneMatch(each -> each.id().equals(made.entry().id()));
  }

  @Test
  void revocation_endsOpenConnectionsAtOnce_andOutlivesTheProcess() throws Exception {
    NewToken made = api.tokenNew(new TokenRequest("lost", ALL, Duration.ZERO, List.of(), "", ""));
    try (TestSocket socket =
        TestSocket.open(server.endpoint().webSocket(), Optional.of(made.token()))) {
      socket.send("{\"id\":1,\"method\":\"Probe.Watch\",\"params\":[]}");
      assertThat(socket.next()).contains("\"result\":1");
      var _ = api.tokenRevoke(made.entry().id(), false);
      socket.send("{\"id\":2,\"method\":\"Probe.Look\",\"params\":[1]}");
      assertThat(socket.next()).contains("token was revoked");
      for (int i = 0; i < 250 && socket.closeCode().isEmpty(); i++) {
        probe.values.submit(5L);
        Thread.sleep(20);
      }
      assertThat(socket.nextWithin(50)).isEmpty();
      assertThat(socket.closeCode()).contains(1008);
    }
    TokenBook again = TokenBook.open(files.tokenList(), () -> now);
    assertThat(again.revoked(made.entry().hash())).isTrue();
    assertThat(Files.readString(files.tokenList()))
        .contains(made.entry().hash())
        .doesNotContain(made.token());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.tokenList())))
        .isEqualTo("rw-------");
  }

  @Test
  void revokedOperatorToken_isReplaced_andAuthNewGivesAnotherText() throws Exception {
    String before = files.operatorToken().orElseThrow();
    var _ = api.tokenRevoke(Tokens.sha256(before), false);
    String after = files.operatorToken().orElseThrow();
    assertThat(after).isNotEqualTo(before);
    assertThat(tokens.verify(after)).isEqualTo(ALL);
    assertThatThrownBy(() -> tokens.verify(before)).hasMessage("token was revoked");
    String made = new String(api.authNew(ALL), StandardCharsets.US_ASCII);
    assertThat(made).isNotEqualTo(before);
    assertThat(tokens.verify(made)).isEqualTo(ALL);
  }

  @Test
  void listOfTokens_namesTheDayOfLastUse_andRefusesUnknownNames() throws Exception {
    String token = token(List.of("Probe.*"), "t01000", "1-3");
    assertThat(call(token, "Probe.Look", 1)).isEqualTo("true");
    TokenEntry entry = api.tokenList().getFirst();
    assertThat(entry.lastSeen()).isEqualTo("2026-01-31");
    assertThat(entry.name()).isEqualTo("tool");
    assertThat(entry.methods()).containsExactly("Probe.*");
    assertThat(entry.miner()).isEqualTo("t01000");
    assertThat(entry.sectors()).isEqualTo("1-3");
    assertThatThrownBy(() -> api.tokenRevoke("nobody", false))
        .isInstanceOf(RpcFault.class)
        .hasMessageContaining("no token 'nobody' in the list");
    book.close();
    assertThat(TokenBook.open(files.tokenList(), () -> now).list()).containsExactly(entry);
  }

  @Test
  void damagedOrOpenList_stopsTheStart() throws Exception {
    token(List.of(), "", "");
    String whole = Files.readString(files.tokenList());
    Files.writeString(files.tokenList(), whole.substring(0, whole.length() / 2));
    assertThatThrownBy(() -> TokenBook.open(files.tokenList(), () -> now))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is damaged");
    Files.writeString(files.tokenList(), whole);
    Files.setPosixFilePermissions(files.tokenList(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> TokenBook.open(files.tokenList(), () -> now))
        .hasMessageContaining("too relaxed");
  }

  private NewToken madeBy(String token, String... allow) throws Exception {
    MinerEndpoint at = new MinerEndpoint(server.endpoint().base(), Optional.of(token));
    try (JsonRpcClient client = new JsonRpcClient(at)) {
      return client
          .api(TokenListApi.class)
          .tokenNew(new TokenRequest("", List.of(allow), Duration.ZERO, List.of(), "", ""));
    }
  }

  private String authNew(String token) throws Exception {
    MinerEndpoint at = new MinerEndpoint(server.endpoint().base(), Optional.of(token));
    try (JsonRpcClient client = new JsonRpcClient(at)) {
      return new String(
          client.api(AuthApi.class).authNew(List.of("read")), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void revocation_endsWhatTheTokenMade_throughTheWholeChain() throws Exception {
    NewToken first = api.tokenNew(new TokenRequest("", ALL, Duration.ZERO, List.of(), "", ""));
    NewToken second = madeBy(first.token(), "read", "admin");
    NewToken third = madeBy(second.token(), "read");
    NewToken other = api.tokenNew(new TokenRequest("", ALL, Duration.ZERO, List.of(), "", ""));
    assertThat(second.entry().madeBy()).isEqualTo(first.entry().hash());
    assertThat(other.entry().madeBy()).isEmpty();
    // Taken back before: what it made is found through it all the same.
    assertThat(api.tokenRevoke(second.entry().id(), true)).hasSize(1);
    assertThat(call(third.token(), "Probe.Look", 1)).isEqualTo("true");
    book.close();
    book = TokenBook.open(files.tokenList(), () -> now);
    assertThat(book.revoke(first.entry().id(), false))
        .extracting(TokenEntry::hash)
        .containsExactly(first.entry().hash(), third.entry().hash());
    assertThat(book.revoked(third.entry().hash())).isTrue();
    assertThat(book.revoked(other.entry().hash())).isFalse();
    assertThatThrownBy(() -> book.add(tokens.grant(other.token()), first.entry().hash()))
        .hasMessage("the token that makes it was revoked");
  }

  @Test
  void authNew_ofTwoMakers_givesEachItsOwnToken() throws Exception {
    String plain = new String(api.authNew(List.of("read")), StandardCharsets.US_ASCII);
    NewToken maker = madeBy(files.operatorToken().orElseThrow(), "read", "admin");
    String made = authNew(maker.token());
    assertThat(made).isNotEqualTo(plain);
    assertThat(api.tokenRevoke(maker.entry().id(), false))
        .extracting(TokenEntry::hash)
        .containsExactly(maker.entry().hash(), Tokens.sha256(made));
    assertThat(tokens.verify(plain)).containsExactly("read");
    assertThatThrownBy(() -> tokens.verify(made)).hasMessage("token was revoked");
  }

  @Test
  void listOfTokens_thatIsFull_takesNoneUntilOneHasEnded() throws Exception {
    server.close();
    book.close();
    book = TokenBook.open(files.tokenList(), () -> now, 3);
    tokens = new Tokens(files.secret(new Random(1)), () -> now, book);
    api = new TokenApi(tokens, book, files, () -> now, new Random(2));
    server =
        JsonRpcServer.builder(Address.Network.TESTNET, tokens)
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .serve(SectorProbe.class, probe)
            .serve(AuthApi.class, api)
            .serve(TokenListApi.class, api)
            .start();
    String operator = files.operatorToken().orElseThrow();
    TokenRequest ending =
        new TokenRequest("", List.of("read"), Duration.ofHours(1), List.of(), "", "");
    assertThat(call(operator, "Selkie.TokenNew", ending)).contains("\"Token\"");
    assertThat(call(operator, "Selkie.TokenNew", ending)).contains("\"Token\"");
    String full = "making a token: it cannot be listed: the list holds 3 tokens, maximum 3 allowed";
    assertThat(call(operator, "Selkie.TokenNew", ending)).isEqualTo(full);
    assertThat(call(operator, "Filecoin.AuthNew", List.of("write"))).isEqualTo(full);
    // One that is in no list is good all the same: it was made by another program.
    String stranger =
        tokens.create(List.of("read"), Optional.empty(), "elsewhere", "", TokenScope.ALL);
    assertThat(call(stranger, "Probe.Look", 1)).isEqualTo("true");
    now = now.plus(Duration.ofHours(1));
    assertThat(call(operator, "Selkie.TokenNew", ending)).contains("\"Token\"");
  }
}
