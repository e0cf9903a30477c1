package io.selkie.pipeline;

import io.selkie.pipeline.SectorJournal.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The stored form of sector records and events: UTF-8 JSON with its version first, {@code
 * {"V":1,"Sector":{…}}}. A reader of a newer version ignores members it does not know and gives
 * missing ones their zero value, so members may be added within a version.
 */
public final class RecordCodec {

  /** The version written, and the highest one read. */
  public static final int VERSION = 1;

  /** What the payload of an entry says. */
  sealed interface Payload {

    /** Something happened. */
    record Happened(SectorEvent event) implements Payload {}

    /** The sector stopped where it is. */
    record Stopped(String reason) implements Payload {}

    /** From here on the sector is this one: it was made again from what chain and disk know. */
    record Rebuilt(SectorRecord sector) implements Payload {}
  }

  private record StoredStop(@Wire("V") int version, String stop) {}

  private record StoredSector(@Wire("V") int version, SectorRecord sector) {}

  private static final Map<String, Class<? extends SectorEvent>> EVENTS =
      eventTypes().stream()
          .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

  private RecordCodec() {}

  /** The types of all events there are. */
  static Set<Class<? extends SectorEvent>> eventTypes() {
    Set<Class<? extends SectorEvent>> types = new LinkedHashSet<>();
    collect(SectorEvent.class, types);
    return Collections.unmodifiableSet(types);
  }

  /** The type of an event by its name on the wire, if there is one. */
  static Optional<Class<? extends SectorEvent>> eventType(String wireName) {
    return Optional.ofNullable(EVENTS.get(wireName));
  }

  private static void collect(Class<?> type, Set<Class<? extends SectorEvent>> into) {
    if (type.isRecord()) {
      into.add(type.asSubclass(SectorEvent.class));
    } else {
      Arrays.stream(type.getPermittedSubclasses()).forEach(sub -> collect(sub, into));
    }
  }

  /** The record's stored form. */
  public static byte[] encode(SectorRecord record) {
    return WireJson.write(new StoredSector(VERSION, record)).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The record of a stored form.
   *
   * @throws IllegalArgumentException if these bytes are none, or of a newer version
   */
  public static SectorRecord decode(byte[] stored) {
    JsonNode node = WireJson.parse(new String(stored, StandardCharsets.UTF_8));
    checkVersion(node);
    return WireJson.read(node, StoredSector.class).sector();
  }

  /**
   * The sector of a row.
   *
   * @throws UndecodableRecord if the bytes are no record, of a newer version, of another sector, or
   *     in another state than the row says
   */
  static SectorRecord decode(Snapshot row) throws UndecodableRecord {
    SectorRecord record;
    try {
      record = decode(row.record());
    } catch (RuntimeException e) {
      // Damaged bytes may be valid JSON of anything.
      throw new UndecodableRecord(row.sector(), e);
    }
    if (!record.sector().equals(row.sector())) {
      throw new UndecodableRecord(row.sector(), "it is the record of sector " + record.sector());
    }
    if (!record.state().equals(row.state())) {
      throw new UndecodableRecord(
          row.sector(),
          "it is in state '" + record.state() + "', its row in '" + row.state() + "'");
    }
    return record;
  }

  /** A row that is not as of the sector's last entry. */
  static UndecodableRecord staleRow(Snapshot row, long lastEntry) {
    return new UndecodableRecord(
        row.sector(),
        "it is as of entry " + row.sequence() + ", while the last entry is " + lastEntry);
  }

  /** The stored form of a sector's stopping where it is. */
  static byte[] encodeStop(String reason) {
    return WireJson.write(new StoredStop(VERSION, reason)).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What the payload of an entry says: an event, a stop, or a whole record.
   *
   * @throws IllegalArgumentException if these bytes are none, or of a newer version
   */
  static Payload decodePayload(byte[] stored) {
    JsonNode node = WireJson.parse(new String(stored, StandardCharsets.UTF_8));
    checkVersion(node);
    if (node.has("Stop")) {
      return new Payload.Stopped(node.path("Stop").asString());
    }
    if (node.has("Sector")) {
      return new Payload.Rebuilt(WireJson.read(node, StoredSector.class).sector());
    }
    return new Payload.Happened(decodeEvent(stored));
  }

  /** The event's stored form, with everything that it carries. */
  public static byte[] encodeEvent(SectorEvent event) {
    return ("{\"V\":"
            + VERSION
            + ",\"Event\":\""
            + event.wireName()
            + "\",\"User\":"
            + WireJson.writeWhole((Record) event)
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The event of a stored form.
   *
   * @throws IllegalArgumentException if these bytes are none, or of a newer version
   */
  public static SectorEvent decodeEvent(byte[] stored) {
    JsonNode node = WireJson.parse(new String(stored, StandardCharsets.UTF_8));
    checkVersion(node);
    String name = node.path("Event").asString();
    Class<? extends SectorEvent> type = EVENTS.get(name);
    if (type == null) {
      throw new IllegalArgumentException("stored event '" + name + "' is none of this program's");
    }
    return WireJson.read(node.path("User"), type);
  }

  private static void checkVersion(JsonNode node) {
    int version = node.path("V").asInt(0);
    if (version < 1 || version > VERSION) {
      throw new IllegalArgumentException(
          "stored sector of version " + version + ", this program reads 1 to " + VERSION);
    }
  }
}
