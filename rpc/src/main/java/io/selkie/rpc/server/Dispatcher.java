package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.json.GoJson;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireReader;
import io.selkie.rpc.json.WireType;
import io.selkie.rpc.json.WireWriter;
import io.selkie.rpc.token.AuditedParams;
import io.selkie.rpc.token.CallAudit;
import io.selkie.rpc.token.NamedSectors;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.TouchedState;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one request, whichever way it came. The order is that of the reference: id, method,
 * number of arguments, each argument, permission, call. Hence errors of arguments win over errors
 * of permission.
 */
final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final ApiTable table;
  private final WireReader reader = new WireReader();
  private final WireWriter writer;
  private final StreamArguments streams;
  private final Watchers watchers;
  private final TouchedState touched;

  /**
   * Who stands around each call.
   *
   * @param gate lets it through or does not
   * @param audit records it
   * @param watch counts it
   * @param running stops it
   */
  record Watchers(CallGate gate, CallAudit audit, CallWatch watch, RunningCalls running) {}

  Dispatcher(ApiTable table, WireWriter writer, StreamArguments streams, Watchers watchers) {
    this.table = table;
    this.writer = writer;
    this.streams = streams;
    this.watchers = watchers;
    this.touched = new TouchedState(table, writer, Dispatcher::invoke);
  }

  /** Why a caller who was let in may not stay; empty if he may. */
  Optional<String> standing(Caller caller) {
    return watchers.gate().standing(caller);
  }

  /**
   * Answers a request.
   *
   * @param channels numbers the next channel, or null where there can be none
   */
  Reply answer(RpcRequest.Draft draft, Caller caller, @Nullable ChannelNumbers channels) {
    RpcRequest request;
    try {
      request = draft.checked();
    } catch (RpcRequest.Malformed e) {
      return fault(e.id(), new RpcFault(RpcFault.PARSE, String.valueOf(e.getMessage()), null));
    }
    ApiTable.Entry entry;
    try {
      entry = entry(request, channels);
    } catch (RpcFault e) {
      return fault(request.id(), e);
    }
    long from = System.nanoTime();
    CallWatch.Outcome[] outcome = {CallWatch.Outcome.REFUSED};
    List<InputStream> opened = new ArrayList<>();
    try {
      @Nullable Object[] arguments = recordedArguments(entry, request, caller, opened);
      return run(entry, request, arguments, opened, caller, channels, outcome);
    } catch (RpcFault e) {
      return fault(request.id(), e);
    } catch (RuntimeException | Error bug) {
      // Whatever is thrown here would leave the caller without an answer.
      if (outcome[0] != CallWatch.Outcome.REFUSED) {
        outcome[0] = CallWatch.Outcome.CRASHED;
      }
      return fault(request.id(), crash(entry, bug));
    } finally {
      // What is read on after the answer is closed by whoever was called.
      if (!entry.readsOn() || outcome[0] == CallWatch.Outcome.REFUSED) {
        opened.forEach(Dispatcher::closeQuietly);
      }
      watchers.watch().answered(entry.wireName(), outcome[0], System.nanoTime() - from);
    }
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.warn("stream of a finished call cannot be closed", e);
    }
  }

  private ApiTable.Entry entry(RpcRequest request, @Nullable ChannelNumbers channels)
      throws RpcFault {
    ApiTable.Entry entry =
        table
            .find(request.method())
            .orElseThrow(() ->
                new RpcFault(
                    RpcFault.METHOD_NOT_FOUND,
                    "method '" + request.method() + "' not found",
                    null));
    if (channels == null && entry.result() instanceof WireType.Channel) {
      throw new RpcFault(
          RpcFault.METHOD_NOT_FOUND,
          "method '" + request.method() + "' not supported in this mode (no out channel support)",
          null);
    }
    return entry;
  }

  /** The arguments; a call above reading that has none is on record all the same. */
  private @Nullable Object[] recordedArguments(
      ApiTable.Entry entry, RpcRequest request, Caller caller, List<InputStream> opened)
      throws RpcFault {
    try {
      return arguments(entry, request, opened);
    } catch (RpcFault e) {
      if (entry.permission() != Permission.READ) {
        CallAudit.Call call =
            new CallAudit.Call(
                caller, entry.wireName(), AuditedParams.of(request.params()), List.of());
        watchers.audit().refused(call, e.text());
      }
      throw e;
    }
  }

  private @Nullable Object[] arguments(
      ApiTable.Entry entry, RpcRequest request, List<InputStream> opened) throws RpcFault {
    List<JsonValue> given =
        switch (request.params()) {
          case JsonValue.Null _ -> List.of();
          case JsonValue.Arr(List<JsonValue> items) -> items;
          default ->
              throw new RpcFault(
                  RpcFault.PARSE,
                  "unmarshaling param array: json: cannot unmarshal "
                      + request.params().kind()
                      + " into Go value of type []jsonrpc.param",
                  null);
        };
    if (given.size() != entry.params().size()) {
      throw new RpcFault(
          RpcFault.INVALID_PARAMS,
          "wrong param count (method '"
              + request.method()
              + "'): "
              + given.size()
              + " != "
              + entry.params().size(),
          null);
    }
    @Nullable Object[] arguments = new @Nullable Object[given.size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(entry, i, given.get(i), request, opened);
    }
    return arguments;
  }

  private @Nullable Object argument(
      ApiTable.Entry entry, int at, JsonValue given, RpcRequest request, List<InputStream> opened)
      throws RpcFault {
    WireType type = entry.params().get(at).type();
    boolean custom = type instanceof WireType.Reader;
    try {
      if (custom) {
        InputStream stream = streams.open(given);
        opened.add(stream);
        return stream;
      }
      return reader.read(type, given);
    } catch (WireReader.Mismatch e) {
      String where =
          custom
              ? "decoding params for '%s' (param: %d; custom decoder): "
                  .formatted(request.method(), at)
              : "unmarshaling params for '%s' (param: *%s): "
                  .formatted(request.method(), type.goName());
      throw new RpcFault(RpcFault.PARSE, where + e.getMessage(), null);
    }
  }

  private Reply run(
      ApiTable.Entry entry,
      RpcRequest request,
      @Nullable Object[] arguments,
      List<InputStream> opened,
      Caller caller,
      @Nullable ChannelNumbers channels,
      CallWatch.Outcome[] ended) {
    try {
      Object value =
          entry.permission() == Permission.READ
              ? let(entry, arguments, caller)
              : recorded(entry, request, arguments, opened, caller);
      ended[0] = CallWatch.Outcome.DONE;
      return result(entry, request, value, channels);
    } catch (RpcFault e) {
      ended[0] = e.code() == RpcFault.CRASH ? CallWatch.Outcome.CRASHED : CallWatch.Outcome.FAILED;
      boolean silent = request.id() == null && e.code() != RpcFault.CRASH;
      return silent ? Reply.of(Reply.OK, null) : fault(request.id(), e);
    }
  }

  private @Nullable Object let(ApiTable.Entry entry, @Nullable Object[] arguments, Caller caller)
      throws RpcFault {
    watchers.gate().check(entry, caller, arguments);
    return watchers.running().call(entry, () -> invoke(entry, arguments));
  }

  /** A call above reading: its beginning is on record before it runs, or it does not run. */
  private @Nullable Object recorded(
      ApiTable.Entry entry,
      RpcRequest request,
      @Nullable Object[] arguments,
      List<InputStream> opened,
      Caller caller)
      throws RpcFault {
    CallAudit.Call call =
        new CallAudit.Call(
            caller,
            entry.wireName(),
            AuditedParams.of(request.params()),
            NamedSectors.of(entry.params(), arguments).stream()
                .map(NamedSectors.Named::from)
                .toList(),
            () -> touched.now(entry, arguments));
    try {
      watchers.gate().check(entry, caller, arguments);
    } catch (RpcFault e) {
      watchers.audit().refused(call, e.text());
      throw e;
    }
    CallAudit.Running record;
    try {
      record = watchers.audit().begin(call);
    } catch (IOException e) {
      LOG.error("{} is refused: it cannot be recorded", entry.wireName(), e);
      throw new RpcFault(
          "not invoking '"
              + entry.bareName()
              + "': audit: it cannot be recorded: "
              + e.getMessage());
    }
    String outcome = "crashed";
    CurrentCall current = new CurrentCall(caller);
    List<CallAudit.Change> changes = new ArrayList<>();
    try {
      Object value =
          watchers.running().call(entry, () -> current.run(() -> invoke(entry, arguments)));
      outcome = "";
      changes.addAll(touched.answered(entry, value));
      return value;
    } catch (RpcFault e) {
      outcome = e.text();
      throw e;
    } finally {
      changes.addAll(current.changes());
      opened.forEach(each -> PushStreams.delivery(each).ifPresent(changes::add));
      record.ended(outcome, changes);
    }
  }

  /** Interrupts every call that runs; each answers that it was cancelled. */
  void cancelAll() {
    watchers.running().cancelAll();
  }

  private static @Nullable Object invoke(ApiTable.Entry entry, @Nullable Object[] arguments)
      throws RpcFault {
    try {
      return entry.method().invoke(entry.target(), arguments);
    } catch (IllegalAccessException e) {
      throw crash(entry, e);
    } catch (InvocationTargetException e) {
      throw switch (e.getCause()) {
        case RpcFault fault -> fault;
        case InterruptedException _ -> new RpcFault("context canceled");
        case null -> crash(entry, e);
        case Throwable cause -> crash(entry, cause);
      };
    }
  }

  private static RpcFault crash(ApiTable.Entry entry, Throwable cause) {
    LOG.error("{} crashed", entry.wireName(), cause);
    String name = entry.wireName();
    String text = Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
    return new RpcFault(
        RpcFault.CRASH,
        "fatal error calling '" + name + "': panic in rpc method '" + name + "': " + text,
        null);
  }

  private Reply result(
      ApiTable.Entry entry,
      RpcRequest request,
      @Nullable Object value,
      @Nullable ChannelNumbers channels)
      throws RpcFault {
    StringBuilder out = new StringBuilder("{\"id\":");
    out.append(request.id()).append(",\"jsonrpc\":\"2.0\",\"result\":");
    Reply.Values values = null;
    if (entry.result() instanceof WireType.Channel channel
        && value instanceof Flow.Publisher<?> publisher
        && channels != null) {
      out.append(channels.next());
      values = new Reply.Values(publisher, channel.element());
    } else if (request.id() != null) {
      writer.write(out, entry.result(), value);
    }
    String body = request.id() == null ? null : out.append('}').toString();
    return new Reply(Reply.OK, body, values);
  }

  /** An error in place of an answer; null where there would be none. */
  @Nullable String fault(RpcRequest.Draft draft, String why) {
    try {
      String id = draft.checked().id();
      return id == null ? null : fault(id, new RpcFault(why)).body();
    } catch (RpcRequest.Malformed e) {
      return fault(e.id(), new RpcFault(RpcFault.PARSE, String.valueOf(e.getMessage()), null))
          .body();
    }
  }

  /** An error, with the id as it is echoed or null. */
  Reply fault(@Nullable String id, RpcFault fault) {
    StringBuilder out = new StringBuilder("{\"error\":{\"code\":");
    out.append(fault.code()).append(",\"message\":");
    GoJson.text(out, fault.text());
    if (fault.data() != null) {
      out.append(",\"data\":");
      writer.plain(out, fault.data());
    }
    out.append("},\"id\":").append(id).append(",\"jsonrpc\":\"2.0\"}");
    return Reply.of(Reply.statusOf(fault.code()), out.toString());
  }

  /** One value of a channel, as it is sent. */
  String channelValue(long channel, WireType type, Object value) {
    StringBuilder out = new StringBuilder("{\"jsonrpc\":\"2.0\",\"method\":\"xrpc.ch.val\"");
    out.append(",\"params\":[").append(channel).append(',');
    writer.write(out, type, value);
    return out.append("]}\n").toString();
  }
}
