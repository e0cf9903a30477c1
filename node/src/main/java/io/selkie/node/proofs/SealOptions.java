package io.selkie.node.proofs;

import io.selkie.abi.Randomness;
import io.selkie.node.console.ProgressBars;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every proving command takes. */
final class SealOptions {

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads to use (default: all processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--parents-cache",
      paramLabel = "DIR",
      description =
          "where graph parents are kept between runs (default: filecoin-parents in the temporary directory, as the reference has it)")
  private @Nullable Path parentsCache;

  /** The context of a run; progress bars go to standard error unless a machine reads the output. */
  SealContext context(boolean quiet) throws IOException {
    if (threads < 1) {
      throw new IllegalArgumentException("--threads " + threads + " is below 1");
    }
    SealProgress progress = quiet ? SealProgress.NONE : new ProgressBars();
    return new SealContext(threads, parentsDirectory(), progress);
  }

  SealContext context(int useThreads) throws IOException {
    return new SealContext(useThreads, parentsDirectory(), SealProgress.NONE);
  }

  int threads() {
    return threads;
  }

  private Path parentsDirectory() throws IOException {
    Path directory =
        parentsCache != null
            ? parentsCache
            : Path.of(System.getProperty("java.io.tmpdir"), "filecoin-parents");
    return Files.createDirectories(directory);
  }

  /**
   * The 32 bytes of an option.
   *
   * @throws IllegalArgumentException naming the option and what came
   */
  Randomness randomness(String option, String hex) {
    if (!hex.matches("[0-9a-fA-F]{64}")) {
      throw new IllegalArgumentException(
          option
              + " '"
              + hex
              + "' has "
              + hex.length()
              + " characters; 64 hex digits (32 bytes) are needed");
    }
    return Randomness.ofHex(hex.toLowerCase(java.util.Locale.ROOT));
  }
}
