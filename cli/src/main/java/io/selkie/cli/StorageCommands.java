package io.selkie.cli;

import io.selkie.rpc.api.WireSectorId;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code storage}: paths, and where the files of a sector are. */
final class StorageCommands {

  private static final int BAR_COLUMNS = 50;
  private static final long NEARLY_FULL_PERCENT = 90;
  private static final long FULL_PERCENT = 98;

  /** A kind of file: its bit on the wire, its singular and its plural in texts. */
  private enum FileType {
    UNSEALED(1, "Unsealed", "Unsealed"),
    SEALED(2, "Sealed", "Sealed"),
    CACHE(4, "Cache", "Caches"),
    UPDATE(8, "Update", "Updated"),
    UPDATE_CACHE(16, "UpdateCache", "Update-caches");

    final int bit;
    final String one;
    final String many;

    FileType(int bit, String one, String many) {
      this.bit = bit;
      this.one = one;
      this.many = many;
    }
  }

  private StorageCommands() {}

  static CommandLine all(CliEnvironment environment) {
    return Group.of("storage", "Look at storage paths and sector files.")
        .addSubcommand(
            new CommandLine(new StorageList(environment))
                .addSubcommand(new StorageFileCommands.ListSectors(environment)))
        .addSubcommand(new StorageFind(environment))
        .addSubcommand(new StorageFileCommands.Locks(environment))
        .addSubcommand(new StorageFileCommands.Cleanup(environment))
        .addSubcommand(new StoragePathCommands.Attach(environment))
        .addSubcommand(new StoragePathCommands.Detach(environment))
        .addSubcommand(new StoragePathCommands.Redeclare(environment))
        .addSubcommand(new TrashCommands.Trash(environment))
        .addSubcommand(new TrashCommands.Untrash(environment));
  }

  /** The miner's actor number. */
  static long minerOf(Api api) throws CommandFailed {
    String address = api.call("ActorAddress").asString("");
    if (!address.matches("[ft]0[0-9]{1,19}")) {
      throw new CommandFailed("the node's address is no actor id: '" + address + "'");
    }
    return Long.parseUnsignedLong(address.substring(2));
  }

  @Command(
      name = "list",
      description = "List the storage paths with their room and files, the largest first.",
      footer = {"", "Example:", "  selkie storage list"})
  static final class StorageList extends ApiCommand {

    StorageList(CliEnvironment environment) {
      super(environment);
    }

    private record StoragePath(
        String id, JsonNode sectors, JsonNode info, JsonNode stat, String error, String local) {

      long capacity() {
        return stat.path("Capacity").asLong(0);
      }
    }

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      JsonNode local = api.call("StorageLocal");
      List<StoragePath> paths = new ArrayList<>();
      for (Map.Entry<String, JsonNode> path : api.call("StorageList").properties()) {
        paths.add(path(api, path.getKey(), path.getValue(), local));
      }
      paths.sort(
          Comparator.comparingLong(StoragePath::capacity)
              .reversed()
              .thenComparing(StoragePath::id));
      if (json()) {
        json(paths).forEach(each -> printLine(out, each));
      } else {
        paths.forEach(path -> print(out, path, paint()));
      }
    }

    private static StoragePath path(Api api, String id, JsonNode sectors, JsonNode local) {
      JsonNode none = mapper().createObjectNode();
      String directory = local.path(id).asString("");
      try {
        JsonNode stat = api.call("StorageStat", id);
        return new StoragePath(id, sectors, api.call("StorageInfo", id), stat, "", directory);
      } catch (CommandFailed e) {
        return new StoragePath(id, sectors, none, none, String.valueOf(e.getMessage()), directory);
      }
    }

    private static ArrayNode json(List<StoragePath> paths) {
      ArrayNode all = mapper().createArrayNode();
      for (StoragePath path : paths) {
        ObjectNode one = all.addObject();
        one.put("ID", path.id());
        if (!path.error().isEmpty()) {
          one.put("Error", path.error());
        }
        one.put("Local", path.local());
        one.set("Info", path.info());
        one.set("Stat", path.stat());
        one.set("Sectors", path.sectors());
      }
      return all;
    }

    private static void print(PrintWriter out, StoragePath path, Paint paint) {
      out.println(path.id() + ":");
      if (!path.error().isEmpty()) {
        out.println("\t" + paint.red("Error") + ": " + path.error() + ":");
        return;
      }
      JsonNode info = path.info();
      printBars(out, path.stat(), paint);
      out.println(
          "\t"
              + counts(path.sectors())
              + "; Reserved: "
              + Format.size(path.stat().path("Reserved").asLong(0)));
      printUse(out, info, paint);
      printList(out, "Groups", info.path("Groups"));
      printList(out, "AllowTo", info.path("AllowTo"));
      printList(out, "Allow Types", info.path("AllowTypes"));
      printList(out, "Deny Types", info.path("DenyTypes"));
      if (!path.local().isEmpty()) {
        out.println("\tLocal: " + paint.green(path.local()));
      }
      for (JsonNode url : info.path("URLs")) {
        out.println("\tURL: " + url.asString());
      }
      out.println();
    }

