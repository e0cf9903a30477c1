package io.selkie.testkit.simulation;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorJournal.Entry;
import io.selkie.pipeline.SectorJournal.Snapshot;
import io.selkie.pipeline.SectorJournal.Timer;
import io.selkie.testkit.InMemoryJournal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Writes of a journal as bytes: {@code length u32 | crc32c u32 | kind u8 | content}, big-endian. A
 * frame that is cut short or has another checksum ends the log.
 */
final class JournalCodec {

  private static final int HEADER = 8;
  private static final int ENTRIES = 1;
  private static final int TIMER = 2;
  private static final int NUMBER = 3;
  private static final int VALUE = 4;

  /** Where a log's good part ends, and how many frames are in it. */
  record Found(int length, long frames) {}

  private interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  private JournalCodec() {}

  static byte[] entries(List<Entry> entries) throws IOException {
    return frame(
        ENTRIES,
        out -> {
          out.writeInt(entries.size());
          for (Entry entry : entries) {
            writeEntry(out, entry);
          }
        });
  }

  static byte[] timer(SectorId sector, Optional<Timer> timer) throws IOException {
    return frame(
        TIMER,
        out -> {
          writeSector(out, sector);
          writeTimer(out, timer);
        });
  }

  static byte[] number(SectorId sector) throws IOException {
    return frame(NUMBER, out -> writeSector(out, sector));
  }

  static byte[] value(String key, Optional<byte[]> value) throws IOException {
    return frame(
        VALUE,
        out -> {
          writeText(out, key);
          out.writeBoolean(value.isPresent());
          if (value.isPresent()) {
            writeBytes(out, value.get());
          }
        });
  }

  private static byte[] frame(int kind, Content content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(0);
    out.writeByte(kind);
    content.writeTo(out);
    byte[] frame = bytes.toByteArray();
    ByteBuffer.wrap(frame)
        .putInt(frame.length - HEADER)
        .putInt(checksum(frame, HEADER, frame.length));
    return frame;
  }

  private static int checksum(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }

  /** Writes everything that is whole into a journal. */
  static Found replay(byte[] log, InMemoryJournal into) throws IOException {
    ByteBuffer at = ByteBuffer.wrap(log);
    long frames = 0;
    while (at.remaining() > HEADER) {
      int start = at.position();
      int length = at.getInt();
      int crc = at.getInt();
      int from = start + HEADER;
      if (length <= 0 || length > at.remaining() || crc != checksum(log, from, from + length)) {
        return new Found(start, frames);
      }
      apply(new DataInputStream(new ByteArrayInputStream(log, from, length)), into);
      at.position(from + length);
      frames++;
    }
    return new Found(at.remaining() > 0 ? at.position() : log.length, frames);
  }

  private static void apply(DataInputStream in, InMemoryJournal into) throws IOException {
    int kind = in.readUnsignedByte();
    switch (kind) {
      case ENTRIES -> {
        List<Entry> entries = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
          entries.add(readEntry(in));
        }
        into.append(entries);
      }
      case TIMER -> into.setTimer(readSector(in), readTimer(in));
      case NUMBER -> {
        SectorId sector = readSector(in);
        if (!into.allocateNumber(sector)) {
          throw new IOException(sector + " was allocated twice");
        }
      }
      case VALUE -> {
        String key = readText(in);
        into.putValue(key, in.readBoolean() ? Optional.of(readBytes(in)) : Optional.empty());
      }
      default -> throw new IOException("frame of kind " + kind);
    }
  }

  private static void writeEntry(DataOutputStream out, Entry entry) throws IOException {
    writeSector(out, entry.sector());
    out.writeLong(entry.sequence());
    writeInstant(out, entry.at());
    writeText(out, entry.kind());
    writeText(out, entry.message());
    writeText(out, entry.trace());
    writeBytes(out, entry.payload());
    Snapshot after = entry.after();
    writeText(out, after.state());
    writeBytes(out, after.record());
    writeTimer(out, after.timer());
    out.writeInt(after.refs().size());
    for (DealRef ref : after.refs()) {
      out.writeLong(ref.deal().value());
      out.writeLong(ref.offsetPaddedBytes());
      out.writeLong(ref.sizeUnpaddedBytes());
    }
  }

  private static Entry readEntry(DataInputStream in) throws IOException {
    SectorId sector = readSector(in);
    long sequence = in.readLong();
    Instant at = Instant.ofEpochSecond(in.readLong(), in.readInt());
    String kind = readText(in);
    String message = readText(in);
    String trace = readText(in);
    byte[] payload = readBytes(in);
    String state = readText(in);
    byte[] record = readBytes(in);
    Optional<Timer> timer = readTimer(in);
    List<DealRef> refs = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      refs.add(
          new DealRef(new DealId(in.readLong()), sector.number(), in.readLong(), in.readLong()));
    }
    Snapshot after = new Snapshot(sector, sequence, state, record, timer, List.copyOf(refs));
    return new Entry(sector, sequence, at, kind, message, trace, payload, after);
  }

  private static void writeTimer(DataOutputStream out, Optional<Timer> timer) throws IOException {
    out.writeBoolean(timer.isPresent());
    if (timer.isPresent()) {
      writeInstant(out, timer.get().at());
      out.writeLong(timer.get().epoch().map(ChainEpoch::value).orElse(Long.MIN_VALUE));
      writeText(out, timer.get().reason());
    }
  }

  private static Optional<Timer> readTimer(DataInputStream in) throws IOException {
    if (!in.readBoolean()) {
      return Optional.empty();
    }
    Instant at = Instant.ofEpochSecond(in.readLong(), in.readInt());
    long epoch = in.readLong();
    Optional<ChainEpoch> height =
        epoch == Long.MIN_VALUE ? Optional.empty() : Optional.of(new ChainEpoch(epoch));
    return Optional.of(new Timer(at, height, readText(in)));
  }

  private static void writeInstant(DataOutputStream out, Instant at) throws IOException {
    long seconds = at.getEpochSecond();
    out.writeLong(seconds);
    out.writeInt(at.getNano());
  }

  private static void writeSector(DataOutputStream out, SectorId sector) throws IOException {
    out.writeLong(sector.miner().value());
    out.writeLong(sector.number().value());
  }

  private static SectorId readSector(DataInputStream in) throws IOException {
    return new SectorId(new ActorId(in.readLong()), new SectorNumber(in.readLong()));
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /** Whether two snapshots say the same of a sector. */
  static boolean isSame(Snapshot a, Snapshot b) {
    return a.sequence() == b.sequence()
        && a.state().equals(b.state())
        && Arrays.equals(a.record(), b.record());
  }
}
