package io.selkie.cli;

import io.selkie.abi.BitField;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sectors numbers}: which sector numbers are used, and which are kept for somebody. */
final class NumbersCommands {

  private NumbersCommands() {}

  static CommandLine all(CliEnvironment environment) {
    return Group.of("numbers", "Look at sector numbers and reserve some.")
        .addSubcommand(new NumbersInfo(environment))
        .addSubcommand(new Reservations(environment))
        .addSubcommand(new Reserve(environment))
        .addSubcommand(new Free(environment));
  }

  @Command(
      name = "info",
      description = "Show the next free number, and those allocated and reserved.",
      footer = {"", "Example:", "  selkie sectors numbers info"})
  static final class NumbersInfo extends ApiCommand {

    NumbersInfo(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode meta = api.call("SectorNumAssignerMeta");
      if (json()) {
        print(out, meta);
        return;
      }
      out.println("Next free: " + meta.path("Next").asString());
      out.println("Allocated: " + NumberRanges.text(NumberRanges.ofJson(meta.path("Allocated"))));
      out.println("Reserved: " + NumberRanges.text(NumberRanges.ofJson(meta.path("Reserved"))));
    }
  }

  @Command(
      name = "reservations",
      description = "List the reservations.",
      footer = {"", "Example:", "  selkie sectors numbers reservations"})
  static final class Reservations extends ApiCommand {

    Reservations(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode reservations = api.call("SectorNumReservations");
      if (json()) {
        print(out, reservations);
        return;
      }
      Map<String, BitField> byName = new TreeMap<>();
      reservations
          .properties()
          .forEach(each -> byName.put(each.getKey(), NumberRanges.ofJson(each.getValue())));
      out.println("reservations: " + byName.size());
      byName.forEach((name, numbers) ->
          out.println(name + ": count=" + numbers.size() + " " + NumberRanges.text(numbers)));
    }
  }

  @Command(
      name = "reserve",
      description = "Reserve numbers under a name.",
      footer = {"", "Example:", "  selkie sectors numbers reserve import 20-25,30"})
  static final class Reserve extends ApiCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "The reservation's name.")
    String name = "";

    @Parameters(index = "1", paramLabel = "RANGES", description = "Such as 20-25,30.")
    String ranges = "";

    @Option(names = "--force", description = "Even if they collide with others.")
    boolean force;

    Reserve(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      api.call("SectorNumReserve", name, NumberRanges.parse(ranges), force);
      if (json()) {
        out.println("null");
      }
    }
  }

  @Command(
      name = "free",
      description = "Give a reservation up.",
      footer = {"", "Example:", "  selkie sectors numbers free import"})
  static final class Free extends ApiCommand {

    @Parameters(paramLabel = "NAME", description = "The reservation's name.")
    String name = "";

    Free(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      api.call("SectorNumFree", name);
      if (json()) {
        out.println("null");
      }
    }
  }
}
