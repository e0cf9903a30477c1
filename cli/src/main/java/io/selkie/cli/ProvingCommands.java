package io.selkie.cli;

import io.selkie.abi.BitField;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code proving}: deadlines, partitions and faults, as the chain has them. */
final class ProvingCommands {

  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private ProvingCommands() {}

  static CommandLine all(CliEnvironment environment) {
    return Group.of("proving", "Look at deadlines, partitions and faults.")
        .addSubcommand(new ProvingInfo(environment))
        .addSubcommand(new Deadlines(environment))
        .addSubcommand(new Deadline(environment))
        .addSubcommand(new Faults(environment))
        .addSubcommand(new ProvingCheck(environment))
        .addSubcommand(
            Group.of("compute", "Compute proofs as they would be sent.")
                .addSubcommand(new ComputeWindowPost(environment)))
        .addSubcommand(new RecoverFaults(environment))
        .addSubcommand(new SealingWorkers(environment, false));
  }

  /** A set of sectors in a partition, as the node writes it. */
  static BitField sectors(JsonNode partition, String set) {
    return NumberRanges.ofJson(partition.path(set));
  }

  private static void printMiner(Api api, Paint paint, PrintWriter out) throws CommandFailed {
    out.println("Miner: " + paint.blue(api.call("ActorAddress").asString("")));
  }

  /**
   * The number of a deadline.
   *
   * @throws CommandFailed in the words of Go's parser, or if there is no such deadline
   */
  static JsonNode deadline(Api api, String index) throws CommandFailed {
    JsonNode all = api.callSelkie("ProvingDeadlines");
    long wanted = ApiCommand.sectorNumber(index, "could not parse deadline index: ").longValue();
    if (wanted < 0 || wanted >= all.size()) {
      throw new CommandFailed(
          "there is no deadline " + index + "; they are 0 to " + (all.size() - 1));
    }
    return all.get((int) wanted);
  }

  /** The local time of day of an epoch. */
  private static String timeOf(JsonNode period, long epoch, ZoneId zone) {
    Duration ahead =
        Duration.ofNanos(period.path("EpochDuration").asLong(0))
            .multipliedBy(epoch - period.path("CurrentEpoch").asLong(0));
    Instant now = Instant.parse(period.path("CurrentTime").asString("1970-01-01T00:00:00Z"));
    return TIME_OF_DAY.format(now.plus(ahead).atZone(zone));
  }

  @Command(
      name = "info",
      description = "Show the current proving period and deadline.",
      footer = {"", "Example:", "  selkie proving info"})
  static final class ProvingInfo extends ApiCommand {

    ProvingInfo(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode period = api.callSelkie("ProvingPeriod");
      JsonNode deadlines = api.callSelkie("ProvingDeadlines");
      long live = count(deadlines, "Live");
      long faulty = count(deadlines, "Faulty");
      long recovering = count(deadlines, "Recovering");
      long here = 0;
      for (JsonNode partition : deadlines.path(period.path("Index").asInt(0)).path("Partitions")) {
        here += sectors(partition, "Live").size();
      }
      if (json()) {
        ObjectNode info = period.deepCopy().asObject();
        info.put("Live", live).put("Faults", faulty).put("Recovering", recovering);
        print(out, info.put("DeadlineSectors", here));
        return;
      }
      long now = period.path("CurrentEpoch").asLong(0);
      long start = period.path("PeriodStart").asLong(0);
      long length = period.path("PeriodEpochs").asLong(1);
      printMiner(api, paint(), out);
      out.println("Current Epoch:           " + now);
      out.println("Proving Period Boundary: " + start % length);
      out.println("Proving Period Start:    " + epoch(start, now));
      out.println("Next Period Start:       " + epoch(start + length, now));
      out.println();
      // Whole percents with two zeros, as the reference divides.
      out.println(
          "Faults:      " + faulty + " (" + (live == 0 ? 0 : faulty * 100 / live) + ".00%)");
      out.println("Recovering:  " + recovering);
      out.println("Deadline Index:       " + period.path("Index").asString());
      out.println("Deadline Sectors:     " + here);
      out.println("Deadline Open:        " + epoch(period.path("Open").asLong(0), now));
      out.println("Deadline Close:       " + epoch(period.path("Close").asLong(0), now));
      out.println("Deadline Challenge:   " + epoch(period.path("Challenge").asLong(0), now));
      out.println("Deadline FaultCutoff: " + epoch(period.path("FaultCutoff").asLong(0), now));
    }

    private static String epoch(long epoch, long now) {
      return Format.epoch(epoch, OptionalLong.of(now));
    }

    private static long count(JsonNode deadlines, String set) {
      return deadlines
          .valueStream()
          .flatMap(deadline -> deadline.path("Partitions").valueStream())
          .mapToLong(partition -> sectors(partition, set).size())
          .sum();
    }
  }

  @Command(
      name = "deadlines",
      description = "List the deadlines of the current proving period.",
      footer = {"", "Example:", "  selkie proving deadlines"})
  static final class Deadlines extends ApiCommand {

    @Option(
        names = {"-a", "--all"},
        description = "Count all sectors, terminated ones too (default: live ones).")
    boolean all;

