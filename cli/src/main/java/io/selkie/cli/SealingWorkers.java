package io.selkie.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code sealing workers} and {@code proving workers}. */
@Command(
    name = "workers",
    description = "List the workers and what they are busy with.",
    footer = {"", "Examples:", "  selkie sealing workers", "  selkie proving workers"})
final class SealingWorkers extends ApiCommand {

  private static final int BAR_COLUMNS = 64;

  private final boolean sealing;

  /**
   * @param sealing whether those that seal are meant, or those that prove over time
   */
  SealingWorkers(CliEnvironment environment, boolean sealing) {
    super(environment);
    this.sealing = sealing;
  }

  /** Whether a worker is of the other kind; one without tasks is shown with both. */
  static boolean isOther(JsonNode worker, boolean sealing) {
    JsonNode first = worker.path("Tasks").path(0);
    return first.isString() && first.asString().startsWith("post/") == sealing;
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    Map<String, JsonNode> workers = new TreeMap<>();
    api.call("WorkerStats")
        .properties()
        .forEach(each -> {
          if (!isOther(each.getValue(), sealing)) {
            workers.put(each.getKey(), each.getValue());
          }
        });
    workers.forEach((id, worker) -> {
      if (json()) {
        ObjectNode line = mapper().createObjectNode().put("ID", id);
        line.setAll(worker.deepCopy().asObject());
        printLine(out, line);
      } else {
        print(id, worker, out);
      }
    });
  }

  private void print(String id, JsonNode worker, PrintWriter out) {
    Paint paint = paint();
    JsonNode resources = worker.path("Info").path("Resources");
    out.println(
        "Worker "
            + id
            + ", host "
            + paint.magenta(worker.path("Info").path("Hostname").asString(""))
            + (worker.path("Enabled").asBoolean(true) ? "" : paint.red(" (disabled)")));
    String tasks = tasks(worker);
    if (!tasks.isEmpty()) {
      out.println("\tTASK: " + tasks);
    }
    long cpus = resources.path("CPUs").asLong(0);
    long cpuUse = worker.path("CpuUse").asLong(0);
    out.println(
        "\tCPU:  ["
            + bar((double) cpus, 0, (double) cpuUse)
            + "] "
            + cpuUse
            + "/"
            + cpus
            + " core(s) in use");
    long physical = resources.path("MemPhysical").asLong(0);
    long used = resources.path("MemUsed").asLong(0);
    printMemory("RAM: ", physical, used, worker.path("MemUsedMin").asLong(0), out);
    printMemory(
        "VMEM:",
        physical + resources.path("MemSwap").asLong(0),
        used + resources.path("MemSwapUsed").asLong(0),
        worker.path("MemUsedMax").asLong(0),
        out);
    printGpus(worker, resources.path("GPUs"), out);
  }

  private String tasks(JsonNode worker) {
    Map<String, String> texts = new TreeMap<>(TaskNames.order());
    for (Map.Entry<String, JsonNode> each : worker.path("TaskCounts").properties()) {
      long count = each.getValue().asLong(0);
      int colon = each.getKey().indexOf(':');
      if (count == 0 || colon < 0) {
        continue;
      }
      String proof = each.getKey().substring(0, colon);
      String task = each.getKey().substring(colon + 1);
      long most =
          worker
              .path("Info")
              .path("Resources")
              .path("Resources")
              .path(task)
              .path(proof)
              .path("MaxConcurrent")
              .asLong(0);
      String number = Long.toString(count);
      String shown =
          most == 0
              ? paint().cyan(number)
              : (count < most ? paint().green(number) : paint().yellow(number)) + "/" + most;
      texts.merge(
          task, paint().blue(TaskNames.shortName(task)) + "(" + shown + ") ", String::concat);
    }
    return String.join("", texts.values());
  }

  /** What tasks need counts as used, also before the system notices. */
  private void printMemory(String name, long total, long used, long tasks, PrintWriter out) {
    long others = Math.max(0, used - tasks);
    long percent = total == 0 ? 0 : (tasks + others) * 100 / total;
    out.println(
        "\t"
            + name
            + " ["
            + bar((double) total, (double) others, (double) tasks)
            + "] "
            + percent
            + "% "
            + Format.size(tasks + others)
            + "/"
            + Format.size(total));
  }

  private void printGpus(JsonNode worker, JsonNode gpus, PrintWriter out) {
    int count = gpus.size();
    if (count == 0) {
      return;
    }
    double used = worker.path("GpuUsed").asDouble(0);
    out.printf(
        Locale.ROOT,
        "\tGPU:  [%s] %.0f%% %.2f/%d gpu(s) in use%n",
        bar(count, 0, used),
        used * 100 / count,
        used,
        count);
    for (JsonNode gpu : gpus) {
      String text = gpu.asString() + (used > 0 ? ", used" : ", not used");
      out.println("\tGPU: " + (used > 0 ? paint().green(text) : paint().blue(text)));
    }
  }

  private String bar(double total, double others, double own) {
    int first = columns(others, total);
    int second = columns(own, total);
    return paint().yellow("|".repeat(first))
        + paint().green("|".repeat(second))
        + " ".repeat(Math.max(0, BAR_COLUMNS - first - second));
  }

  private static int columns(double part, double total) {
    return total == 0 ? 0 : Math.clamp(Math.round(part / total * BAR_COLUMNS), 0, BAR_COLUMNS);
  }
}
