package io.selkie.pipeline;

import io.selkie.abi.DagCborReader;
import io.selkie.abi.DagCborWriter;
import io.selkie.pipeline.SectorJournal.Snapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import tools.jackson.databind.JsonNode;

/**
 * The stored form of sector records and events: a DAG-CBOR array of its version, its kind, its
 * content as {@link RecordTuples} has it, and the CRC32C of all bytes before. The kind is {@code
 * Sector}, {@code Stop}, or the event's name.
 *
 * <p>Version 1 was UTF-8 JSON, {@code {"V":1,"Sector":{…}}}; it is read for ever, for what happened
 * is never written again. No JSON object begins with the byte of an array of four.
 */
public final class RecordCodec {

  /** The version written, and the highest one read. */
  public static final int VERSION = 2;

  private static final int ARRAY_OF_4 = 0x84;
  private static final String SECTOR = "Sector";
  private static final String STOP = "Stop";

  /** Longer than the name of any event. */
  private static final int KIND_LIMIT = 64;

  /** What the payload of an entry says. */
  sealed interface Payload {

    /** Something happened. */
    record Happened(SectorEvent event) implements Payload {}

    /** The sector stopped where it is. */
    record Stopped(String reason) implements Payload {}

    /** From here on the sector is this one: it was made again from what chain and disk know. */
    record Rebuilt(SectorRecord sector) implements Payload {}
  }

  private record StoredSector(@Wire("V") int version, SectorRecord sector) {}

  /** A stored form that is whole and of a known version, and whose kind is read. */
  private record Opened(String kind, DagCborReader content) {

    SectorRecord sector() {
      return ended(RecordTuples.read(content, SectorRecord.class));
    }

    SectorEvent event() {
      return ended((SectorEvent) RecordTuples.read(content, recordOf(kind)));
    }

    String stop() {
      return ended(content.text(Integer.MAX_VALUE));
    }

    private <T> T ended(T value) {
      content.bytes(Integer.BYTES);
      content.end();
      return value;
    }
  }

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
    DagCborWriter out = begin(SECTOR);
    RecordTuples.write(out, record);
    return end(out);
  }

  /**
   * The record of a stored form.
   *
   * @throws IllegalArgumentException if these bytes are none, or of a newer version
   */
  public static SectorRecord decode(byte[] stored) {
    if (isTuple(stored)) {
      Opened opened = open(stored);
      if (!opened.kind().equals(SECTOR)) {
        throw new IllegalArgumentException("stored '" + opened.kind() + "' is no sector");
      }
      return opened.sector();
    }
    return WireJson.read(json(stored), StoredSector.class).sector();
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
    return end(begin(STOP).text(reason));
  }

  /**
   * What the payload of an entry says: an event, a stop, or a whole record.
   *
   * @throws IllegalArgumentException if these bytes are none, or of a newer version
   */
  static Payload decodePayload(byte[] stored) {
    if (isTuple(stored)) {
      Opened opened = open(stored);
      return switch (opened.kind()) {
        case STOP -> new Payload.Stopped(opened.stop());
        case SECTOR -> new Payload.Rebuilt(opened.sector());
        default -> new Payload.Happened(opened.event());
      };
    }
    JsonNode node = json(stored);
    if (node.has(STOP)) {
      return new Payload.Stopped(node.path(STOP).asString());
    }
    if (node.has(SECTOR)) {
      return new Payload.Rebuilt(WireJson.read(node, StoredSector.class).sector());
    }
    return new Payload.Happened(event(node));
  }

  /** The event's stored form, with everything that it carries. */
  public static byte[] encodeEvent(SectorEvent event) {
    DagCborWriter out = begin(event.wireName());
    RecordTuples.write(out, (Record) event);
    return end(out);
  }

  /**
   * The event of a stored form.
   *
   * @throws IllegalArgumentException if these bytes are none, or of a newer version
   */
  public static SectorEvent decodeEvent(byte[] stored) {
    return isTuple(stored) ? open(stored).event() : event(json(stored));
  }

  private static DagCborWriter begin(String kind) {
    return new DagCborWriter().array(4).integer(VERSION).text(kind);
  }

  private static byte[] end(DagCborWriter out) {
    byte[] before = out.toByteArray();
    byte[] sum = ByteBuffer.allocate(Integer.BYTES).putInt(sum(before, before.length)).array();
    return out.bytes(sum).toByteArray();
  }

  private static boolean isTuple(byte[] stored) {
    return stored.length > 0 && (stored[0] & 0xff) == ARRAY_OF_4;
  }

  private static Opened open(byte[] stored) {
    DagCborReader in = new DagCborReader(stored);
    in.tuple(4);
    checkVersion(in.integer());
    String kind = in.text(KIND_LIMIT);
    int summed = Math.max(0, stored.length - Integer.BYTES - 1);
    int found = ByteBuffer.wrap(stored).getInt(stored.length - Integer.BYTES);
    if (found != sum(stored, summed)) {
      throw new IllegalArgumentException(
          "stored '" + kind + "' of " + stored.length + " bytes is damaged: its sum does not fit");
    }
    return new Opened(kind, in);
  }

  private static int sum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }

  private static JsonNode json(byte[] stored) {
    JsonNode node = WireJson.parse(new String(stored, StandardCharsets.UTF_8));
    checkVersion(node.path("V").asInt(0));
    return node;
  }

  private static SectorEvent event(JsonNode node) {
    return (SectorEvent) WireJson.read(node.path("User"), recordOf(node.path("Event").asString()));
  }

  private static Class<? extends Record> recordOf(String event) {
    Class<? extends SectorEvent> type = EVENTS.get(event);
    if (type == null) {
      throw new IllegalArgumentException("stored event '" + event + "' is none of this program's");
    }
    return type.asSubclass(Record.class);
  }

  private static void checkVersion(long version) {
    if (version < 1 || version > VERSION) {
      throw new IllegalArgumentException(
          "stored sector of version " + version + ", this program reads 1 to " + VERSION);
    }
  }
}
