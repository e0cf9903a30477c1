package io.selkie.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands about the node itself: {@code info}, {@code version}, {@code log}, {@code stop}. */
final class NodeCommands {

  private NodeCommands() {}

  static List<CommandLine> all(CliEnvironment environment) {
    CommandLine log =
        Group.of("log", "Look at the node's log and its alerts.")
            .addSubcommand(new LogList(environment))
            .addSubcommand(new LogSetLevel(environment))
            .addSubcommand(new LogAlerts(environment));
    return List.of(
        new CommandLine(new MinerInfo(environment)),
        new CommandLine(new Version(environment)),
        log,
        new CommandLine(new Stop(environment)));
  }

  @Command(
      name = "version",
      description = "Show the node's version.",
      footer = {"", "Example:", "  selkie version"})
  static final class Version extends ApiCommand {

    Version(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode version = api.call("Version");
      if (json()) {
        print(out, version);
        return;
      }
      int packed = version.path("APIVersion").asInt(0);
      out.println(
          "Daemon:  "
              + version.path("Version").asString()
              + "+api"
              + (packed >> 16)
              + "."
              + (packed >> 8 & 0xff)
              + "."
              + (packed & 0xff));
    }
  }

  @Command(
      name = "list",
      description = "List the log's subsystems.",
      footer = {"", "Example:", "  selkie log list"})
  static final class LogList extends ApiCommand {

    LogList(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      for (JsonNode name : api.call("LogList")) {
        if (json()) {
          printLine(out, name);
        } else {
          out.println(name.asString());
        }
      }
    }
  }

  @Command(
      name = "set-level",
      description = "Set the level of the log, of some subsystems or of all.",
      footer = {"", "Example:", "  selkie log set-level --system rpc debug"})
  static final class LogSetLevel extends ApiCommand {

    @Option(
        names = "--system",
        paramLabel = "NAME",
        description = "A subsystem; may be given several times (default: all).")
    @Nullable List<String> systems;

    @Parameters(paramLabel = "LEVEL", description = "debug, info, warn or error.")
    String level = "";

    LogSetLevel(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      List<String> named = new ArrayList<>();
      if (systems == null) {
        named.add("*");
      } else {
        named.addAll(systems);
      }
      for (String system : named) {
        api.call("LogSetLevel", system, level);
      }
      if (json()) {
        out.println("null");
      }
    }
  }

  @Command(
      name = "alerts",
      description = "List what the operator should look at.",
      footer = {"", "Example:", "  selkie log alerts --all"})
  static final class LogAlerts extends ApiCommand {

    @Option(names = "--all", description = "Show resolved alerts too.")
    boolean all;

    LogAlerts(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      for (JsonNode alert : api.call("LogAlerts")) {
        boolean active = alert.path("Active").asBoolean(false);
        if (!active && !all) {
          continue;
        }
        if (json()) {
          printLine(out, alert);
          continue;
        }
        out.println(
            (active ? paint().red("active  ") : paint().green("inactive"))
                + " "
                + alert.path("Type").path("System").asString()
                + ":"
                + alert.path("Type").path("Subsystem").asString());
        printEvent("last resolved at", alert.path("LastResolved"), out);
        printEvent(paint().yellow("last raised at"), alert.path("LastActive"), out);
      }
    }

    private void printEvent(String what, JsonNode event, PrintWriter out) {
      if (event.isObject()) {
        Instant time = Instant.parse(event.path("Time").asString("1970-01-01T00:00:00Z"));
        out.println(
            "\t"
                + what
                + " "
                + Format.goTime(time.getEpochSecond(), environment.clock().getZone())
                + "; reason: "
                + event.path("Message"));
      }
    }
  }

  @Command(
      name = "stop",
      description = "Stop the node in order.",
      footer = {"", "Example:", "  selkie stop"})
  static final class Stop extends ApiCommand {

    Stop(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      api.call("Shutdown");
      if (json()) {
        out.println("null");
      }
    }
  }
}
