package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.TokenListApi;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.AuditTrail;
import io.selkie.rpc.token.NewToken;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.RepoFiles;
import io.selkie.rpc.token.TokenRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Neither logs nor the record of calls show what opens a door. */
class TokenSecrecyTest {

  @TempDir private Path repo;

  private static String call(JsonRpcServer server, String token, String method, Object... params)
      throws Exception {
    MinerEndpoint at = new MinerEndpoint(server.endpoint().base(), Optional.of(token));
    try (JsonRpcClient client = new JsonRpcClient(at)) {
      return client.call(method, params).toString();
    } catch (RpcFault e) {
      return e.text();
    }
  }

  @Test
  void tokensAndSecret_areInNoLogAndNoRecord() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger("io.selkie");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Level before = root.getLevel();
    root.setLevel(Level.TRACE);
    root.addAppender(lines);
    RepoFiles files = new RepoFiles(repo);
    try (NodeAccess access = NodeAccess.open(files);
        AuditTrail audit =
            AuditTrail.open(
                repo.resolve("audit"), InstantSource.system(), _ -> "", AuditTrail.Limits.DEFAULT);
        JsonRpcServer server =
            JsonRpcServer.builder(Address.Network.TESTNET, access.tokens())
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .audit(audit)
                .serve(AuthApi.class, access.api())
                .serve(TokenListApi.class, access.api())
                .start()) {
      List<String> all = Permission.namesUpTo(Permission.ADMIN);
      NewToken made =
          access.api().tokenNew(new TokenRequest("a", all, Duration.ZERO, List.of(), "", ""));
      String tail = made.token().substring(made.token().lastIndexOf('.') + 1);
      assertThat(call(server, made.token(), "Selkie.TokenRevoke", made.token(), false))
          .contains("no token");
      assertThat(call(server, made.token(), "Selkie.TokenRevoke", made.entry().hash(), false))
          .contains(made.entry().id());
      String secret = Files.readString(repo.resolve("keystore").resolve(RepoFiles.SECRET_FILE));
      String key = secret.substring(secret.indexOf("PrivateKey") + 13, secret.length() - 2);
      assertThat(lines.list).isNotEmpty();
      assertThat(lines.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .noneMatch(each -> each.contains(tail) || each.contains(key));
      StringBuilder recorded = new StringBuilder();
      try (Stream<Path> each = Files.list(repo.resolve("audit"))) {
        for (Path file : each.toList()) {
          recorded.append(Files.readString(file));
        }
      }
      assertThat(recorded).contains("Selkie.TokenRevoke").doesNotContain(tail).doesNotContain(key);
      assertThat(made.toString()).doesNotContain(tail);
    } finally {
      root.detachAppender(lines);
      root.setLevel(before);
    }
  }
}
