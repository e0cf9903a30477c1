package io.selkie.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.AddressConfig;
import io.selkie.rpc.api.Alert;
import io.selkie.rpc.api.ApiVersion;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.server.CurrentCall;
import io.selkie.rpc.server.ShutdownSignal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Who the node is, its log and its end. Thread-safe. */
final class CommonService implements CommonApi, AutoCloseable {

  /** 1.5.0, the API version of lotus-miner 1.36: clients compare it. */
  private static final int API_VERSION = 1 << 16 | 5 << 8;

  private final NodeIdentity identity;
  private final ActorId miner;
  private final ChainNode chain;
  private final Instant startedAt;
  private final UUID session = UUID.randomUUID();
  private final Runnable shutdown;
  private final Supplier<JsonValue> openRpc;
  private final Supplier<List<Alert>> alerts;
  private final ShutdownSignal closing = new ShutdownSignal();

  /**
   * @param shutdown begins an orderly stop and returns at once
   * @param openRpc the document of everything served
   * @param alerts what the operator should look at
   */
  CommonService(
      NodeIdentity identity,
      ActorId miner,
      ChainNode chain,
      Instant startedAt,
      Runnable shutdown,
      Supplier<JsonValue> openRpc,
      Supplier<List<Alert>> alerts) {
    this.identity = identity;
    this.miner = miner;
    this.chain = chain;
    this.startedAt = startedAt;
    this.shutdown = shutdown;
    this.openRpc = openRpc;
    this.alerts = alerts;
  }

  @Override
  public ApiVersion version() {
    long blockDelayS = Math.max(1, chain.timing().blockDelayMs() / 1000);
    return new ApiVersion(identity.version(), API_VERSION, blockDelayS, identity.agent());
  }

  @Override
  public Address actorAddress() {
    return Address.ofId(miner);
  }

  @Override
  public long actorSectorSize(Address asked) throws RpcFault {
    if (!asked.isId()) {
      throw RpcFault.actorNotFound();
    }
    try {
      return chain.minerInfo(asked.id()).sectorSize().bytes();
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }

  @Override
  public AddressConfig actorAddressConfig() {
    return new AddressConfig(List.of(), List.of(), List.of(), List.of(), false, false);
  }

  @Override
  public List<String> runtimeSubsystems() {
    return List.of("Mining", "Sealing", "SectorStorage");
  }

  @Override
  public UUID session() {
    return session;
  }

  @Override
  public Instant startTime() {
    return startedAt;
  }

  @Override
  public Flow.Publisher<JsonValue> closing() {
    return closing;
  }

  @Override
  public void shutdown() {
    shutdown.run();
  }

  @Override
  public JsonValue discover() {
    return openRpc.get();
  }

  @Override
  public List<String> logList() {
    return context().getLoggerList().stream().map(Logger::getName).toList();
  }

  /** An unknown subsystem has no effect, as in the reference. */
  @Override
  public void logSetLevel(String subsystem, String level) throws RpcFault {
    Level wanted =
        switch (level.toLowerCase(Locale.ROOT)) {
          case "debug" -> Level.DEBUG;
          case "info", "" -> Level.INFO; // zap reads an empty name so
          case "warn" -> Level.WARN;
          case "error", "dpanic", "panic", "fatal" -> Level.ERROR;
          default -> throw new RpcFault("unrecognized level: \"" + level + "\"");
        };
    if (subsystem.equals("*")) {
      changing("*", Logger.ROOT_LOGGER_NAME, wanted);
      context().getLoggerList().forEach(each -> each.setLevel(wanted));
    } else if (context().exists(subsystem) != null) {
      changing(subsystem, subsystem, wanted);
      context().getLogger(subsystem).setLevel(wanted);
    }
  }

  private static void changing(String which, String logger, Level wanted) {
    String before = context().getLogger(logger).getEffectiveLevel().toString();
    CurrentCall.changed("log level of " + which, before, wanted.toString());
  }

  @Override
  public List<Alert> logAlerts() {
    return alerts.get();
  }

  /** Ends the channels of {@link #closing}. */
  @Override
  public void close() {
    closing.signal();
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
