package io.selkie.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code storage trash} and {@code untrash}: removed files that are still kept. */
final class TrashCommands {

  private TrashCommands() {}

  @Command(
      name = "trash",
      description = "List removed files that are still kept, or delete one for good.",
      footer = {"", "Example:", "  selkie storage trash"})
  static final class Trash extends ApiCommand {

    @Option(
        names = "--purge",
        paramLabel = "ENTRY",
        description = "Delete this one for good, at once.")
    @Nullable String purge;

    Trash(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode all = api.callSelkie("TrashList");
      if (purge != null) {
        api.callSelkie("TrashPurge", pathOf(all, purge), purge);
        if (json()) {
          out.println("null");
        }
      } else if (json()) {
        all.forEach(each -> printLine(out, each));
      } else {
        for (JsonNode each : all) {
          out.println(
              each.path("Entry").asString()
                  + "\t"
                  + Format.size(each.path("Bytes").asLong(0))
                  + "\tkept until "
                  + each.path("KeptUntil").asString());
        }
      }
    }
  }

  @Command(
      name = "untrash",
      description = "Put a removed file back in its place.",
      footer = {
        "",
        "Example:",
        "  selkie storage untrash 20260203T040506.789Z-sealed-s-t01000-3-terminated"
      })
  static final class Untrash extends ApiCommand {

    @Parameters(paramLabel = "ENTRY", description = "Its name, as `storage trash` lists it.")
    String entry = "";

    Untrash(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      api.callSelkie("TrashRestore", pathOf(api.callSelkie("TrashList"), entry), entry);
      if (json()) {
        out.println("null");
      }
    }
  }

  /** The path that has this entry; the same sector may have been removed from two at once. */
  private static String pathOf(JsonNode all, String entry) throws CommandFailed {
    List<String> paths = new ArrayList<>();
    for (JsonNode each : all) {
      if (each.path("Entry").asString().equals(entry)) {
        paths.add(each.path("Path").asString());
      }
    }
    if (paths.isEmpty()) {
      throw new CommandFailed("no entry '" + entry + "' in the trash; `storage trash` lists them");
    }
    return paths.getFirst();
  }
}
