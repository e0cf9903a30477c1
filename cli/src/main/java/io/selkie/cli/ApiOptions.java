package io.selkie.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options every command has. */
final class ApiOptions {

  @Option(
      names = "--repo",
      paramLabel = "DIR",
      description =
          "The node's directory; its address and token are read from DIR/api and DIR/token."
              + " Without it MINER_API_INFO (TOKEN:MULTIADDRESS) counts, then the default"
              + " directory.")
  @Nullable Path repo;

  @Option(names = "--json", description = "Print JSON, for machines; lists one object per line.")
  boolean json;

  @Option(
      names = "--color",
      negatable = true,
      fallbackValue = "true",
      description = "Colour the output, or not (default: only on a terminal).")
  @Nullable Boolean color;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  boolean help;
}
