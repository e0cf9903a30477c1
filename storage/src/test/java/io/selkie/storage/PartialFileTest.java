package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.BitField;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.seal.DamagedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartialFileTest {

  private static final SectorSize SIZE = SectorSize.KIB_2;

  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = dir.resolve("s-t01000-3");
  }

  /** Trailers as lotus writes them (storage/sealer/partialfile). */
  @ParameterizedTest
  @CsvSource({
    "0,0,0,0,00000000",
    "0,2048,0,0,04100203000000",
    "1024,1024,0,0,001001400405000000",
    "0,1024,1536,512,0410014002000907000000",
    "0,1536,0,0,04900103000000"
  })
  void markPresent_ranges_writesTheReferencesTrailer(
      long from, long length, long from2, long length2, String trailer) throws IOException {
    try (PartialFile partial = PartialFile.create(file, SIZE)) {
      partial.markPresent(from, length);
      partial.markPresent(from2, length2);
    }
    assertThat(trailerHex()).isEqualTo(trailer);
    try (PartialFile partial = PartialFile.openRead(file, SIZE)) {
      assertThat(partial.present().size()).isEqualTo(length + length2);
      assertThat(partial.isPresent(from, length)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"MIB_8,0410109004000000", "MIB_512,041010105005000000"})
  void markPresent_wholeLargeSector_writesTheReferencesTrailer(SectorSize size, String trailer)
      throws IOException {
    try (PartialFile partial = PartialFile.create(file, size)) {
      partial.markPresent(0, size.bytes());
      assertThat(partial.isComplete()).isTrue();
    }
    byte[] tail = new byte[trailer.length() / 2];
    try (var channel = java.nio.channels.FileChannel.open(file)) {
      channel.read(ByteBuffer.wrap(tail), size.bytes());
      assertThat(channel.size()).isEqualTo(size.bytes() + tail.length);
    }
    assertThat(HexFormat.of().formatHex(tail)).isEqualTo(trailer);
  }

  @Test
  void markAbsent_twice_accumulates() throws IOException {
    try (PartialFile partial = PartialFile.create(file, SIZE)) {
      partial.markPresent(0, 2048);
      partial.markAbsent(0, 512);
      partial.markAbsent(1024, 512);
    }
    try (PartialFile partial = PartialFile.open(file, SIZE)) {
      assertThat(partial.present().runs())
          .containsExactly(new BitField.Run(512, 1024), new BitField.Run(1536, 2048));
      assertThat(partial.isPresent(512, 512)).isTrue();
      assertThat(partial.isPresent(512, 513)).isFalse();
      assertThat(partial.isPresent(0, 0)).isTrue();
    }
  }

  @Test
  void create_existingFile_isRefused() throws IOException {
    PartialFile.create(file, SIZE).close();
    assertThatThrownBy(() -> PartialFile.create(file, SIZE))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void open_absentFile_isNoSuchFile() {
    assertThatThrownBy(() -> PartialFile.open(file, SIZE)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void open_rawFileOfSectorSize_isComplete() throws IOException {
    Files.write(file, new byte[2048]);
    try (PartialFile partial = PartialFile.open(file, SIZE)) {
      assertThat(partial.isComplete()).isTrue();
      partial.markAbsent(0, 128);
    }
    assertThat(Files.size(file)).isGreaterThan(2048);
    try (PartialFile partial = PartialFile.openRead(file, SIZE)) {
      assertThat(partial.present().runs()).containsExactly(new BitField.Run(128, 2048));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',2047 bytes", // one byte short, see below
    "00,1 bytes behind the data",
    "000000,3 bytes behind the data",
    "01000000,states 1 bytes",
    "0410ffffffff,states 4294967295 bytes",
    "041003000000,states 3 bytes",
    "0710020300000000,states 0 bytes",
    "07100203000000,version 3",
    "04100003000000,minimally",
    "04100403000000,covers 4096 bytes"
  })
  void open_tornTrailer_namesFileValueAndExpectation(String trailer, String message)
      throws IOException {
    byte[] tail = HexFormat.of().parseHex(trailer);
    byte[] content = new byte[tail.length == 0 ? 2047 : 2048 + tail.length];
    System.arraycopy(tail, 0, content, content.length - tail.length, tail.length);
    Files.write(file, content);
    assertThatThrownBy(() -> PartialFile.open(file, SIZE))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  /** Whatever a crash leaves of the trailer in place, the forced copy beside it holds. */
  @Test
  void open_crashWhileTrailerIsReplaced_finishesIt() throws IOException {
    BitField before = BitField.ofRange(0, 512).plus(BitField.ofRange(1024, 1536));
    BitField after = BitField.ofRange(0, 2048);
    byte[] old = PartialFile.trailer(before);
    byte[] next = PartialFile.trailer(after);
    for (int written = 0; written <= next.length; written++) {
      for (boolean cut : new boolean[] {false, true}) {
        byte[] torn = old.clone();
        System.arraycopy(next, 0, torn, 0, written);
        torn = cut ? Arrays.copyOf(torn, written) : torn;
        Files.write(file, concat(new byte[2048], torn));
        PartialFile.writePending(file, next);
        try (PartialFile partial = PartialFile.openRead(file, SIZE)) {
          assertThat(partial.present()).isEqualTo(after);
        }
        PartialFile.open(file, SIZE).close();
        assertThat(trailerHex()).isEqualTo(HexFormat.of().formatHex(next));
        assertThat(dir.resolve("fetching/s-t01000-3.trailer")).doesNotExist();
      }
    }
  }

  @Test
  void open_tornTrailerCopy_isDamage() throws IOException {
    PartialFile.create(file, SIZE).close();
    PartialFile.writePending(file, PartialFile.trailer(BitField.ofRange(0, 2048)));
    Path copy = dir.resolve("fetching/s-t01000-3.trailer");
    byte[] content = Files.readAllBytes(copy);
    content[0] ^= 1;
    Files.write(copy, content);
    assertThatThrownBy(() -> PartialFile.open(file, SIZE))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining(copy.toString());
  }

  @Test
  void create_afterCrashOfAnEarlierFile_forgetsItsTrailer() throws IOException {
    Files.createDirectories(dir.resolve("fetching"));
    PartialFile.writePending(file, PartialFile.trailer(BitField.ofRange(0, 2048)));
    Files.write(dir.resolve("fetching/s-t01000-3.new"), new byte[5]);
    PartialFile.create(file, SIZE).close();
    try (PartialFile partial = PartialFile.open(file, SIZE)) {
      assertThat(partial.present().isEmpty()).isTrue();
    }
  }

  @Test
  void copyPresent_someRanges_keepsTheirBytesAndNothingElse() throws IOException {
    byte[] data = new byte[2048];
    new Random(7).nextBytes(data);
    Path copy = dir.resolve("copy");
    try (PartialFile partial = PartialFile.create(file, SIZE)) {
      DurableFiles.writeFully(partial.channel(), ByteBuffer.wrap(data), 0);
      partial.markPresent(0, 1024);
      partial.copyPresent(BitField.ofRange(512, 2048), copy);
    }
    byte[] copied = Files.readAllBytes(copy);
    assertThat(Arrays.copyOf(copied, 512)).containsOnly(0);
    assertThat(Arrays.copyOfRange(copied, 512, 1024))
        .isEqualTo(Arrays.copyOfRange(data, 512, 1024));
    assertThat(Arrays.copyOfRange(copied, 1024, 2048)).containsOnly(0);
    try (PartialFile partial = PartialFile.open(copy, SIZE)) {
      assertThat(partial.present()).isEqualTo(BitField.ofRange(512, 1024));
    }
    assertThat(PartialFile.storedBytes(copy)).isEqualTo(512 + Files.size(copy) - 2048);
  }

  @Test
  void markPresent_outsideTheSector_isRefused() throws IOException {
    try (PartialFile partial = PartialFile.create(file, SIZE)) {
      assertThatThrownBy(() -> partial.markPresent(1920, 256))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("256 bytes at 1920 is not within 2048");
      assertThatThrownBy(() -> partial.isPresent(Long.MAX_VALUE, 2))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private String trailerHex() throws IOException {
    byte[] content = Files.readAllBytes(file);
    return HexFormat.of().formatHex(content, 2048, content.length);
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Whatever stands behind the data: it is read as what the reference reads, or refused. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void open_randomTrailers_areReadExactlyOrRefused(long seed) throws IOException {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int read = 0;
    for (int n = 0; n < 400; n++) {
      byte[] trailer = randomTrailer(random);
      byte[] content = Arrays.copyOf(new byte[2048], 2048 + trailer.length);
      System.arraycopy(trailer, 0, content, 2048, trailer.length);
      Files.write(file, content);
      try (PartialFile partial = PartialFile.openRead(file, SIZE)) {
        assertThat(partial.present().end()).isLessThanOrEqualTo(2048);
        if (trailer.length > 0) {
          // Only the one way of writing a set is taken, so what was read says what was there.
          BitField present = BitField.ofRlePlus(Arrays.copyOf(trailer, trailer.length - 4));
          assertThat(partial.present()).isEqualTo(present);
        }
        read++;
      } catch (DamagedFileException e) {
        assertThat(e).hasMessageContaining(file.toString());
      }
      assertThat(file).hasBinaryContent(content);
    }
    assertThat(read).isPositive();
  }

  /** A trailer of some set, now and then with bytes changed, cut off or added. */
  private static byte[] randomTrailer(Random random) {
    BitField set = BitField.EMPTY;
    for (int runs = random.nextInt(5); runs > 0; runs--) {
      int from = random.nextInt(2300);
      set = set.plus(BitField.ofRange(from, from + random.nextInt(600)));
    }
    byte[] trailer = PartialFile.trailer(set);
    switch (random.nextInt(5)) {
      case 0 -> trailer[random.nextInt(trailer.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> trailer = Arrays.copyOf(trailer, random.nextInt(trailer.length));
      case 2 -> trailer = Arrays.copyOf(trailer, trailer.length + 1 + random.nextInt(9));
      default -> {
        // as the reference writes it
      }
    }
    return trailer;
  }

  /** Marks in any order add up, on one handle and over several. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void mark_randomRanges_addUpAndSurviveReopening(long seed) throws IOException {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    BitField expected = BitField.EMPTY;
    PartialFile.create(file, SIZE).close();
    for (int n = 0; n < 30; n++) {
      try (PartialFile partial = PartialFile.open(file, SIZE)) {
        for (int i = 0; i < 3; i++) {
          int from = random.nextInt(2048);
          int length = random.nextInt(2048 - from + 1);
          BitField range = BitField.ofRange(from, from + length);
          if (random.nextBoolean()) {
            partial.markPresent(from, length);
            expected = expected.plus(range);
          } else {
            partial.markAbsent(from, length);
            expected = expected.minus(range);
          }
        }
      }
      try (PartialFile partial = PartialFile.openRead(file, SIZE)) {
        assertThat(partial.present()).isEqualTo(expected);
      }
    }
  }
}
