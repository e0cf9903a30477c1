package io.selkie.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code storage attach}, {@code detach} and {@code redeclare}: which paths the node uses. */
final class StoragePathCommands {

  private static final String REALLY = "pass --really-do-it to execute the action";

  private StoragePathCommands() {}

  /** Options with the reference's names. */
  @Command(
      name = "attach",
      description = "Use a directory of the node's machine as a storage path.",
      footer = {"", "Example:", "  selkie storage attach --init --store /mnt/disk7"})
  static final class Attach extends ApiCommand {

    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGTPE]?)I?B?");
    private static final String UNITS = "KMGTPE";

    @Parameters(paramLabel = "DIRECTORY", description = "Its place on the node's machine.")
    String directory = "";

    @Option(names = "--init", description = "Make it a storage path first.")
    boolean init;

    @Option(
        names = "--weight",
        paramLabel = "N",
        description = "How strongly it is preferred (default 10; with --init).")
    long weight = 10;

    @Option(names = "--seal", description = "Sectors may be sealed there (with --init).")
    boolean seal;

    @Option(names = "--store", description = "Sectors may stay there (with --init).")
    boolean store;

    @Option(
        names = "--max-storage",
        paramLabel = "SIZE",
        description = "Use at most this much of it, such as 8TiB (with --init).")
    String maxStorage = "0";

    @Option(names = "--groups", split = ",", paramLabel = "NAME", description = "Its groups.")
    List<String> groups = new ArrayList<>();

    @Option(
        names = "--allow-to",
        split = ",",
        paramLabel = "NAME",
        description = "Groups that files may be moved to from there; all if not given.")
    List<String> allowTo = new ArrayList<>();

    Attach(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if (init) {
        if (!seal && !store) {
          throw new CommandFailed("must specify at least one of --store or --seal");
        }
        long limit = bytes(maxStorage);
        api.callSelkie(
            "StorageInit", absolute(directory), weight, seal, store, limit, groups, allowTo);
      }
      api.call("StorageAddLocal", absolute(directory));
      if (json()) {
        out.println("null");
      }
    }

    /** A number of bytes, or of KiB, MiB and so on; units are powers of 1024 however written. */
    static long bytes(String text) throws CommandFailed {
      Matcher matcher = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new CommandFailed("'" + text + "' is no size such as 8TiB");
      }
      int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
      BigDecimal bytes =
          new BigDecimal(matcher.group(1))
              .multiply(BigDecimal.valueOf(1024).pow(power))
              .setScale(0, RoundingMode.DOWN);
      if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
        throw new CommandFailed("size " + text + " is over the limit of " + Long.MAX_VALUE);
      }
      return bytes.longValueExact();
    }
  }

  @Command(
      name = "detach",
      description = "Stop using a storage path. Its files stay.",
      footer = {"", "Example:", "  selkie storage detach --really-do-it /mnt/disk7"})
  static final class Detach extends ApiCommand {

    @Parameters(paramLabel = "DIRECTORY", description = "Its place on the node's machine.")
    String directory = "";

    @Option(names = "--really-do-it", description = "Without it nothing happens.")
    boolean really;

    Detach(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if (!really) {
        throw new CommandFailed(REALLY);
      }
      api.call("StorageDetachLocal", absolute(directory));
      if (json()) {
        out.println("null");
      }
    }
  }

  @Command(
      name = "redeclare",
      description = "Look at storage paths again and declare what is found.",
      footer = {"", "Example:", "  selkie storage redeclare --all --drop-missing"})
  static final class Redeclare extends ApiCommand {

    @Option(names = "--id", paramLabel = "ID", description = "This path.")
    @Nullable String id;

    @Option(names = "--all", description = "Every path.")
    boolean all;

    @Option(names = "--drop-missing", description = "Forget files that are not there.")
    boolean dropMissing;

    Redeclare(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if ((id == null) != all) {
        throw new CommandFailed("give either --id ID or --all");
      }
      if (id != null && api.call("StorageLocal").get(id) == null) {
        // The reference looks at nothing then, and says nothing.
        throw new CommandFailed("this node has no storage path '" + id + "' of its own");
      }
      api.call("StorageRedeclareLocal", id, dropMissing);
      if (json()) {
        out.println("null");
      }
    }
  }

  private static String absolute(String directory) {
    return Path.of(directory).toAbsolutePath().normalize().toString();
  }
}
