package io.selkie.rpc.api;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What every node answers: who it is, its log, its end.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace
public interface CommonApi {

  /** Build and API version; clients compare the latter. */
  @RpcMethod(Permission.READ)
  ApiVersion version() throws RpcFault, InterruptedException;

  /** The miner's address, with the network's prefix. */
  @RpcMethod(Permission.READ)
  Address actorAddress() throws RpcFault, InterruptedException;

  /** The sector size of any miner on chain, in bytes. */
  @RpcMethod(Permission.READ)
  @Wire(type = "abi.SectorSize")
  long actorSectorSize(@Wire(type = "address.Address") Address miner)
      throws RpcFault, InterruptedException;

  /** The addresses messages are sent from. */
  @RpcMethod(Permission.READ)
  AddressConfig actorAddressConfig() throws RpcFault, InterruptedException;

  /** What runs here: Mining, Sealing, SectorStorage. */
  @RpcMethod(Permission.READ)
  @Wire(type = "api.MinerSubsystems")
  @Nullable List<String> runtimeSubsystems() throws RpcFault, InterruptedException;

  /** A new value at every start. */
  @RpcMethod(Permission.READ)
  UUID session() throws RpcFault, InterruptedException;

  /** When the node started. */
  @RpcMethod(Permission.READ)
  Instant startTime() throws RpcFault, InterruptedException;

  /** Completes when the node stops; only over WebSocket. */
  @RpcMethod(Permission.READ)
  Flow.Publisher<JsonValue> closing() throws RpcFault, InterruptedException;

  /** Stops the node in order. */
  @RpcMethod(Permission.ADMIN)
  void shutdown() throws RpcFault, InterruptedException;

  /** The OpenRPC document of everything served. */
  @RpcMethod(Permission.READ)
  JsonValue discover() throws RpcFault, InterruptedException;

  /** The names of the log's subsystems. */
  @RpcMethod(Permission.WRITE)
  @Wire(type = "[]string")
  List<String> logList() throws RpcFault, InterruptedException;

  /** Sets the level of one subsystem, or of all for {@code *}. */
  @RpcMethod(Permission.WRITE)
  void logSetLevel(@Wire(type = "string") String subsystem, @Wire(type = "string") String level)
      throws RpcFault, InterruptedException;

  /** What the operator should look at. */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "[]alerting.Alert")
  List<Alert> logAlerts() throws RpcFault, InterruptedException;
}
