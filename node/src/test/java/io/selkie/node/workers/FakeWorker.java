package io.selkie.node.workers;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.KeptRange;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerApi;
import io.selkie.rpc.api.WorkerInfo;
import io.selkie.rpc.api.WorkerPath;
import io.selkie.rpc.api.WorkerResources;
import io.selkie.rpc.api.WorkerTask;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.server.Caller;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A worker over a real socket that takes calls, notes them, and does nothing. */
final class FakeWorker implements WorkerApi, AutoCloseable {

  /** A call that came. */
  record Given(String method, SectorRef sector, CallId id) {}

  static final Tokens TOKENS = Tokens.of(new byte[Tokens.SECRET_BYTES]);

  final BlockingQueue<Given> given = new LinkedBlockingQueue<>();
  final List<TaskType> tasks;
  volatile UUID session = UUID.randomUUID();
  volatile long version = WorkerApi.VERSION;
  volatile boolean silent;
  volatile boolean disabled;
  volatile boolean garrulous;
  volatile byte @Nullable [] seed;
  volatile boolean refusing;
  volatile List<WorkerPath> paths = List.of();
  volatile WorkerResources machine = new WorkerResources(1L << 33, 0, 0, 0, 4, List.of(), null);
  private final JsonRpcServer server;

  FakeWorker(TaskType... tasks) throws IOException {
    this.tasks = List.of(tasks);
    server =
        JsonRpcServer.builder(Address.Network.TESTNET, TOKENS)
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .judgedBy(FakeWorker::caller)
            .serve(WorkerApi.class, this)
            .start();
  }

  /** As a worker does it: asks the node what the token allows. */
  private static Optional<Caller> caller(String token, String remote) {
    try {
      List<String> allow = TOKENS.verify(token);
      return Optional.of(new Caller(Set.copyOf(allow == null ? List.of() : allow), remote));
    } catch (Tokens.Rejected _) { // as refused as can be
      return Optional.empty();
    }
  }

  String url() {
    return server.endpoint().rpc().toString();
  }

  /** How it names a call; of its own accord as it should. */
  volatile Function<SectorRef, CallId> naming =
      sector -> new CallId(sector.id(), UUID.randomUUID());

  private CallId take(String method, SectorRef sector) {
    CallId id = naming.apply(sector);
    given.add(new Given(method, sector, id));
    return id;
  }

  @Override
  public long version() {
    return version;
  }

  @Override
  public Map<String, WorkerTask> taskTypes() {
    return Stream.of(tasks.toArray(TaskType[]::new))
        .collect(Collectors.toUnmodifiableMap(TaskType::wireName, _ -> new WorkerTask()));
  }

  @Override
  public List<WorkerPath> paths() {
    return paths;
  }

  @Override
  public WorkerInfo info() {
    return new WorkerInfo(
        garrulous ? "fake".repeat(RemoteWorker.MAX_ANSWER / 4 + 1) : "fake", false, machine);
  }

  @Override
  public UUID session() throws RpcFault, InterruptedException {
    requireHeard();
    if (disabled) {
      throw new RpcFault("worker disabled");
    }
    return session;
  }

  /** As a line that is cut sounds to who asks. */
  private void requireHeard() throws RpcFault {
    if (silent) {
      throw new RpcFault(JsonRpcClient.CONNECTION_FAILED, "silence", null);
    }
  }

  @Override
  public UUID processSession() throws RpcFault {
    requireHeard();
    return session;
  }

  @Override
  public boolean enabled() {
    return !disabled;
  }

  @Override
  public void setEnabled(boolean enabled) {
    disabled = !enabled;
  }

  @Override
  public void taskDisable(String task) throws RpcFault {
    throw new RpcFault("not here");
  }

  @Override
  public void taskEnable(String task) throws RpcFault {
    throw new RpcFault("not here");
  }

  @Override
  public CallId dataCid(long pieceSize, InputStream data) throws RpcFault {
    if (refusing) {
      throw new RpcFault("not now");
    }
    readAll(data, pieceSize);
    return take("DataCid", new SectorRef(new WireSectorId(0, 0), 0));
  }

  private static void readAll(InputStream given, long size) throws RpcFault {
    try (InputStream data = given) {
      if (data.readAllBytes().length != size) {
        throw new RpcFault("short");
      }
    } catch (IOException e) {
      throw new RpcFault(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public CallId addPiece(
      SectorRef sector, @Nullable List<Long> pieceSizes, long newPieceSize, InputStream data)
      throws RpcFault {
    readAll(data, newPieceSize);
    return take("AddPiece", sector);
  }

  @Override
  public CallId sealPreCommit1(
      SectorRef sector, byte @Nullable [] ticket, @Nullable List<WirePiece> pieces) {
    return take("SealPreCommit1", sector);
  }

  @Override
  public CallId sealPreCommit2(SectorRef sector, byte @Nullable [] preCommit1Out) {
    return take("SealPreCommit2", sector);
  }

  @Override
  public CallId sealCommit1(
      SectorRef sector,
      byte @Nullable [] ticket,
      byte @Nullable [] seed,
      @Nullable List<WirePiece> pieces,
      SectorCids cids) {
    this.seed = seed;
    return take("SealCommit1", sector);
  }

  @Override
  public CallId sealCommit2(SectorRef sector, byte @Nullable [] commit1Out) {
    return take("SealCommit2", sector);
  }

  @Override
  public CallId finalizeSector(SectorRef sector) {
    return take("FinalizeSector", sector);
  }

  @Override
  public CallId releaseUnsealed(SectorRef sector, @Nullable List<KeptRange> keepUnsealed) {
    return take("ReleaseUnsealed", sector);
  }

  @Override
  public void waitQuiet() {
    // It never does anything.
  }

  @Override
  public void shutdown() throws RpcFault {
    throw new RpcFault("not here");
  }

  @Override
  public CallId moveStorage(SectorRef sector, int types) {
    return take("MoveStorage", sector);
  }

  @Override
  public CallId unsealPiece(
      SectorRef sector, long offset, long size, byte @Nullable [] ticket, @Nullable Cid commD) {
    return take("UnsealPiece", sector);
  }

  @Override
  public CallId fetch(SectorRef sector, int types, String pathType, String mode) {
    return take("Fetch", sector);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
