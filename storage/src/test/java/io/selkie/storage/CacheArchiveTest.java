package io.selkie.storage;

import static io.selkie.storage.TarBytes.ascii;
import static io.selkie.storage.TarBytes.octal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** An archive from elsewhere brings the files of a cache, whole, or nothing at all. */
class CacheArchiveTest {

  private static final SectorId SECTOR = SectorId.of(1000, 7);
  private static final String TREE = "sc-02-data-tree-r-last.dat";

  /** An archive of which something is wrong, and what is said of it. */
  record Wrong(String what, byte[] archive, String message) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static TarBytes begun() {
    return new TarBytes().file("p_aux", 64);
  }

  private static TarBytes whole() {
    return begun().file(TREE, 700).file("t_aux", 200);
  }

  private static Wrong entry(String what, String name, char type, String message) {
    return new Wrong(what, begun().entry(name, type, octal(0), "", 0).closed(), message);
  }

  private static Wrong size(String what, byte[] size, String message) {
    return new Wrong(what, begun().entry("t_aux", '0', size, "", 0).closed(), message);
  }

  private static byte[] base256(int first, int filled) {
    byte[] size = new byte[12];
    Arrays.fill(size, (byte) filled);
    size[0] = (byte) first;
    return size;
  }

  private static byte[] changed(int at) {
    byte[] archive = whole().closed();
    archive[at] ^= 1;
    return archive;
  }

  private static byte[] ofAllNames() {
    TarBytes archive = new TarBytes();
    for (String name : List.of("p_aux", "t_aux", "syn-porep-vanilla-proofs.dat")) {
      archive.file(name, 0);
    }
    archive.file("sc-02-data-tree-d.dat", 0);
    for (int layer = 1; layer <= 11; layer++) {
      archive.file("sc-02-data-layer-" + layer + ".dat", 0);
    }
    for (String tree : List.of("tree-c", "tree-r-last")) {
      archive.file("sc-02-data-" + tree + ".dat", 0);
      for (int i = 0; i < 16; i++) {
        archive.file("sc-02-data-" + tree + "-" + i + ".dat", 0);
      }
    }
    return archive.closed();
  }

  private static byte[] ofLayers() {
    TarBytes archive = new TarBytes().file("sc-02-data-tree-d.dat", 4096);
    archive.file("sc-02-data-tree-c.dat", 4096);
    for (int layer = 1; layer <= 11; layer++) {
      archive.file("sc-02-data-layer-" + layer + ".dat", 2048);
    }
    return archive.closed();
  }

  static final List<Wrong> REJECTED =
      List.of(
          entry("symbolic link", "t_aux", '2', "'t_aux' of type '2', which is no plain file"),
          entry("hard link", "t_aux", '1', "'t_aux' of type '1', which is no plain file"),
          entry("directory", "t_aux", '5', "'t_aux' of type '5', which is no plain file"),
          entry("device", "t_aux", '3', "'t_aux' of type '3', which is no plain file"),
          entry("sparse file", "t_aux", 'S', "'t_aux' of type 'S', which is no plain file"),
          entry("file above", "../x", '0', "'../x', which is no file of a cache"),
          entry("absolute name", "/etc/x", '0', "'/etc/x', which is no file of a cache"),
          entry("name with a slash", "a/t_aux", '0', "'a/t_aux', which is no file of a cache"),
          entry("own directory", "./t_aux", '0', "'./t_aux', which is no file of a cache"),
          entry("no name", "", '0', "'', which is no file of a cache"),
          entry("layer 12", "sc-02-data-layer-12.dat", '0', "which is no file of a cache"),
          entry("name with NUL", "t_aux\0/../x", '0', "something behind its name 't_aux'"),
          new Wrong(
              "directory before the name",
              begun().entry("t_aux", '0', octal(0), "..", 0).closed(),
              "a file with a directory in its name"),
          new Wrong(
              "pax name",
              begun().extended('x', "13 path=../x\n").file("t_aux", 0).closed(),
              "a file with a name of its own making"),
          new Wrong(
              "pax link",
              begun().extended('x', "14 linkpath=x\n").file("t_aux", 0).closed(),
              "a file with a name of its own making"),
          new Wrong(
              "pax size that is none",
              begun().extended('x', "11 size=-1\n").file("t_aux", 0).closed(),
              "a size that is no number"),
          new Wrong(
              "two pax headers",
              begun().extended('x', "\n").extended('x', "\n").file("t_aux", 0).closed(),
              "of type 'x', which is no plain file"),
          new Wrong(
              "pax header for all",
              begun().extended('g', "13 path=../x\n").file("t_aux", 0).closed(),
              "of type 'g', which is no plain file"),
          new Wrong(
              "GNU name",
              begun().extended('L', "../x").file("t_aux", 0).closed(),
              "of type 'L', which is no plain file"),
          size("negative size", base256(0xff, 0xff), "a size below 0 or over 2^63"),
          size("huge size", base256(0x80, 0x7f), "a size below 0 or over 2^63"),
          size("huge size of one bit", base256(0x81, 0), "a size below 0 or over 2^63"),
          size("size with a sign", ascii("-0000000001\0"), "is no octal number"),
          size("garbled size", ascii("0000000009x\0"), "is no octal number"),
          size("no size", ascii(" ".repeat(12)), "is no octal number"),
          size("file over its limit", octal(10_241), "t_aux of 10241 bytes, the limit is 10240"),
          new Wrong("wrong checksum", changed(1), "a checksum is wrong"),
          new Wrong("garbled checksum", changed(154), "is no octal number"),
          new Wrong("not tar", ascii("<html>".repeat(200)), "is no octal number"),
          new Wrong("same name twice", begun().file("p_aux", 1).closed(), "p_aux twice"),
          new Wrong("too many files", ofAllNames(), "more than the 47 files of a cache"),
          new Wrong("too much", ofLayers(), "more than the 28876 bytes of a cache"),
          new Wrong(
              "garbage in the end",
              whole().raw(new byte[512]).raw(ascii("x".repeat(512))).open(),
              "something comes behind the end"),
          new Wrong(
              "garbage behind the end",
              whole().raw(new byte[1024]).raw(ascii("x")).open(),
              "something comes behind the end"),
          new Wrong(
              "endless end", whole().raw(new byte[12_000]).open(), "more than 10240 bytes come"));

