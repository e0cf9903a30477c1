package io.selkie.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A node that answers what it was told to, over HTTP on a port of its own, and remembers what it
 * was asked. Takes pushed streams as a real one does.
 */
final class FakeNode implements AutoCloseable {

  static final String TOKEN = "eyJ.fake.token";

  private static final JsonMapper JSON = new JsonMapper();

  /** What a method answers. */
  interface Answer {
    String json(JsonNode params) throws Refusal;
  }

  /** The error of a method, code 1. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
      super(message);
    }
  }

  /** A call as it arrived. */
  record Call(String method, JsonNode params) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Answer> answers = new HashMap<>();
  private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, CompletableFuture<byte[]>> streams = new ConcurrentHashMap<>();

  FakeNode() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/rpc/v0", this::rpc);
    server.createContext("/rpc/streams/v0/push/", this::push);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String multiaddress() {
    return "/ip4/127.0.0.1/tcp/" + port() + "/http";
  }

  /** The method answers this JSON. */
  FakeNode on(String method, String json) {
    return on(method, _ -> json);
  }

  /** The method of Selkie's own namespace answers this JSON. */
  FakeNode onSelkie(String method, String json) {
    return onSelkie(method, _ -> json);
  }

  FakeNode onSelkie(String method, Answer answer) {
    answers.put("Selkie." + method, answer);
    return this;
  }

  FakeNode on(String method, Answer answer) {
    answers.put("Filecoin." + method, answer);
    return this;
  }

  /** The calls of a method, oldest first. */
  List<JsonNode> callsOf(String method) {
    return callsOfFull("Filecoin." + method);
  }

  /** The calls of a method of Selkie's own namespace, oldest first. */
  List<JsonNode> callsOfSelkie(String method) {
    return callsOfFull("Selkie." + method);
  }

  private List<JsonNode> callsOfFull(String method) {
    synchronized (calls) {
      return calls.stream().filter(call -> call.method().equals(method)).map(Call::params).toList();
    }
  }

  /** The bytes pushed for a stream argument. */
  byte[] stream(JsonNode argument) {
    try {
      return stream(argument.path("Info").asString()).get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("stream was not pushed", e);
    }
  }

  private CompletableFuture<byte[]> stream(String id) {
    return streams.computeIfAbsent(id, _ -> new CompletableFuture<>());
  }

  private void push(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("POST")) {
      stream(path.substring(path.lastIndexOf('/') + 1))
          .complete(exchange.getRequestBody().readAllBytes());
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private void rpc(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
      return;
    }
    String method = request.path("method").asString();
    JsonNode params = request.path("params");
    calls.add(new Call(method, params));
    ObjectNode response = JSON.createObjectNode();
    response.set("id", request.path("id"));
    response.put("jsonrpc", "2.0");
    try {
      Answer answer = answers.get(method);
      if (answer == null) {
        throw new Refusal("method '" + method + "' not found");
      }
      response.set("result", JSON.readTree(answer.json(params)));
    } catch (Refusal e) {
      response.putObject("error").put("code", 1).put("message", e.getMessage());
    }
    byte[] body = response.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** A status with every member; {@code changes} replaces some. */
  static String status(long number, String state, String changes) {
    ObjectNode status = JSON.createObjectNode();
    status.put("SectorID", number).put("State", state);
    status.putNull("CommD").putNull("CommR").putNull("Proof");
    status.putArray("Deals");
    status.putArray("Pieces");
    status.putObject("Ticket").putNull("Value").put("Epoch", 0);
    status.putObject("Seed").putNull("Value").put("Epoch", 0);
    status.putNull("PreCommitMsg").putNull("CommitMsg").put("Retries", 0).put("ToUpgrade", false);
    status.putNull("ReplicaUpdateMessage").put("LastErr", "");
    ArrayNode log = status.putArray("Log");
    log.addObject()
        .put("Kind", "event;sealing.SectorStartCC")
        .put("Timestamp", 42)
        .put("Trace", "")
        .put("Message", "{\"User\":{}}");
    status.put("SealProof", 5).put("Activation", 0).put("Expiration", 0);
    status.put("DealWeight", "0").put("VerifiedDealWeight", "0").put("InitialPledge", "0");
    status.put("OnTime", 0).put("Early", 0);
    status.setAll((ObjectNode) JSON.readTree(changes));
    return status.toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
