package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.node.sectors.UnsealCalls;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SystemTimekeeper;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.unseal.UnsealJob;
import io.selkie.pipeline.unseal.UnsealJobs;
import io.selkie.pipeline.unseal.UnsealState;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.LocalSealer;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.store.SqliteJournal;
import io.selkie.testkit.FakeChain;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code SectorsUnsealPiece} over real sockets, on a 2 KiB sector that was really sealed and
 * finalised without its unsealed file. The sealer is the real one behind a gate and a counter.
 */
@Timeout(120)
final class UnsealOverSocketsTest {

  private static final ActorId MINER = new ActorId(1000);
  private static final SectorRef SECTOR =
      new SectorRef(SectorId.of(1000, 5), RegisteredSealProof.STACKED_DRG_2KIB_V1_1);
  private static final Randomness TICKET = new Randomness(new byte[32]);
  private static final UnpaddedRange WHOLE = new UnpaddedRange(0, 2032);

  @TempDir private Path home;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicInteger runs = new AtomicInteger();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger told = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private byte[] data = new byte[0];
  private LocalSealer sealer;
  private SectorIndex index;
  private Sealer.SealedCommitments commitments;
  private UnsealJobs jobs;
  private JsonRpcServer server;
  private String token = "";

  @BeforeEach
  void start() throws Exception {
    sealSector();
    jobs = opened(new UnsealJobs(pipelineParts()));
    jobs.start();
    Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);
    token = tokens.create(Permission.ADMIN);
    server =
        opened(
            JsonRpcServer.builder(Address.Network.TESTNET, tokens)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .serve(SectorsApi.class, sectors(new UnsealCalls(jobs, sealer, index)))
                .start());
  }

  private void sealSector() throws Exception {
    index = new SectorIndex(InstantSource.system());
    LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of("http://localhost"));
    Path storage = Files.createDirectories(home.resolve("storage"));
    LocalPaths.init(storage, SectorStoreMeta.of(new UUID(1, 2), true, true));
    paths.open(storage);
    sealer =
        new LocalSealer(
            paths, index, new SectorLocks(), 1, Files.createDirectories(home.resolve("parents")));
    data = new byte[2032];
    new SplittableRandom(8).nextBytes(data);
    List<PieceInfo> pieces =
        List.of(
            sealer.addPiece(
                SECTOR,
                0,
                new UnpaddedPieceSize(data.length),
                () -> new ByteArrayInputStream(data),
                Progress.NONE));
    byte[] phase1 = sealer.sealPreCommit1(SECTOR, TICKET, pieces, Progress.NONE);
    commitments = sealer.sealPreCommit2(SECTOR, phase1, Progress.NONE);
    sealer.finalizeSector(SECTOR, List.of());
    assertThat(sealer.isUnsealed(SECTOR, WHOLE)).isFalse();
  }

  private PipelineParts pipelineParts() throws Exception {
    return new PipelineParts(
        MINER,
        opened(SqliteJournal.open(home.resolve("journal.db"))),
        new FakeChain(MINER, SectorSize.KIB_2, 2000),
        gated(),
        new WorkPool(Map.of()),
        opened(new SystemTimekeeper()),
        new SplittableRandom(1),
        SealingConfig::defaults,
        new PipelineListener() {
          @Override
          public void unsealing(UnsealJob job) {
            told.incrementAndGet();
          }
        });
  }

  /** Waits for the gate in the middle of the work, with the sector's locks held. */
  private Progress waiting(Progress progress) {
    return (phase, done, total) -> {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      progress.update(phase, done, total);
    };
  }

  /** The real sealer, whose unsealing is counted and waits for the gate. */
  private Sealer gated() {
    return (Sealer)
        Proxy.newProxyInstance(
            Sealer.class.getClassLoader(),
            new Class<?>[] {Sealer.class},
            (_, method, arguments) -> {
              if (method.getName().equals("unseal")) {
                runs.incrementAndGet();
                arguments[3] = waiting((Progress) arguments[3]);
              }
              try {
                return method.invoke(sealer, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** The one method that is asked for. */
  private SectorsApi sectors(UnsealCalls calls) {
    return (SectorsApi)
        Proxy.newProxyInstance(
            SectorsApi.class.getClassLoader(),
            new Class<?>[] {SectorsApi.class},
            (_, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("sectorsUnsealPiece");
              try {
                calls.unsealPiece(
                    (io.selkie.rpc.api.SectorRef) arguments[0],
                    (long) arguments[1],
                    (long) arguments[2],
                    (byte[]) arguments[3],
                    (Cid) arguments[4]);
                return null;
              } finally {
                ended.incrementAndGet();
              }
            });
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  @AfterEach
  void stop() throws Exception {
    gate.countDown();
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  private Thread call(List<String> answers) {
    return Thread.startVirtualThread(() -> {
      MinerEndpoint endpoint = MinerEndpoint.of(server.endpoint().multiaddress(), token);
      try (JsonRpcClient client = new JsonRpcClient(endpoint, Address.Network.TESTNET)) {
        client
            .api(SectorsApi.class)
            .sectorsUnsealPiece(
                new io.selkie.rpc.api.SectorRef(new WireSectorId(1000, 5), SECTOR.proof().number()),
                0,
                127,
                TICKET.bytes(),
                Cid.ofUnsealed(commitments.commD()));
        synchronized (answers) {
          answers.add("null");
        }
      } catch (RpcFault | InterruptedException e) {
        synchronized (answers) {
          answers.add(String.valueOf(e.getMessage()));
        }
      }
    });
  }

  private void assertUnsealed() throws Exception {
    try (InputStream back = sealer.readPiece(SECTOR, WHOLE)) {
      assertThat(back.readAllBytes()).isEqualTo(data);
    }
  }

  @Test
  void twoCallsAtOnce_areOneJobAndOneRun() throws Exception {
    List<String> answers = new ArrayList<>();
    Thread first = call(answers);
    await().until(() -> runs.get() == 1);
    Thread second = call(answers);
    // Queued and running of the first, and the joining of the second.
    await().until(() -> told.get() == 3);
    assertThat(answers).isEmpty();
    gate.countDown();
    first.join();
    second.join();
    assertThat(answers).containsExactly("null", "null");
    assertThat(runs).hasValue(1);
    assertThat(jobs.list()).hasSize(1);
    assertUnsealed();
    call(answers).join();
    assertThat(answers).as("what is there needs no job").hasSize(3).containsOnly("null");
    assertThat(jobs.list()).hasSize(1);
  }

  @Test
  void webSocketCaller_whoCancelsOrGoes_leavesTheJobRunning() throws Exception {
    Messages messages = new Messages();
    WebSocket cancelling = connect(messages);
    send(cancelling, request(7));
    await().until(() -> runs.get() == 1);
    send(cancelling, "{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.cancel\",\"params\":[7]}");
    assertThat(messages.first.get(30, TimeUnit.SECONDS))
        .contains("worker UnsealPiece call: context canceled");
    WebSocket dropping = connect(new Messages());
    send(dropping, request(8));
    await().until(() -> told.get() == 3);
    dropping.abort();
    UnsealJob job = jobs.list().getFirst();
    assertThat(job.state()).isEqualTo(UnsealState.RUNNING);
    gate.countDown();
    assertThat(jobs.await(job.id()).orElseThrow().state()).isEqualTo(UnsealState.DONE);
    assertThat(runs).hasValue(1);
    assertUnsealed();
  }

  @Test
  void httpCaller_whoHangsUp_leavesTheJobRunning() throws Exception {
    byte[] body = request(9).getBytes(StandardCharsets.US_ASCII);
    String head =
        "POST /rpc/v0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(token, body.length);
    InetSocketAddress at = server.address();
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      await().until(() -> runs.get() == 1);
      assertThat(ended).hasValue(0);
    }
    await().until(() -> ended.get() == 1);
    UnsealJob job = jobs.list().getFirst();
    assertThat(job.state()).isEqualTo(UnsealState.RUNNING);
    gate.countDown();
    assertThat(jobs.await(job.id()).orElseThrow().state()).isEqualTo(UnsealState.DONE);
    assertThat(runs).hasValue(1);
    assertUnsealed();
  }

  private String request(int id) {
    return """
    {"jsonrpc":"2.0","id":%d,"method":"Filecoin.SectorsUnsealPiece","params":[
    {"ID":{"Miner":1000,"Number":5},"ProofType":%d},0,127,"%s",{"/":"%s"}]}
    """
        .formatted(
            id,
            SECTOR.proof().number(),
            Base64.getEncoder().encodeToString(TICKET.bytes()),
            Cid.ofUnsealed(commitments.commD()));
  }

  private static void send(WebSocket socket, String text) {
    socket.sendText(text, true).join();
  }

  private WebSocket connect(Messages messages) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .buildAsync(server.endpoint().webSocket(), messages)
        .join();
  }

  /** The first message that comes. */
  private static final class Messages implements WebSocket.Listener {
    private final CompletableFuture<String> first = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        first.complete(text.toString());
      }
      return WebSocket.Listener.super.onText(socket, part, last);
    }
  }
}
