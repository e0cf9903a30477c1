package io.selkie.cli;

import io.selkie.abi.BitField;
import io.selkie.rpc.api.WireSectorId;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The commands about all files of sectors: where they are, who holds them, what is left over. */
final class StorageFileCommands {

  /** Names of the kinds of files in texts, in the order of their bits (lotus storiface). */
  private static final List<String> TYPES =
      List.of("unsealed", "sealed", "cache", "update", "update-cache", "piece");

  /** Kinds that lie in storage paths; pieces are files of a market node. */
  private static final int STORED_TYPES = 5;

  /** Sectors asked about at the same time. */
  private static final int PARALLEL = 50;

  private StorageFileCommands() {}

  /** A file of a sector at a path. */
  private record StoredFile(long sector, int type, String state, boolean faulty, JsonNode path) {

    String storage() {
      return path.path("ID").asString("");
    }

    boolean stores() {
      return path.path("CanStore").asBoolean(false);
    }
  }

  @Command(
      name = "sectors",
      description = "List every file of every sector.",
      footer = {"", "Example:", "  selkie storage list sectors"})
  static final class ListSectors extends ApiCommand {

    ListSectors(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      List<StoredFile> files = files(api);
      files.sort(
          Comparator.comparing(StoredFile::stores)
              .reversed()
              .thenComparing(StoredFile::storage)
              .thenComparingLong(StoredFile::sector)
              .thenComparingInt(StoredFile::type));
      if (json()) {
        files.forEach(file -> printLine(out, json(file)));
      } else if (!files.isEmpty()) {
        table(files).print(out);
      }
    }

    private List<StoredFile> files(Api api) throws CommandFailed {
      long miner = StorageCommands.minerOf(api);
      BitField faulty = faulty(api);
      Set<Long> known =
          api.call("SectorsList")
              .valueStream()
              .map(JsonNode::longValue)
              .collect(Collectors.toCollection(TreeSet::new));
      try (Progress progress = progress("asking", known.size(), Long::toString);
          ExecutorService threads =
              Executors.newFixedThreadPool(PARALLEL, Thread.ofVirtual().factory())) {
        List<Future<List<StoredFile>>> asked = new ArrayList<>();
        for (long sector : known) {
          asked.add(threads.submit(() -> filesOf(api, miner, sector, faulty)));
        }
        List<StoredFile> files = new ArrayList<>();
        for (Future<List<StoredFile>> each : asked) {
          files.addAll(each.get());
          progress.at(Math.min(known.size(), files.size()));
        }
        return files;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailed("interrupted", e);
      } catch (ExecutionException e) {
        String why = e.getCause() == null ? e.toString() : e.getCause().getMessage();
        throw new CommandFailed(String.valueOf(why), e);
      }
    }

    private static List<StoredFile> filesOf(Api api, long miner, long sector, BitField faulty)
        throws CommandFailed {
      String state = SectorRow.text(api.call("SectorsStatus", sector, false), "State");
      List<StoredFile> files = new ArrayList<>();
      for (int type = 0; type < STORED_TYPES; type++) {
        for (JsonNode path :
            api.call("StorageFindSector", new WireSectorId(miner, sector), 1L << type, 0L, false)) {
          boolean bad = sector >= 0 && faulty.contains(sector);
          files.add(new StoredFile(sector, type, state, bad, path));
        }
      }
      return files;
    }

    private static BitField faulty(Api api) {
      try {
        return NumberRanges.ofJson(api.callSelkie("MinerSectorSets").path("Faulty"));
      } catch (CommandFailed _) {
        // A lotus-miner leaves this to the full node; the column stays empty then.
        return BitField.EMPTY;
      }
    }

    private static ObjectNode json(StoredFile file) {
      ObjectNode line =
          mapper()
              .createObjectNode()
              .put("Storage", file.storage())
              .put("Sector", file.sector())
              .put("Type", TYPES.get(file.type()))
              .put("State", file.state())
              .put("Faulty", file.faulty());
      line.set("Primary", file.path().path("Primary"));
      line.set("CanSeal", file.path().path("CanSeal"));
      line.set("CanStore", file.path().path("CanStore"));
      line.set("URLs", file.path().path("URLs"));
      return line;
    }