  private static Wrong cut(String what, int bytes, String message) {
    return new Wrong(what, Arrays.copyOf(whole().closed(), bytes), message);
  }

  static final List<Wrong> BROKEN_OFF =
      List.of(
          cut("nothing", 0, "breaks off behind 0 files"),
          cut("within a head", 100, "breaks off in a header"),
          cut("within a file", 540, "breaks off 36 bytes before the end of a file"),
          cut("within what fills a file", 600, "breaks off behind a file"),
          cut("between two files", 1024, "breaks off behind p_aux"),
          cut("within the last head", 2700, "breaks off in a header"),
          cut("within what fills the last file", 3300, "breaks off behind a file"),
          cut("within the end", 4096, "breaks off in its end"),
          new Wrong(
              "behind an extended header",
              begun().extended('x', "9 size=1\n").open(),
              "breaks off behind an extended header"));

  @TempDir Path dir;
  private TestStorage storage;
  private SectorImport imports;

  @BeforeEach
  void open() throws IOException {
    storage = new TestStorage(dir);
    storage.attach("a", TestStorage.meta("a", true, true));
    imports =
        new SectorImport(
            storage.paths,
            storage.index,
            storage.locks,
            1,
            dir.resolve("parents"),
            new SplittableRandom(1));
  }

  private void take(byte[] archive) throws SealFault {
    imports.bring(
        new SectorRef(SECTOR, RegisteredSealProof.STACKED_DRG_2KIB_V1_1),
        SectorFileType.CACHE,
        PathType.SEALING,
        _ -> new SectorImport.Download(0, OptionalLong.empty(), new ByteArrayInputStream(archive)),
        new SectorImport.Expected(Optional.empty(), Optional.empty()),
        Progress.NONE);
  }

  private void fetch(byte[] archive) throws SealFault {
    OtherPaths others =
        new OtherPaths() {
          @Override
          public List<Copy> copies(SectorId sector, SectorFileType type) {
            return List.of(new Copy("there", List.of("http://there/cache")));
          }

          @Override
          public Incoming open(String url, SectorFileType type) {
            return new Incoming(-1, new ByteArrayInputStream(archive));
          }

          @Override
          public void delete(Copy copy, SectorId sector, SectorFileType type) {
            throw new AssertionError("nothing is to be deleted");
          }
        };
    new SectorTransfer(storage.paths, storage.index, others)
        .bring(SECTOR, SectorSize.KIB_2, EnumSet.of(SectorFileType.CACHE), PathType.SEALING, true);
  }

  private Path temporary() {
    return storage.only().unfinished(SectorFileType.CACHE, SECTOR);
  }

