package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeCommandsTest extends CommandLineTest {

  @Test
  void token_eachPermission_hasThoseBeforeIt() {
    String token = "header.payload.sum";
    String base64 = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.US_ASCII));
    node.on("AuthNew", "\"" + base64 + "\"");

    assertThat(run("auth", "create-token", "--perm", "sign").out()).isEqualTo(token + "\n");
    assertThat(node.callsOf("AuthNew").getFirst().toString())
        .isEqualTo("[[\"read\",\"write\",\"sign\"]]");
    assertThat(run("auth", "api-info", "--perm", "read").out())
        .isEqualTo("MINER_API_INFO=" + token + ":" + node.multiaddress() + "\n");
  }

  @Test
  void token_wrongPermission_isTheReferencesText() {
    assertThat(run("auth", "create-token").err()).isEqualTo("ERROR: --perm flag not set\n\n");
    assertThat(run("auth", "api-info").err())
        .isEqualTo("ERROR: --perm flag not set, use with one of: read, write, sign, admin\n\n");
    assertThat(run("auth", "create-token", "--perm", "all").err())
        .isEqualTo("ERROR: --perm flag has to be one of: [read write sign admin]\n\n");
  }

  @Test
  void narrowedToken_isAskedOfSelkiesOwnMethod() {
    node.onSelkie("TokenNew", "{\"Token\":\"a.b.c\",\"Entry\":{}}");
    assertThat(
            run(
                    "auth",
                    "create-token",
                    "--perm",
                    "read",
                    "--name",
                    "graph",
                    "--expires-in",
                    "30d",
                    "--method",
                    "Filecoin.Sectors*",
                    "--sectors",
                    "0-9")
                .out())
        .isEqualTo("a.b.c\n");
    assertThat(node.callsOfSelkie("TokenNew").getFirst().toString())
        .isEqualTo(
            "[{\"Name\":\"graph\",\"Allow\":[\"read\"],\"ExpiresIn\":2592000000000000,"
                + "\"Methods\":[\"Filecoin.Sectors*\"],\"Miner\":\"\",\"Sectors\":\"0-9\"}]");
    assertThat(run("auth", "create-token", "--perm", "read", "--expires-in", "soon").err())
        .contains("'soon' is no duration such as 90m, 12h or 30d");
  }

  @Test
  void tokensAndAudit_areShownAsTables() {
    node.onSelkie(
            "TokenList",
            "[{\"ID\":\"ab12\",\"Hash\":\"ab\",\"Name\":\"graph\",\"Allow\":[\"read\"],"
                + "\"Methods\":[\"A.*\"],\"Miner\":\"\",\"Sectors\":\"0-9\",\"Created\":\"C\","
                + "\"Expires\":null,\"LastSeen\":\"D\",\"Revoked\":null,"
                + "\"MadeBy\":\"0123456789abcdef01\"}]")
        .onSelkie("TokenRevoke", "[{\"ID\":\"ab12\"},{\"ID\":\"cd34\"}]")
        .onSelkie(
            "AuditQuery",
            "{\"Records\":[{\"Sequence\":1,\"Time\":\"T\",\"Who\":\"ab12\",\"Token\":\"ab\","
                + "\"Remote\":\"::1\",\"Method\":\"A.B\",\"Params\":\"[7]\",\"Sectors\":[7],"
                + "\"Before\":[\"Proving\",\"delay: 1\",\"gone: x\"],"
                + "\"After\":[\"Faulty\",\"delay: 2\",\"made: y\"],\"Outcome\":\"done\","
                + "\"Error\":\"\",\"Ended\":\"T\"}],\"Cursor\":0}");
    assertThat(run("auth", "list").out())
        .isEqualTo(
            """
            ID    Name   Allow  Scope            Created  Made by           Last seen
            ab12  graph  read   A.* sectors 0-9  C        0123456789abcdef  D       \s
            """);
    assertThat(run("auth", "revoke", "ab12").out())
        .isEqualTo("token ab12 is revoked\ntoken cd34 is revoked\n");
    assertThat(run("auth", "revoke", "--only", "ab12").err()).isEmpty();
    assertThat(node.callsOfSelkie("TokenRevoke").toString())
        .isEqualTo("[[\"ab12\",false], [\"ab12\",true]]");
    assertThat(run("auth", "audit", "--sector", "7", "--method", "A.*").out())
        .contains("7 Proving -> Faulty")
        .contains("delay 1 -> 2, gone x, made y");
    assertThat(node.callsOfSelkie("AuditQuery").getFirst().toString())
        .isEqualTo(
            "[{\"From\":null,\"To\":null,\"Method\":\"A.*\",\"Who\":\"\",\"Sectors\":[7],"
                + "\"Cursor\":0,\"Limit\":100}]");
  }

  @Test
  void storageList_onePath_hasItsBarAndCounts() {
    node.on(
            "StorageList",
            "{\"8b4a\":[{\"Miner\":1000,\"Number\":1,\"SectorFileType\":7},"
                + "{\"Miner\":1000,\"Number\":2,\"SectorFileType\":6}]}")
        .on("StorageLocal", "{\"8b4a\":\"/data/one\"}")
        .on(
            "StorageInfo",
            "{\"ID\":\"8b4a\",\"URLs\":[\"http://127.0.0.1:2345/remote\"],\"Weight\":10,"
                + "\"MaxStorage\":0,\"CanSeal\":true,\"CanStore\":true,\"Groups\":null}")
        .on(
            "StorageStat",
            "{\"Capacity\":1000,\"Available\":500,\"FSAvailable\":600,\"Reserved\":100,"
                + "\"Max\":0,\"Used\":0}");

    assertThat(run("storage", "list").out())
        .isEqualTo(
            "8b4a:\n"
                + "\t["
                + "#".repeat(20)
                + "*".repeat(5)
                + " ".repeat(25)
                + "] 500 B/1000 B 50%\n"
                + "\tUnsealed: 1; Sealed: 2; Caches: 2; Updated: 0; Update-caches: 0;"
                + " Reserved: 100 B\n"
                + "\tWeight: 10; Use: Seal Store\n"
                + "\tLocal: /data/one\n"
                + "\tURL: http://127.0.0.1:2345/remote\n"
                + "\n");
  }

  @Test
  void storageFind_files_areGatheredByPath() {
    node.on("ActorAddress", "\"t01000\"")
        .on("StorageLocal", "{\"8b4a\":\"/data/one\"}")
        .on(
            "StorageFindSector",
            params ->
                (params.get(1).asInt() & 6) != 0
                    ? "[{\"ID\":\"8b4a\",\"URLs\":[\"u\"],\"CanSeal\":true,\"CanStore\":false}]"
                    : "[]");

    assertThat(run("storage", "find", "7").out())
        .isEqualTo(
            """
            In 8b4a (Sealed, Cache)
            \tSealing: true; Storage: false
            \tLocal (/data/one)
            \tURL: u
            """);
    assertThat(node.callsOf("StorageFindSector").getFirst().get(0).toString())
        .isEqualTo("{\"Miner\":1000,\"Number\":7}");
  }

  @Test
  void version_always_showsBothVersions() {
    node.on(
        "Version",
        "{\"Version\":\"0.1.0\",\"APIVersion\":66816,\"BlockDelay\":30,\"Agent\":\"selkie\"}");
    assertThat(run("version").out()).isEqualTo("Daemon:  0.1.0+api1.5.0\n");
  }

  @Test
  void stopAndLog_always_callTheirMethods() {
    node.on("Shutdown", "null").on("LogSetLevel", "null").on("LogList", "[\"rpc\",\"seal\"]");
    assertThat(run("stop").status()).isZero();
    assertThat(run("log", "set-level", "--system", "rpc", "debug").status()).isZero();
    assertThat(run("log", "list").out()).isEqualTo("rpc\nseal\n");
    assertThat(node.callsOf("Shutdown")).hasSize(1);
    assertThat(node.callsOf("LogSetLevel").getFirst().toString()).isEqualTo("[\"rpc\",\"debug\"]");
  }

  @Test
  void node_byVariable_isFoundUnlessRepoIsGiven() {
    node.on("LogList", "[]");
    Path nowhere = repo.resolve("nowhere");
    Optional<String> info = Optional.of(FakeNode.TOKEN + ":" + node.multiaddress());

    assertThat(run(info, nowhere, "log", "list").status()).isZero();
    assertThat(run(info, repo, "log", "list", "--repo", nowhere.toString()).err())
        .startsWith("ERROR: no node runs in " + nowhere);
    assertThat(run(Optional.of("nonsense"), repo, "log", "list").err())
        .startsWith("ERROR: MINER_API_INFO: ");
  }

  @Test
  void node_goneOrWrongToken_isOneLine() {
    Optional<String> wrong = Optional.of("bad:" + node.multiaddress());
    assertThat(run(wrong, repo, "log", "list").err()).startsWith("ERROR: ").contains("401");
    node.close();
    Run gone = run("log", "list");
    assertThat(gone.status()).isEqualTo(1);
    assertThat(gone.err()).startsWith("ERROR: no answer from the node at http://127.0.0.1:");
    assertThat(gone.err().lines()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sectors", "sectors nonsense", "sectors list --nonsense", "sectors status"})
  void usage_wrong_isStatusTwoWithTheUsage(String line) {
    Run run = run(line.split(" ", -1));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("ERROR: ").contains("Usage: selkie sectors");
    assertThat(run.out()).isEmpty();
  }
}
