package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ChangeFilter;
import io.selkie.rpc.api.SectorBatchApi;
import io.selkie.rpc.api.SectorChange;
import io.selkie.rpc.api.SectorFeedApi;
import io.selkie.rpc.api.SectorQuery;
import io.selkie.rpc.api.StatusChunk;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebHandler;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that read a stream, against a real server that has little to tell. */
class SectorsStreamsTest extends CommandLineTest {

  private final AtomicReference<SectorQuery> asked = new AtomicReference<>(SectorQuery.ALL);
  private final List<String> fields = new ArrayList<>();

  /** What plain HTTP is answered: nothing, as by a node that does not serve it. */
  private final AtomicReference<WebHandler> posted = new AtomicReference<>(_ -> Optional.empty());

  private final AtomicReference<ChangeFilter> filter =
      new AtomicReference<>(new ChangeFilter(List.of(), List.of()));

  @TempDir Path files;

  private JsonRpcServer server;

  @BeforeEach
  void serve() throws IOException {
    Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);
    server =
        JsonRpcServer.builder(Address.Network.TESTNET, tokens)
            .serve(SectorBatchApi.class, new Batches())
            .serve(SectorFeedApi.class, new Feed())
            .mount("/selkie/status", request -> posted.get().answer(request))
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .start();
    Files.writeString(
        repo.resolve("api"), "/ip4/127.0.0.1/tcp/" + server.endpoint().base().getPort() + "/http");
    Files.writeString(repo.resolve("token"), tokens.create(Permission.READ) + "\n");
  }

  @AfterEach
  void endServer() throws IOException {
    server.close();
  }

  /** Two chunks, whatever is asked. */
  private final class Batches implements SectorBatchApi {

    @Override
    public Flow.Publisher<StatusChunk> sectorsStatusBatch(SectorQuery query, List<String> names)
        throws RpcFault {
      if (names.contains("Colour")) {
        throw new RpcFault("a status has no member 'Colour'");
      }
      asked.set(query);
      fields.addAll(names);
      return new Few<>(
          List.of(
              new StatusChunk(10, List.of(status(7, "Proving"), status(9, "WaitSeed"))),
              new StatusChunk(10, List.of(status(100_000, "Proving")))));
    }

    private static JsonValue.Written status(long number, String state) {
      return new JsonValue.Written(
          JsonValue.object()
              .put("SectorID", JsonValue.number(number))
              .put("State", JsonValue.text(state))
              .build()
              .toJson());
    }
  }

  /** One change, and the end. */
  private final class Feed implements SectorFeedApi {

    @Override
    public Flow.Publisher<SectorChange> sectorsSubscribe(long from, ChangeFilter wanted) {
      filter.set(wanted);
      return new Few<>(
          List.of(
              new SectorChange(
                  from + 1, 7, 3, NOW, "event;sealing.SectorProving", "Proving", "{}")));
    }
  }

  /** These values, then the end. */
  private record Few<T>(List<T> values) implements Flow.Publisher<T> {

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
      try (SubmissionPublisher<T> publisher = new SubmissionPublisher<>(Runnable::run, 16)) {
        publisher.subscribe(subscriber);
        values.forEach(publisher::submit);
      }
    }
  }

  @Test
  void statusBatch_numbersAndStates_areSentAndRowsPrinted() throws IOException {
    Path file = files.resolve("numbers.txt");
    Files.writeString(file, "# mine\n7\n9-10 # and these\n");
    Run run =
        run(
            "sectors",
            "status-batch",
            "--file",
            file.toString(),
            "--sectors",
            "100000",
            "--fields",
            "SectorID,State");
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .containsExactly(
            "SectorID    State",
            "7           Proving",
            "9           WaitSeed",
            "100000      Proving");
    assertThat(asked.get().numbers()).containsExactly(7L, 9L, 10L, 100_000L);
    assertThat(fields).containsExactly("SectorID", "State");
  }

  @Test
  void statusBatch_json_isALinePerSectorWithAllMembers() {
    Run run = run("sectors", "status-batch", "--state", "Proving", "--json");
    assertThat(run.out().lines())
        .containsExactly(
            "{\"SectorID\":7,\"State\":\"Proving\"}",
            "{\"SectorID\":9,\"State\":\"WaitSeed\"}",
            "{\"SectorID\":100000,\"State\":\"Proving\"}");
    assertThat(fields).isEmpty();
    assertThat(asked.get().states()).containsExactly("Proving");
  }

  @Test
  void statusBatch_jsonOverHttp_isPassedOnAsItComes() {
    List<String> bodies = new ArrayList<>();
    String line = "{\"State\" : \"Proving\", \"LastErr\":\"\u2603 \\u2028\"}\n";
    posted.set(request -> {
      try {
        bodies.add(request.text(10_000, Duration.ofSeconds(5)));
      } catch (RpcFault unread) {
        throw new IOException(unread);
      }
      return Optional.of(WebAnswer.text(200, "application/x-ndjson", line.repeat(20_000)));
    });
    Run run = run("sectors", "status-batch", "--sectors", "7", "--fields", "State", "--json");
    assertThat(run.out()).isEqualTo(line.repeat(20_000));
    assertThat(bodies.getFirst()).contains("\"Numbers\":[7]").endsWith("\"Fields\":[\"State\"]}");
    assertThat(fields).as("nothing is asked over WebSocket").isEmpty();
    posted.set(_ -> Optional.of(WebAnswer.text(400, "text/plain", "no member 'Colour'\n")));
    assertThat(run("sectors", "status-batch", "--json").err())
        .isEqualTo("ERROR: no member 'Colour'\n\n");
    posted.set(_ -> Optional.of(WebAnswer.text(403, "text/plain", "a token with a scope\n")));
    assertThat(run("sectors", "status-batch", "--json").out().lines()).hasSize(3);
  }

  @Test
  void statusBatch_badInput_isRefusedInOneLine() throws IOException {
    Path empty = files.resolve("none.txt");
    Files.writeString(empty, "# nobody\n");
    assertThat(run("sectors", "status-batch", "--file", empty.toString()).err())
        .contains("names no sector");
    Path missing = files.resolve("missing.txt");
    assertThat(run("sectors", "status-batch", "--file", missing.toString()).err())
        .isEqualTo("ERROR: reading " + missing + ": there is no such file or directory\n\n");
    assertThat(run("sectors", "status-batch", "--sectors", "0-100000").err())
        .contains("100001 sectors are named; 100000 can be at once");
    assertThat(run("sectors", "status-batch", "--sectors", "7-5").err())
        .contains("ends before it begins");
    assertThat(run("sectors", "status-batch", "--fields", "Colour").err())
        .contains("no member 'Colour'");
  }

  @Test
  void watch_changes_arePrintedWithTheirOffsets() {
    Run run = run("sectors", "watch", "--from", "41", "--state", "Proving", "7");
    assertThat(run.out())
        .isEqualTo("42  2026-03-01T12:00:00Z  7  event;sealing.SectorProving  Proving\n");
    assertThat(filter.get()).isEqualTo(new ChangeFilter(List.of("Proving"), List.of(7L)));
    assertThat(run("sectors", "watch", "--from", "41", "--json").out())
        .startsWith("{\"Offset\":42,");
  }
}
