package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.RetryPolicy;
import io.selkie.pipeline.SealingConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/**
 * Reads {@code config.toml}. Keys and defaults are the reference's where it has them; an unknown
 * key, a value of the wrong type or one out of range stops the start with its line.
 */
final class ConfigFile {

  private final Path file;
  private final TomlParseResult toml;
  private final Set<String> known = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  private ConfigFile(Path file, TomlParseResult toml) {
    this.file = file;
    this.toml = toml;
  }

  /**
   * The configuration of {@code file}; what it does not name has its default.
   *
   * @throws IOException naming every problem with its line
   */
  static MinerConfig read(Path file) throws IOException {
    TomlParseResult toml = Toml.parse(Files.readString(file, StandardCharsets.UTF_8));
    if (toml.hasErrors()) {
      throw new IOException(
          file
              + ": "
              + String.join(
                  "; ",
                  toml.errors().stream()
                      .map(each -> "line " + each.position().line() + ": " + each.getMessage())
                      .toList()));
    }
    return new ConfigFile(file, toml).config();
  }

  private MinerConfig config() throws IOException {
    MinerConfig base = MinerConfig.defaults();
    MinerConfig.Api api =
        new MinerConfig.Api(
            text("API.ListenAddress", base.api().listenAddress()),
            bool("API.AnonymousRead", base.api().anonymousRead()));
    SealingConfig sealing =
        new SealingConfig(
            input(base.sealing().input()),
            sectors(base.sealing().sectors()),
            batch("PreCommit", base.sealing().preCommitBatch()),
            batch("Commit", base.sealing().commitBatch()),
            collateral(base.sealing().collateral()),
            retry(base.sealing().retry()));
    MinerConfig.Devnet devnet =
        new MinerConfig.Devnet(
            new ActorId(number("Devnet.Miner", base.devnet().miner().value(), 1, Long.MAX_VALUE)),
            parsed("Devnet.SectorSize", base.devnet().sectorSize(), SectorSize::parse),
            duration("Devnet.BlockDelay", base.devnet().blockDelay()));
    for (String key : toml.dottedKeySet()) {
      if (!known.contains(key)) {
        problems.add(line(key) + "unknown key '" + key + "'");
      }
    }
    if (!problems.isEmpty()) {
      throw new IOException(file + ": " + String.join("; ", problems));
    }
    return new MinerConfig(api, sealing, devnet);
  }

  private SealingConfig.Input input(SealingConfig.Input base) {
    return new SealingConfig.Input(
        count("Sealing.MaxWaitDealsSectors", base.maxWaitDealsSectors()),
        count("Sealing.MaxSealingSectors", base.maxSealingSectors()),
        count("Sealing.MaxSealingSectorsForDeals", base.maxSealingSectorsForDeals()),
        bool("Sealing.MakeNewSectorForDeals", base.makeNewSectorForDeals()),
        duration("Sealing.WaitDealsDelay", base.waitDealsDelay()),
        number("Dealmaking.StartEpochSealingBuffer", base.startEpochSealingBuffer(), 0, 1_000_000));
  }

  private SealingConfig.Sectors sectors(SealingConfig.Sectors base) {
    return new SealingConfig.Sectors(
        duration("Sealing.CommittedCapacitySectorLifetime", base.committedCapacityLifetime()),
        bool("Sealing.AlwaysKeepUnsealedCopy", base.alwaysKeepUnsealedCopy()),
        bool("Sealing.FinalizeEarly", base.finalizeEarly()),
        bool("Sealing.MakeCCSectorsAvailable", base.makeCcSectorsAvailable()),
        bool("Sealing.UseSyntheticPoRep", base.useSyntheticPoRep()),
        bool("Sealing.RemoveHopelessSectors", base.removeHopeless()));
  }

  private SealingConfig.Batch batch(String what, SealingConfig.Batch base) {
    return new SealingConfig.Batch(
        (int) number("Sealing.Max" + what + "Batch", base.max(), 1, base.max()),
        duration("Sealing." + what + "BatchWait", base.longestWait()),
        duration("Sealing." + what + "BatchSlack", base.slack()));
  }

