package io.selkie.cli;

import io.selkie.rpc.api.UnsealOptions;
import java.io.PrintWriter;
import java.math.BigInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code unseal}: recovering client data from sealed sectors, as jobs. */
final class UnsealCommands {

  /** How often a waiting command looks: a person's patience, and no load for the node. */
  private static final long LOOK_MS = 500;

  private static final int BAR_CELLS = 30;

  private static final String NUMBER_ERROR = "could not parse sector number: ";

  private UnsealCommands() {}

  static CommandLine all(CliEnvironment environment) {
    return Group.of("unseal", "Recover client data from sealed sectors.")
        .addSubcommand(new Start(environment))
        .addSubcommand(new Status(environment))
        .addSubcommand(new List(environment))
        .addSubcommand(new Cancel(environment));
  }

  /** One line about a job. */
  static String line(JsonNode job) {
    StringBuilder out = new StringBuilder("job ").append(job.path("ID").asString());
    out.append("  sector ").append(job.path("Sector").path("Number").asString());
    out.append("  ").append(job.path("State").asString());
    if (job.path("Priority").asInt(0) != 0) {
      out.append("  priority ").append(job.path("Priority").asString());
    }
    if (job.path("Total").asLong(0) > 0 && job.path("State").asString().equals("Running")) {
      out.append("  ").append(bar(job));
    }
    if (job.path("NextTry").isString()) {
      out.append("  next try at ").append(job.path("NextTry").asString());
    }
    if (!job.path("LastError").asString().isEmpty()) {
      out.append("  (").append(job.path("LastError").asString()).append(')');
    }
    return out.toString();
  }

  private static String bar(JsonNode job) {
    long total = job.path("Total").asLong(1);
    long done = Math.clamp(job.path("Done").asLong(0), 0L, total);
    int cells = (int) (BAR_CELLS * (double) done / total);
    return "["
        + "#".repeat(cells)
        + ".".repeat(BAR_CELLS - cells)
        + "] "
        + (int) (100.0 * done / total)
        + "% "
        + job.path("Phase").asString();
  }

  private static void show(PrintWriter out, JsonNode job, boolean json) {
    if (json) {
      ApiCommand.print(out, job);
    } else {
      out.println(line(job));
    }
  }

  /**
   * Looks until the job has ended; a line for every change, at most one per look, which on a
   * terminal takes the place of the one before.
   */
  private static JsonNode await(
      Api api, PrintWriter out, JsonNode started, boolean json, Progress live)
      throws CommandFailed {
    JsonNode job = started;
    String shown = line(started);
    live.show(shown);
    while (!job.path("Ended").isString()) {
      try {
        Thread.sleep(LOOK_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailed("interrupted; the job goes on", e);
      }
      job = api.callSelkie("UnsealStatus", job.path("ID").asLong());
      boolean ended = job.path("Ended").isString();
      if (!json && !line(job).equals(shown)) {
        shown = line(job);
        live.show(shown);
        if (!live.isShown() && !ended) {
          out.println(shown);
          out.flush();
        }
      }
    }
    return job;
  }

  @Command(
      name = "start",
      description = "Unseal a sector, as a job that goes on without this command.",
      footer = {"", "Examples:", "  selkie unseal start 7", "  selkie unseal start 7 --wait"})
  static final class Start extends ApiCommand {

    @Parameters(paramLabel = "NUMBER", description = "The sector's number.")
    String number = "";

    @Option(
        names = "--priority",
        paramLabel = "P",
        description = "The higher, the sooner (default ${DEFAULT-VALUE}).")
    int priority;

    @Option(
        names = "--offset",
        paramLabel = "BYTES",
        description = "Where the wanted range begins, unpadded, a multiple of 127.")
    long offset;

    @Option(
        names = "--size",
        paramLabel = "BYTES",
        description = "Its length, a multiple of 127; 0 is the rest of the sector.")
    long size;

    @Option(names = "--wait", description = "Stay until it has ended, and show how far it is.")
    boolean wait;

    Start(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      BigInteger sector = sectorNumber(number, NUMBER_ERROR);
      JsonNode job =
          api.callSelkie("UnsealStart", sector, new UnsealOptions(priority, offset, size));
      if (!wait) {
        show(out, job, json());
        return;
      }
      JsonNode ended;
      try (Progress live = progress("", 0)) {
        if (!json() && !live.isShown()) {
          out.println(line(job));
          out.flush();
        }
        ended = await(api, out, job, json(), live);
      }
      if (json()) {
        print(out, ended);
      } else if (!line(ended).equals(line(job))) {
        out.println(line(ended));
      }
      if (!ended.path("State").asString().equals("Done")) {
        throw new CommandFailed(
            "unsealing job "
                + ended.path("ID").asString()
                + ": "
                + ended.path("State").asString()
                + ": "
                + ended.path("LastError").asString());
      }
    }
  }

  @Command(
      name = "status",
      description = "Show a job.",
      footer = {"", "Example:", "  selkie unseal status 3"})
  static final class Status extends OneJob {

    Status(CliEnvironment environment) {
      super(environment, "UnsealStatus");
    }
  }

  @Command(
      name = "cancel",
      description = "Take a job back, whoever waits for it.",
      footer = {"", "Example:", "  selkie unseal cancel 3"})
  static final class Cancel extends OneJob {

    Cancel(CliEnvironment environment) {
      super(environment, "UnsealCancel");
    }
  }

  @Command(
      name = "list",
      description = "List the jobs that are remembered, the oldest first.",
      footer = {"", "Example:", "  selkie unseal list"})
  static final class List extends ApiCommand {

    List(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode jobs = api.callSelkie("UnsealList");
      if (json()) {
        jobs.forEach(job -> printLine(out, job));
      } else {
        jobs.forEach(job -> out.println(line(job)));
      }
    }
  }

  /** A command about one job. */
  abstract static class OneJob extends ApiCommand {

    @Parameters(paramLabel = "JOB", description = "The job's number.")
    long job;

    private final String method;

    OneJob(CliEnvironment environment, String method) {
      super(environment);
      this.method = method;
    }

    @Override
    final void run(Api api, PrintWriter out) throws CommandFailed {
      show(out, api.callSelkie(method, job), json());
    }
  }
}
