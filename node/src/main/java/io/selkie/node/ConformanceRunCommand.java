package io.selkie.node;

import io.selkie.node.console.Output;
import io.selkie.rpc.MinerEndpoint;
import io.selkie.rpc.suite.CasePlayer;
import io.selkie.rpc.suite.ConformanceCase;
import io.selkie.rpc.suite.ConformanceSuite;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays the suite against a running server; the exit status says whether all of it passed. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Plays the cases of a fixture against a server that holds it, freshly started.",
      "Over HTTP and WebSocket, in the order of their numbers.",
      "Exit status 0 only if every case that was played is answered as recorded."
    },
    footer = {
      "",
      "Examples:",
      "  selkie conformance run --url http://127.0.0.1:4567",
      "  selkie conformance run --url http://127.0.0.1:4567 --only 78,81 --json"
    })
final class ConformanceRunCommand implements Callable<Integer> {

  private static final int CONNECT_TIMEOUT_MS = 10_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--url", required = true, paramLabel = "URL", description = "the server")
  private String url = "";

  @Option(
      names = "--fixture",
      paramLabel = "F",
      defaultValue = "F1",
      description = "what it holds: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})")
  private Fixture fixture = Fixture.F1;

  @Option(
      names = "--secret",
      paramLabel = "HEX",
      defaultValue = ConformanceCommand.FIXTURE_SECRET,
      description = "signs the callers' tokens (default: the fixture's secret)")
  private String secret = "";

  @Option(names = "--token-read", paramLabel = "T", description = "instead: allows read")
  private @Nullable String tokenRead;

  @Option(names = "--token-write", paramLabel = "T", description = "instead: read, write")
  private @Nullable String tokenWrite;

  @Option(names = "--token-admin", paramLabel = "T", description = "instead: all four")
  private @Nullable String tokenAdmin;

  @Option(names = "--token-adminonly", paramLabel = "T", description = "instead: admin alone")
  private @Nullable String tokenAdminOnly;

  @Option(
      names = "--unseal-delay",
      description = "the server takes seconds to unseal: play the cases that need it")
  private boolean unsealDelay;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "N,M",
      description = "these cases, and the ones they build on")
  private List<Integer> only = List.of();

  @Option(names = "--json", description = "one JSON object on standard output")
  private boolean json;

  /** A case and how it went. */
  private record Played(ConformanceCase each, Optional<String> difference) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    MinerEndpoint server = ConformanceCommand.value(spec, "--url", () -> MinerEndpoint.parse(url));
    Map<String, String> tokens = tokens();
    ConformanceSuite suite = ConformanceSuite.load();
    List<ConformanceCase> chosen =
        only.isEmpty()
            ? suite.cases()
            : ConformanceCommand.value(spec, "--only", () -> suite.with(only));
    List<ConformanceCase> playable = chosen.stream().filter(this::isPlayable).toList();
    if (playable.isEmpty()) {
      throw new IllegalArgumentException(
          "none of the cases chosen can be played on fixture " + fixture);
    }
    requireServer(server);
    List<Played> played = new ArrayList<>();
    try (CasePlayer player = new CasePlayer(server, tokens)) {
      for (ConformanceCase each : playable) {
        Played one = new Played(each, player.play(each));
        played.add(one);
        if (!json) {
          line(one);
        }
      }
    }
    long passed = played.stream().filter(one -> one.difference().isEmpty()).count();
    if (json) {
      System.out.println(Output.toJson(report(played, passed, chosen.size())));
    } else {
      total(played.size(), passed, chosen.size() - played.size());
    }
    return passed == played.size() ? 0 : 1;
  }

  /** Hundreds of cases without an answer say less than one line. */
  private static void requireServer(MinerEndpoint server) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(server.base().getHost(), server.base().getPort()),
          CONNECT_TIMEOUT_MS);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("no server at " + server.base() + ": " + e.getMessage(), e);
    }
  }

  private boolean isPlayable(ConformanceCase each) {
    return each.isFor(fixture.name()) && (unsealDelay || !each.needsUnsealDelay());
  }

  private Map<String, String> tokens() {
    Map<String, String> tokens =
        new HashMap<>(CasePlayer.tokens(ConformanceCommand.tokens(spec, secret)));
    put(tokens, "read", tokenRead);
    put(tokens, "write", tokenWrite);
    put(tokens, "admin", tokenAdmin);
    put(tokens, "adminonly", tokenAdminOnly);
    return tokens;
  }

  private static void put(Map<String, String> tokens, String name, @Nullable String given) {
    if (given != null) {
      tokens.put(name, given);
    }
  }

  private void line(Played one) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%5d  %-4s  %s%n",
        one.each().number(), one.difference().isEmpty() ? "pass" : "FAIL", one.each().title());
    one.difference().ifPresent(text -> out.printf("             %s%n", text));
    out.flush();
  }

  private void total(int count, long passed, int left) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%d of %d passed%s%n",
        passed, count, passed == count ? "" : ", " + (count - passed) + " failed");
    if (left > 0) {
      out.printf("%d not played: another fixture, or an unseal delay, is needed%n", left);
    }
    out.flush();
  }

  private static Map<String, Object> report(List<Played> played, long passed, int chosen) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("passed", passed);
    report.put("failed", played.size() - passed);
    report.put("notPlayed", chosen - played.size());
    report.put(
        "cases",
        played.stream()
            .map(one -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("number", one.each().number());
              row.put("title", one.each().title());
              row.put("source", one.each().source());
              row.put("passed", one.difference().isEmpty());
              one.difference().ifPresent(text -> row.put("difference", text));
              return row;
            })
            .toList());
    return report;
  }
}
