package io.selkie.node.repo;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.node.workers.TaskType;
import io.selkie.node.workers.WorkerRules;
import io.selkie.pipeline.RetryPolicy;
import io.selkie.pipeline.SealingConfig;
import io.selkie.rpc.server.ServerLimits;
import io.selkie.storage.TrashPolicy;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads {@code config.toml}. Keys and defaults are the reference's where it has them; an unknown
 * key, a value of the wrong type or one out of range stops the start with its line.
 */
public final class ConfigFile {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);

  /** A configuration is a few kilobytes; more is not one. */
  private static final long MAX_FILE_BYTES = 1 << 20;

  /** Longer than any amount of FIL there is, with all its 18 decimals. */
  private static final Pattern FIL = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,18})?)\\s*(?i:FIL)?");

  private static final List<String> SECTIONS =
      List.of("API", "Dealmaking", "Sealing", "Storage", "Devnet");

  private static final Duration SHORTEST_CALL = Duration.ofSeconds(1);
  private static final Duration LONGEST_CALL = Duration.ofDays(1);

  /** More sectors unsealed at once than any machine has cores is a slip of the pen. */
  private static final int MAX_UNSEALING = 1024;

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
  public static MinerConfig read(Path file) throws IOException {
    return read(file, text(file));
  }

  /**
   * What {@code text} would configure, were it in {@code file}.
   *
   * @throws IOException as {@link #read(Path)}
   */
  static MinerConfig read(Path file, String text) throws IOException {
    return parse(file, text).config();
  }

  private static ConfigFile parse(Path file, String text) throws IOException {
    TomlParseResult toml = Toml.parse(text);
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
    return new ConfigFile(file, toml);
  }

  static String text(Path file) throws IOException {
    long bytes = Files.size(file);
    if (bytes > MAX_FILE_BYTES) {
      throw new IOException(file + " has " + bytes + " bytes, over the limit of " + MAX_FILE_BYTES);
    }
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException noText) {
      throw new IOException(file + " is not UTF-8 text", noText);
    }
  }

  private MinerConfig config() throws IOException {
    for (String section : SECTIONS) {
      @Nullable Object found = toml.get(List.of(section));
      if (found != null && !(found instanceof TomlTable)) {
        throw new IOException(file + ": " + line(section) + "'" + section + "' is no section");
      }
    }
    MinerConfig base = MinerConfig.defaults();
    MinerConfig.Api api =
        new MinerConfig.Api(
            parsed("API.ListenAddress", base.api().listenAddress(), ConfigFile::listenAddress),
            bool("API.AnonymousRead", base.api().anonymousRead()),
            bool("API.LenientUpdate", base.api().lenientUpdate()),
            limits(base.api().limits()),
            urls("API.FetchFrom", base.api().fetchFrom()));
    SealingConfig sealing =
        new SealingConfig(
            input(base.sealing().input()),
            sectors(base.sealing().sectors()),
            batch("PreCommit", base.sealing().preCommitBatch()),
            batch("Commit", base.sealing().commitBatch()),
            terminateBatch(base.sealing().terminateBatch()),
            collateral(base.sealing().collateral()),
            retry(base.sealing().retry()),
            unsealing(base.sealing().unsealing()));
    TrashPolicy storage = trash(base.storage());
    WorkerRules workers = workers(base.workers());
    MinerConfig.Devnet devnet =
        new MinerConfig.Devnet(
            new ActorId(number("Devnet.Miner", base.devnet().miner().value(), 1, Long.MAX_VALUE)),
            parsed("Devnet.SectorSize", base.devnet().sectorSize(), SectorSize::parse),
            parsed("Devnet.BlockDelay", base.devnet().blockDelay(), ConfigFile::blockDelay));
    List<String> idle = withoutEffect();
    refuseUnknown();
    if (!problems.isEmpty()) {
      throw new IOException(file + ": " + String.join("; ", problems));
    }
    idle.forEach(each -> LOG.warn("{}: {}", file, each));
    return new MinerConfig(api, sealing, storage, workers, devnet);
  }

  /** Checks the keys that change nothing, and says so of those that are set. */
  private List<String> withoutEffect() {
    List<String> set = new ArrayList<>();
    for (KeysWithoutEffect.Key key : KeysWithoutEffect.all()) {
      if (key.count()) {
        count(key.name(), 0);
      } else {
        bool(key.name(), false);
      }
      if (toml.contains(key.name())) {
        set.add(line(key.name()) + key.name() + " has no effect: " + key.why());
      }
    }
    return set;
  }

  private void refuseUnknown() {
    for (String key : toml.dottedKeySet(true)) {
      boolean section = known.stream().anyMatch(each -> each.startsWith(key + "."));
      if (!known.contains(key) && !section) {
        problems.add(line(key) + "unknown key '" + key + "'");
      }
    }
  }

  private ServerLimits limits(ServerLimits base) {
    ServerLimits.Requests requests = base.requests();
    ServerLimits.Sockets sockets = base.sockets();
    ServerLimits.Times times = base.times();
    return base.with(
            new ServerLimits.Requests(
                (int) number("API.MaxRequestBytes", requests.bodyBytes(), 65_536, 1 << 30),
                requests.strangerBytes(),
                (int) number("API.MaxBatch", requests.batchItems(), 1, 1_000_000),
                requests.values(),
                requests.middlingBodies(),
                requests.largeBodies()))
        .with(
            new ServerLimits.Sockets(
                (int) number("API.MaxConnections", sockets.connections(), 1, 1_000_000),
                (int) number("API.MaxConnectionsPerAddress", sockets.perAddress(), 1, 1_000_000),
                sockets.strangers(),
                sockets.callsPerConnection(),
                sockets.channels(),
                (int) number("API.MaxSubscriptions", sockets.subscriptions(), 0, 1_000_000),
                sockets.streams()))
        .with(
            new ServerLimits.Times(
                times.idle(),
                times.body(),
                times.send(),
                times.meeting(),
                times.pingInterval(),
                times.silence(),
                parsed("API.CallTimeout", times.call(), ConfigFile::callTimeout)));
  }

  private static Duration callTimeout(String text) {
    Duration timeout = GoDuration.parse(text);
    if (timeout.compareTo(SHORTEST_CALL) < 0 || timeout.compareTo(LONGEST_CALL) > 0) {
      throw new IllegalArgumentException("'" + text + "' is not within 1s to 24h");
    }
    return timeout;
  }

  private AllowedUrls urls(String key, AllowedUrls otherwise) {
    known.add(key);
    if (!toml.contains(key)) {
      return otherwise;
    }
    List<URI> prefixes = new ArrayList<>();
    @Nullable Object found = toml.get(key);
    List<?> items = found instanceof TomlArray array ? array.toList() : List.of(found + "");
    for (Object each : items) {
      try {
        prefixes.add(AllowedUrls.prefix(String.valueOf(each)));
      } catch (IllegalArgumentException refused) {
        problems.add(line(key) + key + ": " + refused.getMessage());
      }
    }
    return new AllowedUrls(prefixes);
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

  private SealingConfig.TerminateBatch terminateBatch(SealingConfig.TerminateBatch base) {
    return new SealingConfig.TerminateBatch(
        (int) number("Sealing.TerminateBatchMin", base.min(), 1, 3000),
        (int) number("Sealing.TerminateBatchMax", base.max(), 1, 3000),
        duration("Sealing.TerminateBatchWait", base.longestWait()));
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

  private SealingConfig.Unsealing unsealing(SealingConfig.Unsealing base) {
    return new SealingConfig.Unsealing(
        (int) number("Sealing.MaxUnsealing", base.max(), 1, MAX_UNSEALING), base.retry());
  }

  private TrashPolicy trash(TrashPolicy base) {
    return new TrashPolicy(
        duration("Storage.TrashRetention", base.retention()),
        bool("Storage.PurgeTrashWhenFull", base.purgeWhenFull()));
  }

  private WorkerRules workers(WorkerRules base) {
    Set<TaskType> local = EnumSet.copyOf(base.local());
    WorkerRules.SWITCHES.forEach((key, tasks) -> {
      if (!bool("Storage." + key, true)) {
        local.removeAll(tasks);
      }
    });
    return new WorkerRules(
        parsed("Storage.RemoteWorkers", base.reach(), WorkerRules.Reach::ofText), local);
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
    Matcher amount = FIL.matcher(text);
    if (!amount.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no amount such as 0.5 FIL, with at most 12 digits and 18 decimals");
    }
    return new TokenAmount(new BigDecimal(amount.group(1)).movePointRight(18).toBigIntegerExact());
  }

  private static String listenAddress(String text) {
    var _ = ListenAddress.ofMultiaddress(text);
    return text;
  }

  private static Duration blockDelay(String text) {
    return MinerConfig.Devnet.requireBlockDelay(GoDuration.parse(text));
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
    if (!toml.contains(key)) {
      known.add(key);
      return otherwise;
    }
    int before = problems.size();
    String text = value(key, String.class, "");
    if (problems.size() > before) {
      return otherwise;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException refused) {
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
      problems.add(line(key) + key + " is no " + type.getSimpleName().toLowerCase(Locale.ROOT));
      return otherwise;
    }
    return type.cast(found);
  }

  private String line(String key) {
    @Nullable TomlPosition position = toml.inputPositionOf(key);
    return position == null ? "" : "line " + position.line() + ": ";
  }
}
