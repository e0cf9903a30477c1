package io.selkie.node.query;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ChangeFilter;
import io.selkie.rpc.api.SectorChange;
import io.selkie.rpc.json.WireJson;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebHandler;
import io.selkie.rpc.server.WebRequest;
import io.selkie.rpc.token.Permission;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The change feed as server-sent events: {@code GET /selkie/events?from=OFFSET&state=S&sector=N},
 * the latter two as often as wanted. A client that comes back tells its last offset in the header
 * {@code Last-Event-ID}, as browsers do.
 */
public final class EventStream implements WebHandler {

  /** Where it is served. */
  public static final String PATH = "/selkie/events";

  /** The call that tells the same: whose token is limited to methods must be given it. */
  private static final String AS_METHOD = "Selkie.SectorsSubscribe";

  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;
  private static final int WRONG_METHOD = 405;

  private final ChangeFeed feed;
  private final WireJson json;

  public EventStream(ChangeFeed feed, Address.Network network) {
    this.feed = feed;
    this.json = new WireJson(network);
  }

  @Override
  public Optional<WebAnswer> answer(WebRequest request) {
    if (!request.path().equals(PATH)) {
      return Optional.empty();
    }
    if (!request.caller().may(Permission.READ)) {
      return Optional.of(WebAnswer.text(UNAUTHORISED, PLAIN, "a token that may read is needed\n"));
    }
    if (!request.method().equals("GET")) {
      return Optional.of(WebAnswer.text(WRONG_METHOD, PLAIN, "only GET is served here\n"));
    }
    try {
      Query query = Query.of(request);
      ChangeFilter filter = query.filter();
      Optional<String> outside =
          request.caller().outside(AS_METHOD, feed.miner(), filter.numbers());
      if (outside.isPresent()) {
        return Optional.of(WebAnswer.text(FORBIDDEN, PLAIN, outside.get() + "\n"));
      }
      ChangeFeed.Wanted wanted = ChangeFeed.Wanted.of(filter, request.caller().sectors());
      return Optional.of(
          new WebAnswer(
              200,
              "text/event-stream",
              Map.of("Cache-Control", "no-cache"),
              out -> stream(query.from(), wanted, out)));
    } catch (RpcFault refused) {
      return Optional.of(WebAnswer.text(BAD_REQUEST, PLAIN, refused.text() + "\n"));
    }
  }

  private void stream(long from, ChangeFeed.Wanted wanted, OutputStream out)
      throws IOException, InterruptedException {
    Lines lines = new Lines(out);
    lines.idle();
    try {
      feed.read(from, wanted, lines);
    } catch (RpcFault refused) {
      lines.write("event: error\ndata: " + refused.text() + "\n\n");
    }
  }

  /** Writes each change as one event whose id is the offset. */
  private final class Lines implements ChangeFeed.Sink {

    private final OutputStream out;

    Lines(OutputStream out) {
      this.out = out;
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    @Override
    public void take(SectorChange change) throws IOException {
      write("id: " + change.offset() + "\ndata: " + json.text(change) + "\n\n");
    }

    /** A comment; whoever has gone away is found out by it. */
    @Override
    public void idle() throws IOException {
      write(": \n\n");
    }
  }

  /** What the address and the headers ask for. */
  private record Query(long from, ChangeFilter filter) {

    static Query of(WebRequest request) throws RpcFault {
      long from = -1;
      List<String> states = new ArrayList<>();
      List<Long> numbers = new ArrayList<>();
      for (String pair : request.query().split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        switch (name) {
          case "from" -> from = number(value);
          case "state" -> states.add(value);
          case "sector" -> numbers.add(number(value));
          case "", "token" -> {}
          default -> throw new RpcFault("unknown parameter '" + name + "'");
        }
      }
      String last = request.headers().getOrDefault("last-event-id", "");
      return new Query(last.isEmpty() ? from : number(last), new ChangeFilter(states, numbers));
    }

    private static String decoded(String value) throws RpcFault {
      try {
        return URLDecoder.decode(value, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw new RpcFault("'" + value + "' is not URL-encoded");
      }
    }

    private static long number(String text) throws RpcFault {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new RpcFault("'" + text + "' is no number");
      }
    }
  }
}
