package io.selkie.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The commands about the node itself: {@code info}, {@code version}, {@code log}, {@code stop}. */
final class NodeCommands {

  private NodeCommands() {}

  static List<CommandLine> all(CliEnvironment environment) {
    CommandLine log =
        Group.of("log", "Look at the node's log levels and set them.")
            .addSubcommand(new LogList(environment))
            .addSubcommand(new LogSetLevel(environment));
    return List.of(
        new CommandLine(new MinerInfo(environment)),
        new CommandLine(new Version(environment)),
        log,
        new CommandLine(new Stop(environment)));
  }

  @Command(
      name = "info",
      description = "Show the node at a glance.",
      footer = {"", "Example:", "  selkie info"})
  static final class MinerInfo extends ApiCommand {

    @Option(names = "--hide-sectors-info", description = "Leave the sectors out.")
    boolean hideSectors;

    MinerInfo(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode subsystems = api.call("RuntimeSubsystems");
      JsonNode started = api.call("StartTime");
      JsonNode address = api.call("ActorAddress");
      JsonNode size = api.call("ActorSectorSize", address.asString());
      JsonNode summary = hideSectors ? mapper().createObjectNode() : api.call("SectorsSummary");
      if (json()) {
        ObjectNode info = mapper().createObjectNode();
        info.set("Subsystems", subsystems);
        info.set("StartTime", started);
        info.set("Miner", address);
        info.set("SectorSize", size);
        ChainHeight.ifKnown(api).ifPresent(height -> info.put("ChainHeight", height));
        info.set("Sectors", summary);
        print(out, info);
        return;
      }
      String names =
          subsystems.valueStream().map(JsonNode::asString).collect(Collectors.joining(" "));
      out.println("Enabled subsystems: [" + names + "]");
      out.println("StartTime: " + sinceStart(started.asString()));
      ChainHeight.ifKnown(api).ifPresent(height -> out.println("Chain: height " + height));
      out.println(
          "Miner: " + address.asString() + " (" + Format.size(size.asLong(0)) + " sectors)");
      if (!hideSectors) {
        printSectors(out, summary);
      }
    }

    private String sinceStart(String started) throws CommandFailed {
      try {
        Duration running = Duration.between(Instant.parse(started), environment.clock().instant());
        return Format.goDuration(running) + " (started at " + started + ")";
      } catch (DateTimeParseException e) {
        throw new CommandFailed("the node's start time is no time: '" + started + "'", e);
      }
    }

    private static void printSectors(PrintWriter out, JsonNode summary) {
      Map<String, Long> counts = new TreeMap<>(StateNames.displayOrder());
      summary.properties().forEach(each -> counts.put(each.getKey(), each.getValue().asLong(0)));
      long total = counts.values().stream().mapToLong(Long::longValue).sum();
      out.println("Sectors:");
      out.println("\tTotal: " + total);
      counts.forEach((state, n) -> out.println("\t" + state + ": " + n));
    }
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
      JsonNode names = api.call("LogList");
      if (json()) {
        print(out, names);
      } else {
        names.forEach(name -> out.println(name.asString()));
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