    private static void printBars(PrintWriter out, JsonNode stat, Paint paint) {
      long capacity = stat.path("Capacity").asLong(0);
      long reserved = stat.path("Reserved").asLong(0);
      long used = capacity - stat.path("FSAvailable").asLong(0);
      long max = stat.path("Max").asLong(0);
      out.println("\t" + bar(used, reserved, capacity, paint) + (max > 0 ? " (filesystem)" : ""));
      if (max > 0) {
        out.println("\t" + bar(stat.path("Used").asLong(0), reserved, max, paint) + " (limit)");
      }
    }

    private static String bar(long used, long reserved, long capacity, Paint paint) {
      int full = columns(used, capacity);
      int held = Math.max(columns(used + reserved, capacity) - full, 0);
      long percent = capacity == 0 ? 0 : Math.round(100.0 * (used + reserved) / capacity);
      Paint.Colour colour =
          percent > FULL_PERCENT
              ? Paint.Colour.RED
              : percent > NEARLY_FULL_PERCENT ? Paint.Colour.YELLOW : Paint.Colour.GREEN;
      return "["
          + paint.in(
              colour, "#".repeat(full) + "*".repeat(held) + " ".repeat(BAR_COLUMNS - full - held))
          + "] "
          + Format.size(used + reserved)
          + "/"
          + Format.size(capacity)
          + " "
          + paint.in(colour, percent + "%");
    }

    private static int columns(long bytes, long capacity) {
      return capacity == 0
          ? 0
          : (int) Math.clamp((double) BAR_COLUMNS * bytes / capacity, 0, BAR_COLUMNS);
    }

    private static String counts(JsonNode sectors) {
      List<String> parts = new ArrayList<>();
      for (FileType type : FileType.values()) {
        long n =
            sectors
                .valueStream()
                .filter(each -> (each.path("SectorFileType").asInt(0) & type.bit) != 0)
                .count();
        parts.add(type.many + ": " + n);
      }
      return String.join("; ", parts);
    }

    private static void printUse(PrintWriter out, JsonNode info, Paint paint) {
      boolean seals = info.path("CanSeal").asBoolean(false);
      boolean stores = info.path("CanStore").asBoolean(false);
      if (!seals && !stores) {
        out.println("\t" + paint.yellow("Use: ReadOnly"));
        return;
      }
      out.println(
          "\tWeight: "
              + info.path("Weight").asString()
              + "; Use:"
              + (seals ? " " + paint.magenta("Seal") : "")
              + (stores ? " " + paint.cyan("Store") : ""));
    }

    private static void printList(PrintWriter out, String name, JsonNode values) {
      if (!values.isEmpty()) {
        out.println(
            "\t"
                + name
                + ": "
                + values.valueStream().map(JsonNode::asString).collect(Collectors.joining(", ")));
      }
    }
  }

  @Command(
      name = "find",
      description = "Show where the files of a sector are.",
      footer = {"", "Example:", "  selkie storage find 7"})
  static final class StorageFind extends ApiCommand {

    @Parameters(paramLabel = "NUMBER", description = "The sector's number.")
    String number = "";

    StorageFind(CliEnvironment environment) {
      super(environment);
    }

    private record Found(JsonNode place, List<FileType> types) {}

    @Override
    void run(Api api, PrintWriter out) throws CommandFailed {
      BigInteger sector = sectorNumber(number, "");
      WireSectorId id = new WireSectorId(minerOf(api), sector.longValue());
      Map<String, Found> found = new TreeMap<>();
      for (FileType type : FileType.values()) {
        for (JsonNode place : find(api, id, type)) {
          found
              .computeIfAbsent(
                  place.path("ID").asString(), _ -> new Found(place, new ArrayList<>()))
              .types()
              .add(type);
        }
      }
      JsonNode local = api.call("StorageLocal");
      if (json()) {
        json(found, local).forEach(each -> printLine(out, each));
      } else {
        found.forEach((path, each) -> print(out, path, each, local.path(path).asString("")));
      }
    }

    private static JsonNode find(Api api, WireSectorId sector, FileType type) throws CommandFailed {
      return api.call("StorageFindSector", sector, type.bit, 0L, false);
    }

    private static ArrayNode json(Map<String, Found> found, JsonNode local) {
      ArrayNode all = mapper().createArrayNode();
      found.forEach((path, each) -> {
        ObjectNode one = all.addObject();
        one.put("ID", path);
        ArrayNode types = one.putArray("Types");
        each.types().forEach(type -> types.add(type.one));
        one.set("CanSeal", each.place().path("CanSeal"));
        one.set("CanStore", each.place().path("CanStore"));
        one.put("Local", local.path(path).asString(""));
        one.set("URLs", each.place().path("URLs"));
      });
      return all;
    }

    private static void print(PrintWriter out, String path, Found found, String directory) {
      String types = found.types().stream().map(type -> type.one).collect(Collectors.joining(", "));
      out.println("In " + path + " (" + types + ")");
      out.println(
          "\tSealing: "
              + found.place().path("CanSeal").asBoolean(false)
              + "; Storage: "
              + found.place().path("CanStore").asBoolean(false));
      out.println(directory.isEmpty() ? "\tRemote" : "\tLocal (" + directory + ")");
      for (JsonNode url : found.place().path("URLs")) {
        out.println("\tURL: " + url.asString());
      }
    }
  }
}
