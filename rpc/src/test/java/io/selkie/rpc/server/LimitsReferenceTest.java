package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.token.AuditTrail;
import io.selkie.rpc.token.TokenBook;
import io.selkie.rpc.token.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The page of limits says what the code does. */
class LimitsReferenceTest {

  private static final Path PAGE = Path.of("..", "docs", "limits.md");

  private static Map<String, String> rows() throws IOException {
    Map<String, String> rows = new TreeMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 6) {
        rows.put(cells[1].strip(), cells[2].strip() + " " + cells[3].strip());
      }
    }
    return rows;
  }

  private static String bytes(long number) {
    return number + " bytes ";
  }

  private static String time(Duration time) {
    return time.toSeconds() + " s ";
  }

  private static Map<String, String> expected() {
    ServerLimits.Requests requests = ServerLimits.DEFAULT.requests();
    ServerLimits.Sockets sockets = ServerLimits.DEFAULT.sockets();
    ServerLimits.Answers answers = ServerLimits.DEFAULT.answers();
    ServerLimits.Times times = ServerLimits.DEFAULT.times();
    Map<String, String> rows = new TreeMap<>();
    rows.put(
        "a body, or a WebSocket message", bytes(requests.bodyBytes()) + "`API.MaxRequestBytes`");
    rows.put(
        "the same of a caller who may do nothing, by token or configuration",
        bytes(requests.strangerBytes()));
    rows.put("requests in a batch", requests.batchItems() + " `API.MaxBatch`");
    rows.put("requests of a batch at work at once", ServerLimits.MAX_BATCH_PARALLEL + " ");
    rows.put("nesting of JSON", JsonReader.MAX_DEPTH + " levels ");
    rows.put("values in one request", requests.values() + " ");
    rows.put("digits of a number", JsonReader.MAX_NUMBER + " ");
    rows.put("parameters", "as many as the method has ");
    rows.put(
        "bodies over " + ServerLimits.LARGE_BODY + " bytes at once", requests.largeBodies() + " ");
    rows.put(
        "bodies over " + ServerLimits.SMALL_BODY + " bytes at once",
        requests.middlingBodies() + " ");
    rows.put("a request's header", bytes(ServerLimits.MAX_HEADER_BYTES));
    rows.put("a token", Tokens.MAX_TOKEN + " characters ");
    rows.put("open connections", sockets.connections() + " `API.MaxConnections`");
    rows.put(
        "those of one address, or of one IPv6 network of 64 bits",
        sockets.perAddress() + " `API.MaxConnectionsPerAddress`");
    rows.put("WebSockets of callers who may do nothing", sockets.strangers() + " ");
    rows.put("calls at work over one WebSocket", sockets.callsPerConnection() + " ");
    rows.put("channels over one WebSocket", sockets.channels() + " ");
    rows.put("channels over all", sockets.subscriptions() + " `API.MaxSubscriptions`");
    rows.put(
        "streams that calls read, and streams announced without a call",
        sockets.streams() + " each ");
    rows.put(
        "those announced from one address, or one IPv6 network of 64 bits",
        sockets.streams() / PushStreams.ADDRESS_SHARE + " ");
    rows.put(
        "answers over " + ServerLimits.SMALL_ANSWER + " bytes that wait for slow clients, together",
        bytes(answers.unreadBytes()));
    rows.put("the answers of one batch together", bytes(answers.batchBytes()));
    rows.put(
        "a call that does not wait for data, other work or the chain",
        time(times.call()) + "`API.CallTimeout`");
    rows.put("a request's header, or the wait for the next request", time(times.idle()));
    rows.put("silence while a body or an answer is under way", time(times.idle()));
    rows.put("a body or a message, altogether", time(times.body()));
    rows.put("taking an answer over HTTP, altogether", time(times.body()));
    rows.put("taking one WebSocket message", time(times.send()));
    rows.put("silence of a WebSocket, pongs included", time(times.silence()));
    rows.put("a pushed stream and its call waiting for each other", time(times.meeting()));
    rows.put("tokens in the list", TokenBook.MAX_TOKENS + " ");
    rows.put(
        "records of calls",
        AuditTrail.Limits.DEFAULT.files()
            + " files of "
            + AuditTrail.Limits.DEFAULT.fileBytes()
            + " bytes ");
    return rows;
  }

  @Test
  void page_namesEveryLimitAsItIs() throws IOException {
    Map<String, String> rows = rows();
    expected().forEach((what, limit) -> assertThat(rows.get(what)).as(what).isEqualTo(limit));
    // Every other row is of another module, or of the web server.
    rows.keySet().removeAll(expected().keySet());
    assertThat(rows.keySet())
        .containsExactlyInAnyOrderElementsOf(List.of("---", "readers of the change feed", "what"));
    assertThat(Files.readString(PAGE))
        .contains("pinged every " + ServerLimits.DEFAULT.times().pingInterval().toSeconds() + " s")
        .contains("beyond " + ServerLimits.SURPLUS_CONNECTIONS + " of those");
  }
}
