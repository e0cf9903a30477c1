package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.DagCborReader;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.RecordCodec.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class RecordCodecTest {

  @Test
  void encodeEvent_everyEvent_isReadBack() {
    for (Class<? extends SectorEvent> type : RecordCodec.eventTypes()) {
      SectorEvent event = SampleSectors.event(type);
      byte[] stored = RecordCodec.encodeEvent(event);
      DagCborReader.validate(stored);
      assertThat(RecordCodec.decodeEvent(stored)).isEqualTo(event);
      assertThat(RecordCodec.decodePayload(stored)).isEqualTo(new Payload.Happened(event));
    }
  }

  @Test
  void encode_recordsFullAndFresh_areReadBack() {
    SectorRecord full = SampleSectors.full("WaitSeed");
    SectorRecord fresh = SectorRecord.fresh(full.sector(), full.sealProof());
    for (SectorRecord record : List.of(full, fresh)) {
      byte[] stored = RecordCodec.encode(record);
      DagCborReader.validate(stored);
      assertThat(RecordCodec.decode(stored)).isEqualTo(record);
      assertThat(RecordCodec.decodePayload(stored)).isEqualTo(new Payload.Rebuilt(record));
    }
  }

  @Test
  void encodeStop_reason_isReadBack() {
    assertThat(RecordCodec.decodePayload(RecordCodec.encodeStop("why \"<é>\"")))
        .isEqualTo(new Payload.Stopped("why \"<é>\""));
  }

  @Test
  void decode_theDocumentedExample_isThatRecord() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "formats", "sector-record.md"));
    String example = page.substring(page.indexOf("```hex\n") + 7, page.lastIndexOf("\n```\n"));
    byte[] stored = HexFormat.of().parseHex(example.replace("\n", ""));
    SectorRecord record = RecordCodec.decode(stored);
    assertThat(RecordCodec.encode(record)).isEqualTo(stored);
    assertThat(record.state()).isEqualTo("Packing");
  }

  /**
   * Written by version 1 of this form: {@code full("WaitSeed")}, a stop, every event of its day.
   */
  @Test
  void decode_whatVersion1Wrote_isReadForEver() throws IOException {
    List<byte[]> lines =
        version1().lines().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
    assertThat(RecordCodec.decode(lines.getFirst())).isEqualTo(SampleSectors.full("WaitSeed"));
    assertThat(RecordCodec.decodePayload(lines.getFirst()))
        .isEqualTo(new Payload.Rebuilt(SampleSectors.full("WaitSeed")));
    assertThat(RecordCodec.decodePayload(lines.get(1)))
        .isEqualTo(new Payload.Stopped("why it \"stands\""));
    Set<Class<?>> read = new LinkedHashSet<>();
    for (byte[] line : lines.subList(2, lines.size())) {
      SectorEvent event = RecordCodec.decodeEvent(line);
      assertThat(event).isEqualTo(SampleSectors.event(event.getClass()));
      read.add(event.getClass());
    }
    assertThat(read).hasSize(83);
  }

  /** Record types with their components, which are only ever added to, at the end. */
  @Test
  void recordTypes_components_areThoseOfVersion2WithMoreBehind() throws IOException {
    TreeSet<String> now = new TreeSet<>();
    RecordCodec.eventTypes().forEach(type -> collect(type, now));
    collect(SectorRecord.class, now);
    for (String before : resource("/stored-version-2.txt").lines().toList()) {
      assertThat(now)
          .as(before)
          .anyMatch(line -> line.equals(before) || line.startsWith(before + " "));
    }
    assertThat(now).hasSize((int) resource("/stored-version-2.txt").lines().count());
  }

  @Test
  void decode_anyBitFlipped_isRefused() {
    byte[] stored = RecordCodec.encode(SampleSectors.full("WaitSeed"));
    for (int bit = 0; bit < 8 * stored.length; bit++) {
      byte[] damaged = stored.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> RecordCodec.decode(damaged))
          .as("bit %d", bit)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void decode_cutAnywhere_isRefused() {
    byte[] stored = RecordCodec.encode(SampleSectors.full("WaitSeed"));
    for (int length = 0; length < stored.length; length++) {
      byte[] cut = Arrays.copyOf(stored, length);
      assertThatThrownBy(() -> RecordCodec.decode(cut))
          .as("%d bytes", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void decode_laterVersion_isRefusedByItsNumber() {
    byte[] stored = RecordCodec.encode(SampleSectors.full("WaitSeed"));
    stored[1] = 7;
    assertThatThrownBy(() -> RecordCodec.decode(stored)).hasMessageContaining("version 7");
  }

  @Test
  void decode_anotherKind_isRefused() {
    assertThatThrownBy(() -> RecordCodec.decode(RecordCodec.encodeStop("why")))
        .hasMessage("stored 'Stop' is no sector");
    assertThatThrownBy(
            () -> RecordCodec.decodeEvent(RecordCodec.encode(SampleSectors.full("Proving"))))
        .hasMessageContaining("none of this program's");
  }

  private record Small(String name, Optional<String> more) {}

  private record Grown(String name, Optional<String> more, long count, List<String> list) {}

  private record Strict(String name, Optional<String> more, SectorNumber number) {}

  @Test
  void tuple_ofFewerOrMoreComponents_isReadWithZeroesOrWithoutThem() {
    DagCborWriter small = new DagCborWriter();
    RecordTuples.write(small, new Small("a", Optional.of("b")));
    assertThat(RecordTuples.read(new DagCborReader(small.toByteArray()), Grown.class))
        .isEqualTo(new Grown("a", Optional.of("b"), 0, List.of()));
    DagCborWriter grown = new DagCborWriter();
    RecordTuples.write(grown, new Grown("a", Optional.empty(), 5, List.of("c", "d")));
    DagCborReader in = new DagCborReader(grown.toByteArray());
    assertThat(RecordTuples.read(in, Small.class)).isEqualTo(new Small("a", Optional.empty()));
    assertThat(in.atEnd()).isTrue();
    assertThatThrownBy(
            () -> RecordTuples.read(new DagCborReader(small.toByteArray()), Strict.class))
        .hasMessage("Strict.Number: missing");
  }

  private static void collect(Type type, Set<String> into) {
    if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        collect(argument, into);
      }
    } else if (type instanceof Class<?> plain
        && plain.isRecord()
        && plain.getName().startsWith("io.selkie.")) {
      StringBuilder line = new StringBuilder(plain.getSimpleName());
      for (RecordComponent part : plain.getRecordComponents()) {
        line.append(' ').append(part.getName()).append(':');
        line.append(part.getGenericType().getTypeName().replaceAll("[a-z.]+\\.", ""));
      }
      if (into.add(line.toString())) {
        for (RecordComponent part : plain.getRecordComponents()) {
          collect(part.getGenericType(), into);
        }
      }
    }
  }

  private static String version1() throws IOException {
    return resource("/stored-version-1.jsonl");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = RecordCodecTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
