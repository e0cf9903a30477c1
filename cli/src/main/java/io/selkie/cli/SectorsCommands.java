package io.selkie.cli;

import io.selkie.rpc.RpcFault;
import java.io.PrintWriter;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code sectors} and its short sub-commands. */
final class SectorsCommands {

  static final String FOR_ADVANCED_USERS =
      "this is a command for advanced users, only use it if you are sure of what you are doing";

  private SectorsCommands() {}

  static CommandLine all(CliEnvironment environment) {
    CommandLine sectors =
        Group.of("sectors", "Look at sectors and move them along.")
            .addSubcommand(
                new CommandLine(new SectorsList(environment))
                    .addSubcommand(new SectorsOnChain.UpgradeBounds(environment)))
            .addSubcommand(new SectorsStatus(environment))
            .addSubcommand(new SectorsExplain(environment))
            .addSubcommand(new SectorsQuery(environment))
            .addSubcommand(new SectorsStatusBatch(environment))
            .addSubcommand(new SectorsInsight.Count(environment))
            .addSubcommand(new SectorsForecast(environment))
            .addSubcommand(new SectorsPast.History(environment))
            .addSubcommand(new SectorsPast.Diff(environment))
            .addSubcommand(new SectorsPast.SummaryAt(environment))
            .addSubcommand(new SectorsInsight.Watch(environment))
            .addSubcommand(new Refs(environment))
            .addSubcommand(new UpdateState(environment))
            .addSubcommand(new SectorsUpdates.Plan(environment))
            .addSubcommand(new SectorsUpdates.Undo(environment))
            .addSubcommand(new Restart(environment))
            .addSubcommand(new Pledge(environment))
            .addSubcommand(new SectorsAddPiece(environment))
            .addSubcommand(new Seal(environment))
            .addSubcommand(new Unseal(environment))
            .addSubcommand(new Remove(environment))
            .addSubcommand(SectorsTerminate.commandLine(environment))
            .addSubcommand(new SectorsOnChain.PreCommits(environment))
            .addSubcommand(new SectorsOnChain.CheckExpire(environment))
            .addSubcommand(new SectorsExpired(environment))
            .addSubcommand(new SnapUp(environment))
            .addSubcommand(new AbortUpgrade(environment));
    CommandLine numbers = NumbersCommands.all(environment);
    sectors.addSubcommand(numbers.getCommandSpec().name(), numbers);
    for (CommandLine each : BatchingCommands.all(environment)) {
      sectors.addSubcommand(each.getCommandSpec().name(), each);
    }
    return sectors;
  }

  private static final String NUMBER_ERROR = "could not parse sector number: ";

  @Command(
      name = "refs",
      description = "Show where deals lie.",
      footer = {"", "Example:", "  selkie sectors refs"})
  static final class Refs extends ApiCommand {

    Refs(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode refs = api.call("SectorsRefs");
      if (json()) {
        print(out, refs);
        return;
      }
      refs.properties()
          .forEach(deal -> {
            out.println("Block " + deal.getKey() + ":");
            for (JsonNode ref : deal.getValue()) {
              out.println(
                  "\t"
                      + ref.path("SectorID").asString()
                      + "+"
                      + ref.path("Offset").asString()
                      + " "
                      + ref.path("Size").asString()
                      + " bytes");
            }
          });
    }
  }

  @Command(
      name = "update-state",
      description = "Force a sector into a state.",
      footer = {
        "",
        "The state must be one, and must make sense for the sector; what is missing is named.",
        "",
        "Examples:",
        "  selkie sectors update-state --really-do-it 7 Proving",
        "  selkie sectors update-state --really-do-it --force 7 PreCommit1"
      })
  static final class UpdateState extends ApiCommand {

    @Parameters(index = "0", paramLabel = "NUMBER", description = "The sector's number.")
    String number = "";

    @Parameters(
        index = "1",
        paramLabel = "STATE",
        completionCandidates = StateNames.Candidates.class,
        description = "The state's name.")
    String state = "";

    @Option(names = "--really-do-it", description = "Yes, do it.")
    boolean reallyDoIt;

    @Option(
        names = "--force",
        description = "Even into a state that makes no sense for this sector.")
    boolean force;

    UpdateState(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if (!reallyDoIt) {
        throw new CommandFailed(FOR_ADVANCED_USERS);
      }
      BigInteger sector = sectorNumber(number, NUMBER_ERROR);
      try {
        api.call("SectorsStatus", sector, false);
      } catch (CommandFailed e) {
        if (!(e.getCause() instanceof RpcFault)) {
          throw e;
        }
        throw new CommandFailed("sector " + number + " not found, could not change state", e);
      }
      if (!StateNames.VALID.contains(state)) {
        if (json()) {
          throw new CommandFailed("\"" + state + "\" is not a valid state; nothing was changed");
        }
        // As the reference, with exit status 0.
        out.println(" \"" + state + "\" is not a valid state. Possible states for sectors are: ");
        StateNames.VALID.forEach(out::println);
        return;
      }
      if (force) {
        forced(out, api.callSelkie("SectorsUpdate", sector, state, true).asString());
        return;
      }
      api.call("SectorsUpdate", sector, state);
      if (json()) {
        out.println("null");
      }
    }

