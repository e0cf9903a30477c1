package io.selkie.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code sectorstore.json}, the file that makes a directory a storage path.
 *
 * <p>Members and format are those of lotus storage/sealer/storiface (LocalStorageMeta). Reading is
 * strict: a member that is twice there or of the wrong type is an error that names file and member,
 * because a path opened under half-understood rules is worse than one not opened. Members of other
 * programs are passed over and kept when the file is written again; {@link #unknownMembers} lists
 * them, for one of them may be a slip of the pen.
 *
 * @param id the path's identity, a UUID; stays the same when the directory moves
 * @param weight how strongly the path is preferred; 0 sorts last
 * @param canSeal whether files of sectors being sealed may be created here
 * @param canStore whether finalised sectors may stay here
 * @param maxStorageBytes most bytes Selkie may use here, 0 for no limit
 * @param groups groups the path belongs to
 * @param allowTo groups that files may be fetched to from here; empty for all
 * @param allowTypes kinds of files allowed; empty for all
 * @param denyTypes kinds of files not allowed
 * @param allowMiners actor addresses allowed; empty for all
 * @param denyMiners actor addresses not allowed
 */
public record SectorStoreMeta(
    String id,
    long weight,
    boolean canSeal,
    boolean canStore,
    long maxStorageBytes,
    List<String> groups,
    List<String> allowTo,
    List<String> allowTypes,
    List<String> denyTypes,
    List<String> allowMiners,
    List<String> denyMiners) {

  /** The file's name in the root of a storage path. */
  public static final String FILE_NAME = "sectorstore.json";

  /** The weight that new paths get. */
  public static final long DEFAULT_WEIGHT = 10;

  /** A path's description is a few hundred bytes; more is not one. */
  private static final long MAX_FILE_BYTES = 1 << 20;

  private static final List<String> MEMBERS =
      List.of(
          "ID",
          "Weight",
          "CanSeal",
          "CanStore",
          "MaxStorage",
          "Groups",
          "AllowTo",
          "AllowTypes",
          "DenyTypes",
          "AllowMiners",
          "DenyMiners");

  private static boolean isLowerCaseUuid(String text) {
    try {
      return UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /**
   * @throws IllegalArgumentException if the id is no UUID, a number is negative, a kind is unknown
   *     or an address is not that of an actor by its number
   */
  public SectorStoreMeta {
    if (!isLowerCaseUuid(id)) {
      throw new IllegalArgumentException("ID '" + id + "' is not a lower-case UUID");
    }
    requireNotNegative("Weight", weight);
    requireNotNegative("MaxStorage", maxStorageBytes);
    groups = List.copyOf(groups);
    allowTo = List.copyOf(allowTo);
    allowTypes = requireKinds("AllowTypes", allowTypes);
    denyTypes = requireKinds("DenyTypes", denyTypes);
    allowMiners = MinerFilter.requireAddresses("AllowMiners", allowMiners);
    denyMiners = MinerFilter.requireAddresses("DenyMiners", denyMiners);
  }

  /** The description of a new path that takes everything, with no limit. */
  public static SectorStoreMeta of(UUID id, boolean canSeal, boolean canStore) {
    return new SectorStoreMeta(
        id.toString(),
        DEFAULT_WEIGHT,
        canSeal,
        canStore,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The same with another limit, 0 for none. */
  public SectorStoreMeta withMaxStorage(long bytes) {
    return new SectorStoreMeta(
        id,
        weight,
        canSeal,
        canStore,
        bytes,
        groups,
        allowTo,
        allowTypes,
        denyTypes,
        allowMiners,
        denyMiners);
  }

  /** The same with another weight. */
  public SectorStoreMeta withWeight(long newWeight) {
    return new SectorStoreMeta(
        id,
        newWeight,
        canSeal,
        canStore,
        maxStorageBytes,
        groups,
        allowTo,
        allowTypes,
        denyTypes,
        allowMiners,
        denyMiners);
  }

  /**
   * Reads a storage path's description.
   *
   * @throws IOException naming file and member if it is absent, damaged or not understood
   */
  public static SectorStoreMeta read(Path storagePath) throws IOException {
    Path file = storagePath.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      throw new IOException(storagePath + " holds no " + FILE_NAME + ": it is no storage path");
    }
    ObjectNode json = StorageJson.readObject(file, MAX_FILE_BYTES);
    try {
      return new SectorStoreMeta(
          StorageJson.text(file, json, "ID"),
          StorageJson.number(file, json, "Weight"),
          StorageJson.bool(file, json, "CanSeal"),
          StorageJson.bool(file, json, "CanStore"),
          StorageJson.number(file, json, "MaxStorage"),
          StorageJson.texts(file, json, "Groups"),
          StorageJson.texts(file, json, "AllowTo"),
          StorageJson.texts(file, json, "AllowTypes"),
          StorageJson.texts(file, json, "DenyTypes"),
          StorageJson.texts(file, json, "AllowMiners"),
          StorageJson.texts(file, json, "DenyMiners"));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The members of a path's description that mean nothing to Selkie.
   *
   * @throws IOException naming the file if it is absent or damaged
   */
  public static List<String> unknownMembers(Path storagePath) throws IOException {
    List<String> names = new ArrayList<>();
    StorageJson.readObject(storagePath.resolve(FILE_NAME), MAX_FILE_BYTES)
        .propertyNames()
        .forEach(names::add);
    names.removeAll(MEMBERS);
    return List.copyOf(names);
  }

  /**
   * Writes the description durably. What was there is replaced as a whole, but for members that are
   * not Selkie's.
   *
   * @throws IOException naming the file if the one that is there is damaged; it stays then
   */
  public void write(Path storagePath) throws IOException {
    Path file = storagePath.resolve(FILE_NAME);
    ObjectNode json =
        Files.exists(file) ? StorageJson.readObject(file, MAX_FILE_BYTES) : StorageJson.newObject();
    json.put("ID", id);
    json.put("Weight", weight);
    json.put("CanSeal", canSeal);
    json.put("CanStore", canStore);
    json.put("MaxStorage", maxStorageBytes);
    json.set("Groups", list(groups));
    json.set("AllowTo", list(allowTo));
    json.set("AllowTypes", list(allowTypes));
    json.set("DenyTypes", list(denyTypes));
    json.set("AllowMiners", list(allowMiners));
    json.set("DenyMiners", list(denyMiners));
    DurableFiles.write(file, StorageJson.pretty(json));
  }

  /** Whether files of this kind may be created here. */
  public boolean allows(SectorFileType type) {
    String name = type.directoryName();
    return (allowTypes.isEmpty() || allowTypes.contains(name)) && !denyTypes.contains(name);
  }

  /** Whether the path is meant for this use. */
  public boolean serves(PathType use) {
    return switch (use) {
      case SEALING -> canSeal;
      case STORAGE -> canStore;
    };
  }

  private static JsonNode list(List<String> values) {
    return StorageJson.list(values);
  }

  private static void requireNotNegative(String member, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(member + " " + value + " is negative");
    }
  }

  /** An unknown kind is refused: dropping it could leave an empty list, which allows everything. */
  private static List<String> requireKinds(String member, List<String> names) {
    List<String> kinds = new ArrayList<>();
    for (String name : names) {
      if (SectorFileType.ofName(name).isEmpty()) {
        throw new IllegalArgumentException(member + " names the unknown file kind '" + name + "'");
      }
      kinds.add(name);
    }
    return List.copyOf(kinds);
  }
}
