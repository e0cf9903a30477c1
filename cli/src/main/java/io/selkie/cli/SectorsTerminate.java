package io.selkie.cli;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sectors terminate}, with the terminations that wait to be sent. */
@Command(
    name = "terminate",
    description = "End a sector on chain, then remove it; the chain takes a fee.",
    footer = {
      "",
      "Examples:",
      "  selkie sectors terminate --really-do-it 7",
      "  selkie sectors terminate pending",
      "  selkie sectors terminate flush"
    })
final class SectorsTerminate extends ApiCommand {

  @Parameters(arity = "0..1", paramLabel = "NUMBER", description = "The sector's number.")
  @Nullable String number;

  @Option(names = "--really-do-it", description = "Yes, end it.")
  boolean reallyDoIt;

  SectorsTerminate(CliEnvironment environment) {
    super(environment);
  }

  static CommandLine commandLine(CliEnvironment environment) {
    return new CommandLine(new SectorsTerminate(environment))
        .addSubcommand(new Flush(environment))
        .addSubcommand(new Pending(environment));
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    if (!reallyDoIt) {
      throw new CommandFailed("pass --really-do-it to confirm this action");
    }
    if (number == null) {
      throw new MissingParameterException(
          spec.commandLine(),
          spec.positionalParameters().getFirst(),
          "Missing required parameter: 'NUMBER'");
    }
    api.call("SectorTerminate", sectorNumber(number, "could not parse sector number: "));
    if (json()) {
      out.println("null");
    }
  }

  @Command(
      name = "flush",
      description = "Send the terminations that wait now.",
      footer = {"", "Example:", "  selkie sectors terminate flush"})
  static final class Flush extends ApiCommand {

    Flush(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode message = api.call("SectorTerminateFlush");
      if (message.isNull()) {
        throw new CommandFailed("no sectors were queued for termination");
      }
      String cid = message.path("/").asString("");
      if (json()) {
        print(out, mapper().createObjectNode().put("Message", cid));
      } else {
        out.println(cid);
      }
    }
  }

  @Command(
      name = "pending",
      description = "List the terminations that wait.",
      footer = {"", "Example:", "  selkie sectors terminate pending"})
  static final class Pending extends ApiCommand {

    Pending(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode pending = api.call("SectorTerminatePending");
      Map<Long, Long> deadlines = pending.isEmpty() ? Map.of() : deadlines(api);
      JsonNode period =
          pending.isEmpty() ? mapper().createObjectNode() : api.callSelkie("ProvingPeriod");
      for (JsonNode sector : pending) {
        long number = sector.path("Number").longValue();
        boolean soon =
            deadlines.containsKey(number) && isNear(deadlines.getOrDefault(number, 0L), period);
        if (json()) {
          printLine(
              out, mapper().createObjectNode().put("Sector", number).put("InProvingWindow", soon));
        } else {
          out.println(number + (soon ? " (in proving window)" : ""));
        }
      }
    }

    private static Map<Long, Long> deadlines(Api api) throws CommandFailed {
      Map<Long, Long> deadlines = new HashMap<>();
      api.eachChainSector(sector ->
          deadlines.put(
              sector.path("SectorNumber").longValue(), sector.path("Deadline").longValue()));
      return deadlines;
    }

    /** Open now, next or just before: the chain refuses to end sectors there. */
    private static boolean isNear(long deadline, JsonNode period) {
      long count = Math.max(1, period.path("Deadlines").asLong(48));
      long ahead = Math.floorMod(deadline - period.path("Index").asLong(0), count);
      return ahead <= 1 || ahead == count - 1;
    }
  }
}