    private void forced(PrintWriter out, String token) {
      if (json()) {
        print(out, mapper().createObjectNode().put("Undo", token));
      } else if (!token.isEmpty()) {
        out.println("To take it back: selkie sectors undo-update --really-do-it " + token);
      }
    }
  }

  @Command(
      name = "pledge",
      description = "Begin a sector of committed capacity.",
      footer = {"", "Example:", "  selkie sectors pledge"})
  static final class Pledge extends ApiCommand {

    Pledge(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode sector = api.call("PledgeSector");
      if (json()) {
        print(out, sector);
      } else {
        out.println("Created CC sector:  " + sector.path("Number").asString());
      }
    }
  }

  @Command(
      name = "seal",
      description = "Close a sector that still waits for pieces, and seal it.",
      footer = {"", "Example:", "  selkie sectors seal 7"})
  static final class Seal extends OneSector {

    Seal(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out, BigInteger sector) throws CommandFailed {
      api.call("SectorStartSealing", sector);
    }
  }

  @Command(
      name = "unseal",
      description = "Unseal a sector, in the background.",
      footer = {"", "Example:", "  selkie sectors unseal 7"})
  static final class Unseal extends OneSector {

    Unseal(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out, BigInteger sector) throws CommandFailed {
      if (!json()) {
        out.println("Unsealing sector " + sector);
      }
      api.call("SectorUnseal", sector);
    }
  }

  @Command(
      name = "remove",
      description = "Delete the files of a sector that is not alive on chain.",
      footer = {
        "",
        "Examples:",
        "  selkie sectors remove --really-do-it 7",
        "  selkie sectors remove --really-do-it --destroy-live 7 7"
      })
  static final class Remove extends OneSector {

    @Option(names = "--really-do-it", description = "Yes, delete.")
    boolean reallyDoIt;

    @Option(
        names = "--destroy-live",
        paramLabel = "NUMBER",
        description = {
          "Even if it is alive on chain, which costs its pledge or deposit:",
          "the sector's number once more."
        })
    @Nullable String destroyLive;

    Remove(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out, BigInteger sector) throws CommandFailed {
      if (!reallyDoIt) {
        throw new CommandFailed(FOR_ADVANCED_USERS);
      }
      try {
        api.call("SectorsStatus", sector, false);
      } catch (CommandFailed e) {
        throw new CommandFailed(
            "sectorID " + sector + " has not been created yet: " + e.getMessage(), e);
      }
      if (destroyLive == null) {
        api.call("SectorRemove", sector);
      } else {
        api.command("SectorRemove", sector, sectorNumber(destroyLive, NUMBER_ERROR));
      }
    }
  }

  @Command(
      name = "restart",
      description = "Let a sector that stands still try again, as a restart of the node does.",
      footer = {"", "Example:", "  selkie sectors restart 7"})
  static final class Restart extends OneSector {

    Restart(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out, BigInteger sector) throws CommandFailed {
      api.command("SectorRestart", sector);
    }
  }

  @Command(
      name = "snap-up",
      description = "Offer a sector of committed capacity for deals.",
      footer = {"", "Example:", "  selkie sectors snap-up 7"})
  static final class SnapUp extends OneSector {

    SnapUp(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out, BigInteger sector) throws CommandFailed {
      api.call("SectorMarkForUpgrade", sector, true);
    }
  }

  @Command(
      name = "abort-upgrade",
      description = "Take an upgrade back.",
      footer = {"", "Example:", "  selkie sectors abort-upgrade --really-do-it 7"})
  static final class AbortUpgrade extends OneSector {

    @Option(names = "--really-do-it", description = "Yes, do it.")
    boolean reallyDoIt;

    AbortUpgrade(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out, BigInteger sector) throws CommandFailed {
      if (!reallyDoIt) {
        throw new CommandFailed(
            "--really-do-it must be specified for this action to have an effect;"
                + " you have been warned");
      }
      api.call("SectorAbortUpgrade", sector);
    }
  }

  /** A command about one sector that prints nothing but, for machines, {@code null}. */
  abstract static class OneSector extends ApiCommand {

    @Parameters(paramLabel = "NUMBER", description = "The sector's number.")
    String number = "";

    OneSector(CliEnvironment environment) {
      super(environment);
    }

    abstract void run(Api api, PrintWriter out, BigInteger sector) throws CommandFailed;

    @Override
    final void run(Api api, PrintWriter out) throws CommandFailed {
      run(api, out, sectorNumber(number, NUMBER_ERROR));
      if (json()) {
        out.println("null");
      }
    }
  }
}