    private Table table(List<StoredFile> files) {
      Paint paint = paint();
      Table table =
          new Table("Storage", "Sector", "Type", "State", "Faulty", "Primary", "Path use", "URLs");
      Paint.Colour colour = Paint.Colour.BLUE;
      String last = files.getFirst().storage();
      for (StoredFile file : files) {
        if (!file.storage().equals(last)) {
          last = file.storage();
          colour = colour == Paint.Colour.BLUE ? Paint.Colour.CYAN : Paint.Colour.BLUE;
        }
        boolean seals = file.path().path("CanSeal").asBoolean(false);
        boolean primary = file.path().path("Primary").asBoolean(false);
        table.add(
            paint.in(colour, file.storage()),
            Long.toUnsignedString(file.sector()),
            TYPES.get(file.type()),
            paint.in(StateNames.colour(file.state()), file.state()),
            file.faulty() ? paint.red("faulty") : "",
            primary ? paint.green("primary") : "",
            (seals ? paint.magenta("seal ") : "") + (file.stores() ? paint.cyan("store") : ""),
            file.path()
                .path("URLs")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.joining(";")));
      }
      return table;
    }
  }

  @Command(
      name = "locks",
      description = "List the locks held on sector files.",
      footer = {"", "Example:", "  selkie storage locks"})
  static final class Locks extends ApiCommand {

    Locks(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      for (JsonNode lock : api.call("StorageGetLocks").path("Locks")) {
        JsonNode number = lock.path("Sector").path("Number");
        String state =
            SectorRow.text(api.call("SectorsStatus", number.longValue(), false), "State");
        if (json()) {
          ObjectNode line = mapper().createObjectNode();
          line.set("Sector", number);
          line.put("State", state).set("Write", lock.path("Write"));
          line.set("Read", lock.path("Read"));
          printLine(out, line);
        } else {
          out.println(
              number.asString()
                  + "\t"
                  + paint().in(StateNames.colour(state), state)
                  + "\t"
                  + held(lock));
        }
      }
    }

    private String held(JsonNode lock) {
      StringBuilder held = new StringBuilder();
      for (int type = 0; type < TYPES.size(); type++) {
        if (lock.path("Write").path(type).asLong(0) > 0) {
          held.append(TYPES.get(type)).append('(').append(paint().red("W")).append(") ");
        }
        long readers = lock.path("Read").path(type).asLong(0);
        if (readers > 0) {
          held.append(TYPES.get(type))
              .append('(')
              .append(paint().green("R"))
              .append(':')
              .append(readers)
              .append(") ");
        }
      }
      return held.toString();
    }
  }

  @Command(
      name = "cleanup",
      description = "Remove what is left of removed sectors.",
      footer = {"", "Example:", "  selkie storage cleanup"})
  static final class Cleanup extends ApiCommand {

    @Option(
        names = "--removed",
        negatable = true,
        fallbackValue = "true",
        defaultValue = "true",
        description = "Files of removed sectors (default).")
    boolean removed = true;

    Cleanup(CliEnvironment environment) {
      super(environment);
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      if (!removed) {
        return;
      }
      Set<Long> stored = new TreeSet<>();
      for (Map.Entry<String, JsonNode> path : api.call("StorageList").properties()) {
        path.getValue().forEach(each -> stored.add(each.path("Number").longValue()));
      }
      for (JsonNode each : api.call("SectorsListInStates", List.of("Removed"))) {
        long sector = each.longValue();
        if (!stored.contains(sector)) {
          continue;
        }
        String error = "";
        if (!json()) {
          out.println("cleaning up data for sector " + sector);
        }
        try {
          api.call("SectorRemove", sector);
        } catch (CommandFailed e) {
          error = String.valueOf(e.getMessage());
        }
        if (json()) {
          printLine(out, mapper().createObjectNode().put("Sector", sector).put("Error", error));
        } else if (!error.isEmpty()) {
          out.println(paint().red("ERROR: " + error));
        }
      }
    }
  }
}
