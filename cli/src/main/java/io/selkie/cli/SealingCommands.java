package io.selkie.cli;

import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.WireSectorId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sealing}: what is worked on at the moment. */
final class SealingCommands {

  private SealingCommands() {}

  static CommandLine all(CliEnvironment environment) {
    return Group.of("sealing", "Look at the work on sectors.")
        .addSubcommand(new Jobs(environment))
        .addSubcommand(new SealingWorkers(environment, true))
        .addSubcommand(new SchedDiag(environment))
        .addSubcommand(new Abort(environment))
        .addSubcommand(new DataCid(environment));
  }

  /** A job with the worker it runs at. */
  private record Job(String worker, JsonNode job) {

    long runWait() {
      return job.path("RunWait").asLong(0);
    }

    Instant start() {
      return Instant.parse(job.path("Start").asString("0001-01-01T00:00:00Z"));
    }

    String id() {
      return job.path("ID").path("ID").asString("");
    }

    /** A job's first eight hexadecimal digits are what people see. */
    static String shortId(String uuid) {
      return uuid.replace("-", "").substring(0, Math.min(8, uuid.replace("-", "").length()));
    }
  }

  private static List<Job> jobs(Api api) throws CommandFailed {
    List<Job> jobs = new ArrayList<>();
    for (Map.Entry<String, JsonNode> worker : api.call("WorkerJobs").properties()) {
      worker.getValue().forEach(job -> jobs.add(new Job(worker.getKey(), job)));
    }
    jobs.sort(
        Comparator.comparingLong(Job::runWait).thenComparing(Job::start).thenComparing(Job::id));
    return jobs;
  }

  @Command(
      name = "jobs",
      description = "List the work at the workers.",
      footer = {"", "Example:", "  selkie sealing jobs"})
  static final class Jobs extends ApiCommand {

    /** The year Go's zero time lies in: no start is known. */
    private static final Instant UNSET = Instant.parse("0001-01-01T00:00:00Z");

    private static final long CONSUMED = -3;

    @Option(names = "--show-ret-done", description = "Show results that were taken already, too.")
    boolean showConsumed;

    Jobs(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      List<Job> jobs = jobs(api);
      JsonNode workers = api.call("WorkerStats");
      TabTable table = new TabTable();
      table.add("ID", "Sector", "Worker", "Hostname", "Task", "State", "Time");
      for (Job job : jobs) {
        if (job.runWait() == CONSUMED && !showConsumed) {
          continue;
        }
        String host =
            workers
                .path(job.worker())
                .path("Info")
                .path("Hostname")
                .asString(job.job().path("Hostname").asString(""));
        if (json()) {
          ObjectNode line = job.job().deepCopy().asObject();
          line.put("Worker", job.worker()).put("Hostname", host);
          printLine(out, line.put("State", state(job.runWait())));
          continue;
        }
        table.add(
            Job.shortId(job.id()),
            job.job().path("Sector").path("Number").asString(),
            Job.shortId(job.worker()),
            host,
            TaskNames.shortName(job.job().path("Task").asString("")),
            state(job.runWait()),
            time(job.start()));
      }
      if (!json()) {
        table.print(out);
      }
    }

    private String time(Instant start) {
      return start.equals(UNSET)
          ? "n/a"
          : Format.goTenths(Duration.between(start, environment.clock().instant()));
    }

    private static String state(long runWait) {
      if (runWait > 1) {
        return "assigned(" + (runWait - 1) + ")";
      }
      return switch ((int) runWait) {
        case 1 -> "prepared";
        case -1 -> "ret-wait";
        case -2 -> "returned";
        case -3 -> "ret-done";
        default -> "running";
      };
    }
  }

  @Command(
      name = "sched-diag",
      description = "Show what the scheduler knows, as JSON.",
      footer = {"", "Example:", "  selkie sealing sched-diag"})
  static final class SchedDiag extends ApiCommand {

