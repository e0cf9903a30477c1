package io.selkie.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What waits to be gathered: pieces for a sector, pre-commits and commits for a message. */
final class BatchingCommands {

  private BatchingCommands() {}

  static List<CommandLine> all(CliEnvironment environment) {
    CommandLine batching =
        Group.of("batching", "Look at messages that are being gathered and send them.")
            .addSubcommand(new Commit(environment))
            .addSubcommand(new PreCommit(environment));
    return List.of(
        batching,
        new CommandLine(new SetSealDelay(environment)),
        new CommandLine(new MatchPendingPieces(environment)));
  }

  @Command(
      name = "commit",
      description = "List the sectors whose proofs wait to be sent.",
      footer = {"", "Example:", "  selkie sectors batching commit --publish-now"})
  static final class Commit extends Batch {

    Commit(CliEnvironment environment) {
      super(environment, "SectorCommitPending", "SectorCommitFlush");
    }
  }

  @Command(
      name = "precommit",
      description = "List the sectors whose pre-commits wait to be sent.",
      footer = {"", "Example:", "  selkie sectors batching precommit --publish-now"})
  static final class PreCommit extends Batch {

    PreCommit(CliEnvironment environment) {
      super(environment, "SectorPreCommitPending", "SectorPreCommitFlush");
    }
  }

  /** Either batch. */
  abstract static class Batch extends ApiCommand {

    private final String pendingMethod;
    private final String flushMethod;

    @Option(names = "--publish-now", description = "Send them now.")
    boolean publishNow;

    Batch(CliEnvironment environment, String pendingMethod, String flushMethod) {
      super(environment);
      this.pendingMethod = pendingMethod;
      this.flushMethod = flushMethod;
    }

    @Override
    final void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode result = api.call(publishNow ? flushMethod : pendingMethod);
      if (json()) {
        result.forEach(each -> printLine(out, each));
      } else if (publishNow) {
        printFlushed(out, result);
      } else if (result.isEmpty()) {
        out.println("No sectors queued to be committed");
      } else {
        result.forEach(sector -> out.println(sector.path("Number").asString()));
        if (wanted(out)) {
          printFlushed(out, api.call(flushMethod));
        }
      }
    }

    /** Asks until the answer is one; who cannot answer does not want it. */
    private boolean wanted(PrintWriter out) throws CommandFailed {
      try {
        while (true) {
          out.print("Do you want to publish these sectors now? (yes/no): ");
          out.flush();
          String answer = environment.terminal().input().readLine();
          if (answer == null) {
            out.println();
            return false;
          }
          switch (answer.strip()) {
            case "yes" -> {
              return true;
            }
            case "no" -> {
              return false;
            }
            default -> out.println("Invalid input. Please answer with 'yes' or 'no'.");
          }
        }
      } catch (IOException e) {
        throw new CommandFailed("reading the answer: " + e.getMessage(), e);
      }
    }

    private static void printFlushed(PrintWriter out, JsonNode batches) {
      if (batches.isNull()) {
        out.println("no sectors to publish");
      }
      int at = 0;
      for (JsonNode batch : batches) {
        out.println("Batch " + at++ + ":");
        String error = batch.path("Error").asString("");
        out.println(
            error.isEmpty()
                ? "\tMessage: " + batch.path("Msg").path("/").asString("<nil>")
                : "\tError: " + error);
        out.println("\tSectors:");
        Map<String, String> failed =
            batch.path("FailedSectors").properties().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        each -> each.getValue().asString(),
                        (first, _) -> first,
                        TreeMap::new));
        for (JsonNode sector : batch.path("Sectors")) {
          String reason = failed.get(sector.asString());
          out.println("\t\t" + sector.asString() + (reason == null ? "\tOK" : "\tERROR " + reason));
        }
      }
    }
  }

  @Command(
      name = "set-seal-delay",
      description = "Set how long a sector waits for more pieces.",
      footer = {"", "Example:", "  selkie sectors set-seal-delay 30"})
  static final class SetSealDelay extends ApiCommand {

    @Parameters(paramLabel = "TIME", description = "Minutes, or seconds with --seconds.")
    long time;

    @Option(names = "--seconds", description = "TIME is in seconds.")
    boolean seconds;

    SetSealDelay(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      api.call("SectorSetSealDelay", seconds ? Duration.ofSeconds(time) : Duration.ofMinutes(time));
      if (json()) {
        out.println("null");
      }
    }
  }

  @Command(
      name = "match-pending-pieces",
      description = "Assign pieces that wait to open sectors now.",
      footer = {"", "Example:", "  selkie sectors match-pending-pieces"})
  static final class MatchPendingPieces extends ApiCommand {

    MatchPendingPieces(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      api.call("SectorMatchPendingPiecesToOpenSectors");
      if (json()) {
        out.println("null");
      }
    }
  }
}