  private SealingConfig.Retry retry(SealingConfig.Retry base) {
    RetryPolicy sealing = base.sealing();
    Duration first = duration("Sealing.RetryPause", sealing.first());
    Duration most = first.compareTo(sealing.most()) > 0 ? first : sealing.most();
    return new SealingConfig.Retry(
        base.chain(),
        new RetryPolicy(first, most, sealing.jitter(), sealing.budget()),
        base.push());
  }

  private SealingConfig.Collateral collateral(SealingConfig.Collateral base) {
    return new SealingConfig.Collateral(
        bool("Sealing.CollateralFromMinerBalance", base.fromMinerBalance()),
        bool("Sealing.DisableCollateralFallback", base.disableFallback()),
        bool("Sealing.RequireActivationSuccess", base.requireActivationSuccess()),
        bool("Sealing.RequireNotificationSuccess", base.requireNotificationSuccess()),
        parsed("Sealing.AvailableBalanceBuffer", base.availableBalanceBuffer(), ConfigFile::fil));
  }

  private static TokenAmount fil(String text) {
    String amount = text.replaceFirst("(?i)\\s*FIL$", "");
    return new TokenAmount(new BigDecimal(amount).movePointRight(18).toBigIntegerExact());
  }

  private String text(String key, String otherwise) {
    return value(key, String.class, otherwise);
  }

  private boolean bool(String key, boolean otherwise) {
    return value(key, Boolean.class, otherwise);
  }

  private int count(String key, int otherwise) {
    return (int) number(key, otherwise, 0, Integer.MAX_VALUE);
  }

  private long number(String key, long otherwise, long least, long most) {
    long number = value(key, Long.class, otherwise);
    if (number < least || number > most) {
      problems.add(line(key) + key + " = " + number + " is not in " + least + ".." + most);
    }
    return number;
  }

  private Duration duration(String key, Duration otherwise) {
    return parsed(key, otherwise, GoDuration::parse);
  }

  private <T> T parsed(String key, T otherwise, Function<String, T> parse) {
    String text = value(key, String.class, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException | ArithmeticException refused) {
      problems.add(line(key) + key + ": " + refused.getMessage());
      return otherwise;
    }
  }

  private <T> T value(String key, Class<T> type, T otherwise) {
    known.add(key);
    @Nullable Object found = toml.get(key);
    if (found == null) {
      return otherwise;
    }
    if (!type.isInstance(found)) {
      problems.add(
          line(key) + key + " is no " + type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
      return otherwise;
    }
    return type.cast(found);
  }

  private String line(String key) {
    @Nullable TomlPosition position = toml.inputPositionOf(key);
    return position == null ? "" : "line " + position.line() + ": ";
  }

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
  static void writeFirst(
      Path file, MinerConfig.Devnet devnet, Duration batchWait, boolean keepUnsealed)
      throws IOException {
    String text =
        """
        # Selkie's configuration. Unknown keys stop the start. What is commented out shows the default.

        [API]
        ListenAddress = "%s"
        # Lotus answers reads without a token; here every call needs one unless this is true.
        # AnonymousRead = false

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
    Path temporary = file.resolveSibling("config.toml.tmp");
    Files.writeString(temporary, text, StandardCharsets.UTF_8);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Replaces one key in place, comments and all else untouched.
   *
   * @throws IOException if the file cannot be read or written
   */
  static void setWaitDealsDelay(Path file, Duration delay) throws IOException {
    String line = "WaitDealsDelay = \"" + GoDuration.text(delay) + "\"";
    String text = Files.readString(file, StandardCharsets.UTF_8);
    Pattern key = Pattern.compile("(?m)^\\s*#?\\s*WaitDealsDelay\\s*=.*$");
    String next =
        key.matcher(text).find()
            ? key.matcher(text).replaceFirst(Matcher.quoteReplacement(line))
            : text.replaceFirst(
                "(?m)^\\[Sealing\\].*$", "[Sealing]\n" + Matcher.quoteReplacement(line));
    if (!next.contains(line)) {
      next = text + "\n[Sealing]\n" + line + "\n";
    }
    Path temporary = file.resolveSibling("config.toml.tmp");
    Files.writeString(temporary, next, StandardCharsets.UTF_8);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
