package io.selkie.node.workers.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.node.NodeAccess;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.RepoFiles;
import io.selkie.rpc.token.TokenRequest;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeJudgeTest {

  @TempDir private Path directory;
  private NodeAccess access;
  private Tokens tokens;
  private NodeJudge judge;

  @BeforeEach
  void open() throws IOException {
    access = NodeAccess.open(new RepoFiles(directory));
    tokens = access.tokens();
    judge = new NodeJudge(access.api());
  }

  @AfterEach
  void close() {
    access.close();
  }

  private boolean isAdministrator(String token) {
    return judge.admit(token, "somebody").filter(each -> each.may(Permission.ADMIN)).isPresent();
  }

  @Test
  void tokens_ofTheNodeAndItsAdministrators_areTaken() {
    assertThat(isAdministrator(tokens.create(Permission.ADMIN))).isTrue();
    assertThat(isAdministrator(tokens.createForWorkers("miner"))).isTrue();
    assertThat(isAdministrator(tokens.createForWorkers("miner"))).as("known").isTrue();
    assertThat(isAdministrator(tokens.create(Permission.READ))).isFalse();
  }

  @Test
  void token_thatIsNarrowed_isRefusedThoughItNamesEveryPermission() throws Exception {
    List<String> all = Permission.namesUpTo(Permission.ADMIN);
    for (TokenRequest narrowed :
        List.of(
            new TokenRequest("m", all, Duration.ZERO, List.of("Filecoin.SectorsList"), "", ""),
            new TokenRequest("s", all, Duration.ZERO, List.of(), "", "1-9"))) {
      String token = access.api().tokenNew(narrowed).token();
      assertThat(access.api().authVerify(token)).as("so says the node").contains("admin");
      assertThat(judge.admit(token, "somebody")).isEmpty();
    }
    TokenRequest named = new TokenRequest("n", all, Duration.ZERO, List.of(), "", "");
    assertThat(isAdministrator(access.api().tokenNew(named).token())).isTrue();
  }

  @Test
  void token_ofSomebodyElse_isRefused() {
    byte[] secret = new byte[Tokens.SECRET_BYTES];
    secret[0] = 1;
    assertThat(judge.admit(Tokens.of(secret).create(Permission.ADMIN), "x")).isEmpty();
    assertThat(judge.admit("garbage", "x")).isEmpty();
    assertThat(judge.admit("a.b.c", "x")).isEmpty();
    assertThat(judge.admit("x".repeat(100_000), "x")).isEmpty();
  }
}