  /** All files that are not there from the beginning. */
  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(dir)) {
      return all.filter(each ->
              !Files.isDirectory(each) && !each.getFileName().toString().equals("sectorstore.json"))
          .toList();
    }
  }

  private void requireWhole() throws IOException {
    Path place = storage.only().file(SectorFileType.CACHE, SECTOR);
    assertThat(files())
        .containsExactlyInAnyOrder(
            place.resolve("p_aux"), place.resolve(TREE), place.resolve("t_aux"));
    assertThat(place.resolve(TREE)).hasBinaryContent(TarBytes.content(700));
    assertThat(place.resolve("t_aux")).hasBinaryContent(TarBytes.content(200));
  }

  @ParameterizedTest
  @FieldSource("REJECTED")
  void archive_thatIsNoneOfACache_isRejectedAndLeavesNothing(Wrong wrong) throws Exception {
    SealFault fault = catchThrowableOfType(SealFault.class, () -> take(wrong.archive()));
    assertThat(fault).hasMessageContaining(wrong.message());
    assertThat(fault.kind()).isEqualTo(SealFault.Kind.BAD_REQUEST);
    assertThat(temporary()).doesNotExist();
    assertThat(files()).isEmpty();
    assertThatThrownBy(() -> fetch(wrong.archive())).hasMessageContaining(wrong.message());
    assertThat(files()).isEmpty();
    fetch(whole().closed());
    requireWhole();
  }

  @ParameterizedTest
  @FieldSource("BROKEN_OFF")
  void archive_thatBreaksOff_leavesTheTemporaryPlaceAtMost(Wrong wrong) throws Exception {
    assertThatThrownBy(() -> fetch(wrong.archive())).hasMessageContaining(wrong.message());
    assertThat(files()).isEmpty();
    SealFault fault = catchThrowableOfType(SealFault.class, () -> take(wrong.archive()));
    assertThat(fault).hasMessageContaining(wrong.message()).hasCauseInstanceOf(EOFException.class);
    assertThat(fault.kind()).isEqualTo(SealFault.Kind.IO);
    assertThat(files()).allMatch(each -> each.startsWith(temporary()));
    take(whole().closed());
    requireWhole();
  }

  @Test
  void archive_thatIsFilledUpToARecord_isTaken() throws Exception {
    take(whole().raw(new byte[10_240]).open());
    requireWhole();
  }

  @Test
  void archive_withASizeInAnExtendedHeader_isTaken() throws Exception {
    byte[] behind = Arrays.copyOf(TarBytes.content(200), 512);
    byte[] zero = TarBytes.header("t_aux", '0', octal(0), "");
    take(
        begun()
            .file(TREE, 700)
            .extended('x', "30 mtime=1700000000.123456789\n12 size=200\n")
            .raw(zero)
            .raw(behind)
            .closed());
    requireWhole();
  }

  /** As lotus writes it: no padding behind the last file, and no end. */
  @Test
  void archive_thatEndsBehindItsLastFile_isTaken() throws Exception {
    byte[] archive = whole().open();
    take(Arrays.copyOf(archive, archive.length - (512 - 200)));
    requireWhole();
  }

  @Test
  void archive_thatComesByteByByte_isTaken() throws Exception {
    Path directory = Files.createDirectory(dir.resolve("slow"));
    try (InputStream slow =
        new FilterInputStream(new ByteArrayInputStream(whole().closed())) {
          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            return super.read(into, offset, Math.min(1, count));
          }
        }) {
      List<Long> said = new ArrayList<>();
      CacheArchive.unpack(slow, directory, SectorFileType.CACHE, SectorSize.KIB_2, said::add);
      assertThat(said).containsExactly(64L, 764L, 964L);
    }
    assertThat(directory.resolve(TREE)).hasBinaryContent(TarBytes.content(700));
  }

  /** A file in the way is neither overwritten nor followed. */
  @Test
  void archive_ontoALink_isNotWrittenThroughIt() throws Exception {
    Path directory = Files.createDirectory(dir.resolve("links"));
    Path outside = dir.resolve("outside");
    Files.createSymbolicLink(directory.resolve("p_aux"), outside);
    assertThatThrownBy(() ->
            CacheArchive.unpack(
                new ByteArrayInputStream(whole().closed()),
                directory,
                SectorFileType.CACHE,
                SectorSize.KIB_2,
                _ -> {}))
        .isInstanceOf(IOException.class);
    assertThat(outside).doesNotExist();
  }
}
