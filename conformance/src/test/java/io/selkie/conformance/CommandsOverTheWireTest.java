package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.cli.CliEnvironment;
import io.selkie.cli.SelkieCommands;
import io.selkie.pipeline.SectorState;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The operator's commands against the real server, with a fake node behind it. */
class CommandsOverTheWireTest {

  private final FakeSectors node = new FakeSectors();
  private final Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);
  private JsonRpcServer server;

  private record Run(int status, String out, String err) {}

  @Command(name = "selkie")
  private static final class Root {}

  @BeforeEach
  void start() throws Exception {
    server =
        node.serveOn(JsonRpcServer.builder(Address.Network.TESTNET, tokens))
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  /** The commands cannot see the state machine, so they keep the names themselves. */
  @Test
  void updateState_unknownName_printsTheMachinesStates() {
    node.put(7, "Packing", "Start");

    Run run = run(Permission.READ, "sectors", "update-state", "--really-do-it", "7", "Foo");

    List<String> names =
        Arrays.stream(SectorState.values())
            .map(SectorState::wireName)
            .filter(name -> !name.isEmpty())
            .toList();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().skip(1)).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void listAndStatus_realServer_areUnderstood() {
    node.put(7, "Proving", "Start", "Proving");
    node.put(12, "PreCommit1", "Start");

    assertThat(run(Permission.READ, "sectors", "list", "--fast").out().lines())
        .containsExactly("ID  State       Deals", "7   Proving     DDO:1", "12  PreCommit1  DDO:1");
    assertThat(run(Permission.READ, "sectors", "status", "--log", "12").out())
        .contains("CIDcommD:\t" + FakeSectors.PIECE)
        .contains("TicketH:\t77")
        .contains("[event;sealing.SectorStart]\t{\"User\":{}}");
  }

  @Test
  void command_tokenTooWeakOrSectorUnknown_printsTheServersText() {
    Run weak = run(Permission.READ, "sectors", "pledge");
    assertThat(weak.status()).isEqualTo(1);
    assertThat(weak.err())
        .isEqualTo("ERROR: missing permission to invoke 'PledgeSector' (need 'write')\n\n");
    assertThat(run(Permission.READ, "sectors", "status", "5").err())
        .isEqualTo("ERROR: No state for /5: datastore: key not found\n\n");
  }

  private Run run(Permission permission, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String info = tokens.create(permission) + ":" + server.endpoint().multiaddress();
    CliEnvironment environment =
        new CliEnvironment(Optional.of(info), Path.of("nowhere"), Clock.systemUTC());
    int status =
        new SelkieCommands(environment)
            .addTo(new CommandLine(new Root()))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Run(status, out.toString(), err.toString());
  }
}
