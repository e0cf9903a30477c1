package io.selkie.conformance;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a child process loads the program from. Tests that kill it start it some hundred times; the
 * classes of a start are therefore read and checked once and kept in an archive (AppCDS), which
 * halves the time of a start. An archive is made of jars only: where the modules are directories,
 * as in a run of single tests, the children start without one.
 */
final class ProgramClasses {

  private static final long TRAINING_LIMIT_S = 180;

  /** Made once, by the first test that starts a child. */
  private static final class Once {
    private static final List<String> OPTIONS = options();
  }

  private ProgramClasses() {}

  /** The options that name the class path, and the archive if there is one. */
  static List<String> jvmOptions() {
    return Once.OPTIONS;
  }

  /** The JVM that runs the tests. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<String> options() {
    String all = System.getProperty("java.class.path");
    List<String> jars =
        Arrays.stream(all.split(File.pathSeparator)).filter(e -> e.endsWith(".jar")).toList();
    if (jars.stream()
        .noneMatch(jar -> Path.of(jar).getFileName().toString().startsWith("selkie-node"))) {
      return List.of("-cp", all);
    }
    String classPath = String.join(File.pathSeparator, jars);
    try {
      Path archive = Path.of("target", "program.jsa").toAbsolutePath();
      train(classPath, archive);
      return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-cp", classPath);
    } catch (IOException e) {
      throw new UncheckedIOException("no archive of the program's classes could be made", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the archive was made", e);
    }
  }

  /** Seals a sector in a program that writes the archive when it ends. */
  private static void train(String classPath, Path archive)
      throws IOException, InterruptedException {
    Files.deleteIfExists(archive);
    Path log = archive.resolveSibling("program.jsa.log");
    Process training =
        new ProcessBuilder(
                java(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ArchiveClassesAtExit=" + archive,
                "-cp",
                classPath,
                "io.selkie.node.Main",
                "demo",
                "--once")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = training.waitFor(TRAINING_LIMIT_S, TimeUnit.SECONDS);
    training.destroyForcibly();
    if (!ended || training.exitValue() != 0 || !Files.exists(archive)) {
      throw new IOException("the program did not end well: " + Files.readString(log));
    }
  }
}
