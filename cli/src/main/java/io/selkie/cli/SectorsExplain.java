package io.selkie.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sectors explain}. */
@Command(
    name = "explain",
    description =
        "Say why a sector is where it is, since when, what was tried, what wakes it, where each"
            + " outcome leads and what is at risk.",
    footer = {
      "",
      "Examples:",
      "  selkie sectors explain 7",
      "  selkie sectors explain 7 --all     also the events that every state accepts",
      "  selkie sectors explain 7 --json"
    })
final class SectorsExplain extends ApiCommand {

  private static final String INDENT = "         ";

  @Parameters(paramLabel = "NUMBER", description = "The sector's number.")
  String number = "";

  @Option(names = "--all", description = "Show also the events that every state accepts.")
  boolean all;

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
    out.println("Sector " + number + " is in " + state(told.path("State")) + ".");
    out.println("Does:    " + told.path("Meaning").asString());
    out.println("Since:   " + time(told.path("Since").asString()));
    came(out, told.path("Came"));
    out.println("Now:     " + told.path("Now").asString());
    wakes(out, told.path("Wakes"));
    tried(out, told.path("Tried"));
    risks(out, told);
    table(out, "Leads:", told.path("Next"));
    if (all) {
      table(out, "Always:", told.path("Always"));
    }
  }

  private void came(PrintWriter out, JsonNode came) {
    if (!came.isObject()) {
      return;
    }
    out.println(
        "Because: "
            + came.path("Words").asString()
            + ", from "
            + state(came.path("From"))
            + " (entry "
            + came.path("Sequence").asString()
            + ")");
    reason(out, came.path("Reason"));
  }

  private static void reason(PrintWriter out, JsonNode reason) {
    reason.asString().lines().findFirst().ifPresent(line -> out.println(INDENT + line));
  }

  private void wakes(PrintWriter out, JsonNode wakes) {
    if (!wakes.isObject()) {
      return;
    }
    String at = time(wakes.path("At").asString());
    long epoch = wakes.path("Epoch").asLong(0);
    String expected =
        wakes.path("EpochAt").isString() ? ", " + time(wakes.path("EpochAt").asString()) : "";
    out.println(
        "Wakes:   " + (epoch == 0 ? at : "at epoch " + epoch + expected + "; at the latest " + at));
    for (JsonNode then : wakes.path("Then")) {
      out.println(INDENT + "then " + outcome(then));
    }
  }

  private void tried(PrintWriter out, JsonNode tried) {
    String title = "Tried:   ";
    for (JsonNode each : tried) {
      long times = each.path("Times").asLong(1);
      String words = each.path("Words").asString();
      out.println(
          title
              + state(each.path("State"))
              + ": "
              + (words.isEmpty() ? "stood still" : words)
              + (times == 1 ? ", " : ", " + times + " times, last ")
              + time(each.path("Last").asString()));
      reason(out, each.path("Reason"));
      title = INDENT;
    }
  }

  private void risks(PrintWriter out, JsonNode told) {
    String title = "At risk: ";
    for (JsonNode risk : told.path("Risks")) {
      String at = risk.path("At").isString() ? ", " + time(risk.path("At").asString()) : "";
      String line =
          "epoch " + risk.path("Epoch").asString() + at + ": " + risk.path("What").asString();
      out.println(title + (risk.path("Passed").asBoolean() ? paint().red(line) : line));
      title = INDENT;
    }
    String trouble = told.path("ChainTrouble").asString();
    if (!trouble.isEmpty()) {
      out.println("Chain:   does not answer: " + trouble);
    }
  }

  private void table(PrintWriter out, String title, JsonNode next) {
    String first = title;
    for (JsonNode each : next) {
      out.println(String.format("%-9s", first) + outcome(each));
      first = "";
    }
  }

  private String outcome(JsonNode next) {
    String condition = next.path("Condition").asString();
    String to = next.path("State").asString();
    String words = next.path("Words").asString();
    return (next.path("Failure").asBoolean() ? paint().red(words) : words)
        + (to.isEmpty() ? "" : " -> " + state(next.path("State")))
        + (condition.isEmpty() ? "" : " (" + condition + ")");
  }

  private String state(JsonNode name) {
    String text = name.asString();
    return text.isEmpty() ? "(new)" : paint().in(StateNames.colour(text), text);
  }

  /** {@code 2026-03-01T12:00:00Z (2 hours ago)}. */
  private String time(String text) {
    try {
      Instant at = Instant.parse(text).truncatedTo(ChronoUnit.SECONDS);
      long seconds = Duration.between(environment.clock().instant(), at).toSeconds();
      String words = Format.words(Math.abs(seconds));
      return at + (seconds > 0 ? " (in " + words + ")" : " (" + words + " ago)");
    } catch (DateTimeParseException _) {
      return text;
    }
  }
}