    Deadlines(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode period = api.callSelkie("ProvingPeriod");
      JsonNode deadlines = api.callSelkie("ProvingDeadlines");
      long current = period.path("Index").asLong(-1);
      TabTable table = new TabTable();
      table.add("deadline", "open", "partitions", "sectors (faults)", "proven partitions");
      for (JsonNode deadline : deadlines) {
        long partitions = 0;
        long counted = 0;
        long faults = 0;
        for (JsonNode partition : deadline.path("Partitions")) {
          long size = sectors(partition, all ? "All" : "Live").size();
          partitions += all || size > 0 ? 1 : 0;
          counted += size;
          faults += sectors(partition, "Faulty").size();
        }
        long index = deadline.path("Index").asLong(0);
        if (json()) {
          printLine(
              out,
              mapper()
                  .createObjectNode()
                  .put("Index", index)
                  .put("Open", deadline.path("Open").asLong(0))
                  .put("Partitions", partitions)
                  .put("Sectors", counted)
                  .put("Faults", faults)
                  .put("ProvenPartitions", deadline.path("ProvenPartitions").asLong(0))
                  .put("Current", index == current));
          continue;
        }
        String open =
            timeOf(period, deadline.path("Open").asLong(0), environment.clock().getZone());
        String sectors = counted + " (" + faults + ")";
        String proven = deadline.path("ProvenPartitions").asString();
        if (index == current) {
          table.add(index, open, partitions, sectors, proven, "(current)");
        } else {
          table.add(index, open, partitions, sectors, proven);
        }
      }
      if (!json()) {
        printMiner(api, paint(), out);
        table.print(out);
      }
    }
  }

  @Command(
      name = "deadline",
      description = "Show a deadline with its partitions.",
      footer = {"", "Example:", "  selkie proving deadline 3 --sector-nums"})
  static final class Deadline extends ApiCommand {

    /** More numbers than fit a terminal are of no use there. */
    private static final int MOST_NUMBERS = 1_000_000;

    private static final List<String> SETS =
        List.of("All", "Live", "Active", "Faulty", "Recovering");

    @Parameters(paramLabel = "INDEX", description = "The deadline, from 0.")
    String index = "";

    @Option(
        names = {"-n", "--sector-nums"},
        description = "Show the numbers of the sectors.")
    boolean numbers;

    @Option(
        names = {"-b", "--bitfield"},
        description = "Show how the sets are stored.")
    boolean bitfield;

    Deadline(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode deadline = deadline(api, index);
      if (json()) {
        print(out, deadline);
        return;
      }
      JsonNode period = api.callSelkie("ProvingPeriod");
      long at = deadline.path("Index").asLong(0);
      out.println("Deadline Index:           " + at);
      out.println(
          "Deadline Open:            "
              + timeOf(period, deadline.path("Open").asLong(0), environment.clock().getZone()));
      out.println("Partitions:               " + deadline.path("Partitions").size());
      out.println("Proven Partitions:        " + deadline.path("ProvenPartitions").asString());
      out.println("Current:                  " + (at == period.path("Index").asLong(-1)));
      out.println();
      for (JsonNode partition : deadline.path("Partitions")) {
        out.println("Partition Index:          " + partition.path("Index").asString());
        for (String set : SETS) {
          printSet(set, sectors(partition, set), out);
        }
      }
    }

    private void printSet(String name, BitField sectors, PrintWriter out) {
      out.println(
          "\t"
              + name
              + " Sectors:"
              + " ".repeat(18 - name.length())
              + sectors.size()
              + (bitfield ? encoding(sectors) : ""));
      if (numbers) {
        out.println(
            "\t"
                + name
                + " Sector Numbers:"
                + " ".repeat(12 - name.length())
                + LongStream.of(sectors.members(MOST_NUMBERS))
                    .mapToObj(Long::toString)
                    .collect(Collectors.joining(" ", "[", "]")));
      }
    }

    /** Zero runs, one runs, their sum, and the bytes of RLE+ with the head of its byte string. */
    private static String encoding(BitField sectors) {
      long ones = sectors.size();
      long oneRuns = sectors.runs().size();
      boolean startsWithOne = sectors.contains(0);
      long zeroRuns = oneRuns == 0 || !startsWithOne ? oneRuns : oneRuns - 1;
      long zeros = sectors.end() - ones;
      int encoded = sectors.toRlePlus().length;
      int bytes = encoded + (encoded < 24 ? 1 : encoded < 256 ? 2 : 3);
      return " (bitfield - runs %d+%d=%d - %d 0s %d 1s - 0 inv - %s %dB)"
          .formatted(zeroRuns, oneRuns, zeroRuns + oneRuns, zeros, ones, Format.size(bytes), bytes);
    }
  }

  @Command(
      name = "faults",
      description = "List the faulty sectors.",
      footer = {"", "Example:", "  selkie proving faults"})
  static final class Faults extends ApiCommand {

    Faults(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      TabTable table = new TabTable();
      table.add("deadline", "partition", "sectors");
      for (JsonNode deadline : api.callSelkie("ProvingDeadlines")) {
        for (JsonNode partition : deadline.path("Partitions")) {
          for (BitField.Run run : sectors(partition, "Faulty").runs()) {
            for (long sector = run.from(); sector < run.to(); sector++) {
              if (json()) {
                printLine(
                    out,
                    mapper()
                        .createObjectNode()
                        .put("Deadline", deadline.path("Index").asLong(0))
                        .put("Partition", partition.path("Index").asLong(0))
                        .put("Sector", sector));
              } else {
                table.add(
                    deadline.path("Index").asString(), partition.path("Index").asString(), sector);
              }
            }
          }
        }
      }
      if (!json()) {
        printMiner(api, paint(), out);
        table.print(out);
      }
    }
  }
}
