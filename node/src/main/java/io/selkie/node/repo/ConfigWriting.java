package io.selkie.node.repo;

import io.selkie.proofs.file.PendingFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes {@code config.toml}: the first one, and the one key that a call may change. */
public final class ConfigWriting {

  private static final Pattern WAIT_DEALS_DELAY = keyPattern("");

  private static final Pattern COMMENTED_WAIT_DEALS_DELAY = keyPattern("#[ \\t]*");

  private ConfigWriting() {}

  /** Five epochs, but no longer than where there is a network to be polite to. */
  private static Duration retryPause(Duration blockDelay) {
    Duration fiveEpochs = blockDelay.multipliedBy(5);
    Duration minute = Duration.ofMinutes(1);
    return fiveEpochs.compareTo(minute) < 0 ? fiveEpochs : minute;
  }

  /**
   * Writes a first configuration, with the devnet's values and what an operator is likely to
   * change.
   *
   * @param devnet fixed from now on
   * @param batchWait how long messages wait for company
   * @param keepUnsealed whether unsealed copies stay
   */
  public static void writeFirst(
      Path file, MinerConfig.Devnet devnet, Duration batchWait, boolean keepUnsealed)
      throws IOException {
    String text =
        """
        # Selkie's configuration. Unknown keys stop the start. What is commented out shows the default.

        [API]
        ListenAddress = "%s"
        # Lotus answers reads without a token; here every call needs one unless this is true.
        # AnonymousRead = false
        # Lotus lets SectorsUpdate force any name; here it must be a state that makes sense.
        # LenientUpdate = false
        # URLs below which the node asks for sectors sealed elsewhere, and for pieces given as URLs.
        # FetchFrom = []
        # What callers may ask for; see docs/limits.md.
        # MaxRequestBytes = 104857600
        # MaxBatch = 10000
        # MaxConnections = 16384
        # MaxConnectionsPerAddress = 1024
        # MaxSubscriptions = 20000
        # CallTimeout = "5m"

        [Sealing]
        # How long an open sector waits for more pieces.
        # WaitDealsDelay = "6h"
        # MaxWaitDealsSectors = 2
        # Whether client data stays readable without unsealing (the default is true).
        AlwaysKeepUnsealedCopy = %s
        # A devnet's messages need not wait for company (the default is 24h).
        PreCommitBatchWait = "%s"
        CommitBatchWait = "%s"
        # The first pause after failed work, doubled from try to try up to 30m (the default is 1m).
        RetryPause = "%s"

        [Storage]
        # How long files of removed sectors are kept; "0s" deletes them at once.
        # TrashRetention = "168h"
        # Whether the oldest of them may go early when a new file finds no room.
        # PurgeTrashWhenFull = false
        # Where workers may be that the node calls: "none", "loopback" or "any"; see docs/workers.md.
        # RemoteWorkers = "loopback"
        # What the node does itself; what it may not do waits for a worker.
        # AllowAddPiece = true
        # AllowPreCommit1 = true
        # AllowPreCommit2 = true
        # AllowCommit = true
        # AllowUnseal = true

        # The embedded chain. Fixed since the first run: sectors and chain belong together.
        [Devnet]
        Miner = %d
        SectorSize = "%s"
        BlockDelay = "%s"
        """
            .formatted(
                MinerConfig.DEFAULT_LISTEN,
                keepUnsealed,
                GoDuration.text(batchWait),
                GoDuration.text(batchWait),
                GoDuration.text(retryPause(devnet.blockDelay())),
                devnet.miner().value(),
                devnet.sectorSize(),
                GoDuration.text(devnet.blockDelay()));
    PendingFile.writeWhole(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Replaces one key in place, comments and all else untouched.
   *
   * @throws IOException if the file cannot be read or written, or would not say so afterwards; it
   *     is unchanged then
   */
  public static void setWaitDealsDelay(Path file, Duration delay) throws IOException {
    String value = "\"" + GoDuration.text(delay) + "\"";
    String next = withWaitDealsDelay(ConfigFile.text(file), value);
    MinerConfig read = ConfigFile.read(file, next);
    if (!read.sealing().input().waitDealsDelay().equals(delay)) {
      throw new IOException(
          file
              + " sets Sealing.WaitDealsDelay in a way that only an editor can change to "
              + value);
    }
    PendingFile.writeWhole(file, next.getBytes(StandardCharsets.UTF_8));
  }

  private static String withWaitDealsDelay(String text, String value) {
    for (Pattern each : List.of(WAIT_DEALS_DELAY, COMMENTED_WAIT_DEALS_DELAY)) {
      Matcher found = each.matcher(text);
      if (found.find()) {
        return found.replaceFirst("WaitDealsDelay = " + Matcher.quoteReplacement(value) + "$1");
      }
    }
    String line = "WaitDealsDelay = " + value;
    Matcher section = Pattern.compile("(?m)^[ \\t]*\\[Sealing\\].*$").matcher(text);
    return section.find()
        ? section.replaceFirst("$0\n" + Matcher.quoteReplacement(line))
        : text + "\n[Sealing]\n" + line + "\n";
  }

  /** The key's line; its group is the comment behind the value. */
  private static Pattern keyPattern(String before) {
    return Pattern.compile(
        "(?m)^[ \\t]*"
            + before
            + "WaitDealsDelay[ \\t]*=[ \\t]*(?:\"[^\"\\n]*\"|'[^'\\n]*')([ \\t]*(?:#.*)?)$");
  }
}
