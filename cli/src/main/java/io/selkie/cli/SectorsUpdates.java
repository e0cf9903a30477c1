package io.selkie.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Looking before a state is forced, and taking it back afterwards. */
final class SectorsUpdates {

  private SectorsUpdates() {}

  @Command(
      name = "update-plan",
      description = "Say what forcing a state would meet; changes nothing.",
      footer = {"", "Example:", "  selkie sectors update-plan 7 Proving"})
  static final class Plan extends ApiCommand {

    @Parameters(index = "0", paramLabel = "NUMBER", description = "The sector's number.")
    String number = "";

    @Parameters(index = "1", paramLabel = "STATE", description = "The state's name.")
    String state = "";

    Plan(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode plan =
          api.callSelkie(
              "SectorsUpdatePlan", sectorNumber(number, "could not parse sector number: "), state);
      if (json()) {
        print(out, plan);
        return;
      }
      out.println(
          "Sector "
              + number
              + ": "
              + plan.path("From").asString()
              + " -> "
              + plan.path("To").asString()
              + taken(plan));
      if (!plan.path("Meaning").asString().isEmpty()) {
        out.println("Meaning: " + plan.path("Meaning").asString());
      }
      plan.path("Objections").forEach(each -> out.println("Against: " + each.asString()));
      for (JsonNode file : plan.path("Files")) {
        String where =
            file.path("Paths").isEmpty()
                ? "missing"
                : String.join(
                    " ", file.path("Paths").valueStream().map(JsonNode::asString).toList());
        out.println("File:    " + file.path("Kind").asString() + " " + where);
      }
      String chain = plan.path("Chain").asString();
      out.println("Chain:   " + (chain.isEmpty() ? "not alive" : chain));
      for (JsonNode next : plan.path("Next")) {
        out.println(
            "Next:    " + next.path("Event").asString() + " -> " + next.path("State").asString());
      }
    }

    private static String taken(JsonNode plan) {
      if (plan.path("Taken").asBoolean()) {
        return " would be taken";
      }
      return plan.path("TakenByForce").asBoolean()
          ? " would be taken with --force only"
          : " would be refused";
    }
  }

  @Command(
      name = "undo-update",
      description = "Take a forced state back, if nothing has happened to the sector since.",
      footer = {"", "Example:", "  selkie sectors undo-update --really-do-it 7-12"})
  static final class Undo extends ApiCommand {

    @Parameters(paramLabel = "TOKEN", description = "What forcing the state has printed.")
    String token = "";

    @Option(names = "--really-do-it", description = "Yes, do it.")
    boolean reallyDoIt;

    Undo(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if (!reallyDoIt) {
        throw new CommandFailed(SectorsCommands.FOR_ADVANCED_USERS);
      }
      JsonNode state = api.callSelkie("SectorsUpdateUndo", token);
      if (json()) {
        print(out, state);
      } else {
        out.println("The sector is in " + state.asString() + " again.");
      }
    }
  }
}
