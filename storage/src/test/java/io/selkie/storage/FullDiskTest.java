package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes no more, for real: in a process of its own, under the system's own limits. */
class FullDiskTest {

  @TempDir Path dir;

  private void path(String name, boolean seal, boolean store) throws IOException {
    LocalPaths.init(dir.resolve(name), TestStorage.meta(name, seal, store));
  }

  /** Runs a shell line in which {@code $J} is this JVM with the program and the directory. */
  private String shell(String line) throws Exception {
    String java =
        String.join(
            " ",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                "\"$CP\"",
                FullDiskProgram.class.getName(),
                "\"$DIR\""));
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", line.replace("$J", java)).redirectErrorStream(true);
    builder.environment().put("CP", System.getProperty("java.class.path"));
    builder.environment().put("DIR", dir.toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return out + "status " + process.waitFor();
  }

  /** No file may grow over 4 MiB: a sector's cannot be made, and the process goes on. */
  @Test
  void addPiece_filesMayNotGrow_isNoSpaceAndLeavesNothing() throws Exception {
    path("small", true, true);
    assertThat(shell("ulimit -f 4096; exec $J add"))
        .isEqualTo(
            """
            not added 2080768: NO_SPACE
            declared 0
            not added 32512: NO_SPACE
            declared 0
            reserved 0, locks 0
            left []
            status 0\
            """);
  }

  @Test
  void move_filesMayNotGrow_isNoSpaceAndTheSourceStays() throws Exception {
    path("small", false, true);
    path("seal", true, false);
    Path sealed = dir.resolve("seal/sealed/s-t01000-3");
    Files.createDirectories(sealed.getParent());
    try (RandomAccessFile file = new RandomAccessFile(sealed.toFile(), "rw")) {
      file.setLength(8 << 20);
    }
    assertThat(shell("ulimit -f 4096; exec $J move"))
        .startsWith("not moved: NO_SPACE\nreserved 0, locks 0\n")
        .endsWith("status 0");
    assertThat(sealed).hasSize(8 << 20);
    assertThat(dir.resolve("small/sealed/s-t01000-3")).doesNotExist();
    assertThat(shell("exec $J move")).startsWith("moved\n").endsWith("status 0");
    assertThat(sealed).doesNotExist();
    assertThat(dir.resolve("small/sealed/s-t01000-3")).hasSize(8 << 20);
  }

  /** A filesystem of 1 MiB in a mount namespace of its own; what fits still goes on it. */
  @Test
  void addPiece_filesystemFull_isNoSpaceAndTheNextPieceFits() throws Exception {
    Path small = Files.createDirectory(dir.resolve("small"));
    Assumptions.assumeTrue(
        shell("unshare -rm mount -t tmpfs -o size=1m tmpfs " + small).equals("status 0"),
        "this machine lets nobody mount a filesystem of his own");
    Path template = Files.createDirectory(dir.resolve("template"));
    TestStorage.meta("small", true, true).write(template);
    String mounted =
        "mount -t tmpfs -o size=1m tmpfs $DIR/small && cp $DIR/template/* $DIR/small && exec $J add";
    assertThat(shell("unshare -rm bash -c '" + mounted.replace("\"", "\\\"") + "'"))
        .isEqualTo(
            """
            not added 2080768: NO_SPACE
            declared 0
            added 32512
            declared 1
            reserved 0, locks 0
            left [unsealed/s-t01000-2]
            status 0\
            """);
  }
}