    @Option(names = "--force-sched", description = "Assign work now, then look.")
    boolean force;

    SchedDiag(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      print(out, api.call("SealingSchedDiag", force));
    }
  }

  @Command(
      name = "abort",
      description = "End a job with an error, or drop a request that waits for a worker.",
      footer = {"", "Example:", "  selkie sealing abort 1f2e3d4c"})
  static final class Abort extends ApiCommand {

    @Parameters(paramLabel = "ID", description = "How the job's id begins; with --sched all of it.")
    String id = "";

    @Option(names = "--sched", description = "ID is a request of sched-diag.")
    boolean request;

    Abort(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if (request) {
        try {
          api.call("SealingRemoveRequest", UUID.fromString(id));
        } catch (IllegalArgumentException e) {
          throw new CommandFailed("'" + id + "' is no request id", e);
        }
      } else {
        abort(api, out);
      }
      if (json()) {
        out.println("null");
      }
    }

    private void abort(Api api, PrintWriter out) throws CommandFailed {
      Job job =
          jobs(api).stream()
              .filter(each -> each.id().startsWith(id) || Job.shortId(each.id()).startsWith(id))
              .findFirst()
              .orElseThrow(() -> new CommandFailed("job with specified id prefix not found"));
      JsonNode sector = job.job().path("ID").path("Sector");
      WireSectorId of =
          new WireSectorId(sector.path("Miner").longValue(), sector.path("Number").longValue());
      if (!json()) {
        out.println(
            "aborting job "
                + (of.miner() + "-" + of.number() + "-" + job.id())
                + ", task "
                + TaskNames.shortName(job.job().path("Task").asString(""))
                + ", sector "
                + job.job().path("Sector").path("Number").asString()
                + ", running on host "
                + job.job().path("Hostname").asString(""));
      }
      api.call("SealingAbort", new CallId(of, UUID.fromString(job.id())));
    }
  }

  @Command(
      name = "data-cid",
      description = {
        "Compute the piece CID of a file, at the node.",
        "The file is filled up with zeros to the next piece size, or to SIZE."
      },
      footer = {"", "Examples:", "  selkie sealing data-cid photo.car 1048576"})
  static final class DataCid extends ApiCommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "The file.")
    Path file = Path.of("");

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "SIZE",
        description = "The padded size of the piece in bytes: a power of two, 128 at least.")
    @Nullable Long size;

    @Option(
        names = "--file-size",
        paramLabel = "BYTES",
        description = "Take this many bytes of the file (default: all).")
    @Nullable Long fileSize;

    DataCid(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      try {
        long length = fileSize == null ? Files.size(file) : fileSize;
        UnpaddedPieceSize piece = piece(length);
        JsonNode answer;
        try (InputStream data =
            ProgressStream.over(
                new ZeroFilled(Files.newInputStream(file), length, piece.bytes(), file.toString()),
                progress("computing", piece.bytes()))) {
          answer = api.call("ComputeDataCid", piece.bytes(), data);
        }
        if (json()) {
          print(out, answer);
        } else {
          out.println(
              answer.path("PieceCID").path("/").asString("<nil>")
                  + "   "
                  + answer.path("Size").asString());
        }
      } catch (IOException e) {
        throw CommandFailed.ofFile("reading " + file, e);
      }
    }

    private UnpaddedPieceSize piece(long length) throws CommandFailed {
      if (length < 1) {
        throw new CommandFailed(file + " is empty; a piece has at least one byte");
      }
      if (size == null) {
        return UnpaddedPieceSize.fitting(length);
      }
      try {
        UnpaddedPieceSize piece = new PaddedPieceSize(size).unpadded();
        if (length > piece.bytes()) {
          throw new CommandFailed("file larger than the piece");
        }
        return piece;
      } catch (IllegalArgumentException e) {
        throw new CommandFailed(String.valueOf(e.getMessage()), e);
      }
    }
  }
}
