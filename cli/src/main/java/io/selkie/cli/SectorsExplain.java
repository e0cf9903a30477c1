package io.selkie.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sectors explain}. */
@Command(
    name = "explain",
    description =
        "Say why a sector is where it is, what wakes it, where it can go and what is due.",
    footer = {"", "Examples:", "  selkie sectors explain 7", "  selkie sectors explain 7 --json"})
final class SectorsExplain extends ApiCommand {

  @Parameters(paramLabel = "NUMBER", description = "The sector's number.")
  String number = "";

  SectorsExplain(CliEnvironment environment) {
    super(environment);
  }

  @Override
  void run(Api api, PrintWriter out) throws CommandFailed {
    JsonNode told = api.sectorExplain(sectorNumber(number, ""));
    if (json()) {
      print(out, told);
      return;
    }
    out.println(
        "Sector "
            + number
            + " is in "
            + told.path("State").asString()
            + ": "
            + told.path("Meaning").asString());
    out.println("Since:  " + told.path("Since").asString());
    out.println("Now:    " + told.path("Now").asString());
    if (told.path("WaitsForEpoch").asLong(0) != 0) {
      out.println("Wakes:  at epoch " + told.path("WaitsForEpoch").asString());
    } else if (told.path("WaitsUntil").isString()) {
      out.println("Wakes:  " + told.path("WaitsUntil").asString());
    }
    for (JsonNode deadline : told.path("Deadlines")) {
      out.println(
          "Due:    by epoch "
              + deadline.path("Epoch").asString()
              + ", "
              + deadline.path("What").asString());
    }
    for (JsonNode next : told.path("Next")) {
      out.println(
          "Next:   " + next.path("Event").asString() + " -> " + next.path("State").asString());
    }
  }
}
