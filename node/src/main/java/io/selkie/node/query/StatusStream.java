package io.selkie.node.query;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.StatusChunk;
import io.selkie.rpc.api.StatusRequest;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireJson;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebHandler;
import io.selkie.rpc.server.WebRequest;
import io.selkie.rpc.token.Permission;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Statuses by the thousand over plain HTTP: {@code POST /selkie/status} with a {@link
 * StatusRequest}, answered with a line of JSON per sector. The next ones are made when those before
 * have been taken. Thread-safe.
 */
public final class StatusStream implements WebHandler {

  /** Where it is served. */
  public static final String PATH = "/selkie/status";

  /** The head's height, in the answer's headers. */
  static final String HEIGHT = "Selkie-Chain-Height";

  /** How many lines there are. */
  static final String SECTORS = "Selkie-Sectors";

  /** A hundred thousand numbers of twenty digits, and as much again. */
  private static final int BODY_BYTES = 4 << 20;

  /** A slow caller keeps others away for so long at most. */
  private static final Duration BODY_TIME = Duration.ofSeconds(30);

  /** Batches at once; each holds the numbers of its sectors. */
  private static final int BATCHES_AT_ONCE = 16;

  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;
  private static final int WRONG_METHOD = 405;
  private static final int BUSY = 503;

  private final SectorBatchService batches;
  private final WireJson json;
  private final Semaphore running = new Semaphore(BATCHES_AT_ONCE);

  public StatusStream(SectorBatchService batches, Address.Network network) {
    this.batches = batches;
    this.json = new WireJson(network);
  }

  @Override
  public Optional<WebAnswer> answer(WebRequest request) throws IOException, InterruptedException {
    if (!request.path().equals(PATH)) {
      return Optional.empty();
    }
    if (!request.caller().may(Permission.READ)) {
      return refusal(UNAUTHORISED, "a token that may read is needed");
    }
    if (request.caller().isNarrowed()) {
      return refusal(
          FORBIDDEN, "a token with a scope cannot read this; Selkie.SectorsStatusBatch minds it");
    }
    if (!request.method().equals("POST")) {
      return refusal(WRONG_METHOD, "only POST is served here");
    }
    if (!running.tryAcquire()) {
      return refusal(BUSY, BATCHES_AT_ONCE + " batches are being made; try again later");
    }
    boolean begun = false;
    try {
      String body = request.text(BODY_BYTES, BODY_TIME);
      StatusRequest asked = json.read(StatusRequest.class, body.isBlank() ? "{}" : body);
      SectorBatchService.Batch batch = batches.batch(asked.query(), asked.fields());
      begun = true;
      return Optional.of(
          new WebAnswer(
              OK,
              "application/x-ndjson",
              Map.of(
                  HEIGHT,
                  Long.toString(batch.height()),
                  SECTORS,
                  Integer.toString(batch.sectors())),
              out -> write(batch, out)));
    } catch (RpcFault refused) {
      return refusal(BAD_REQUEST, refused.text());
    } finally {
      if (!begun) {
        running.release();
      }
    }
  }

  private static Optional<WebAnswer> refusal(int status, String text) {
    return Optional.of(WebAnswer.text(status, PLAIN, text + "\n"));
  }

  private void write(SectorBatchService.Batch batch, OutputStream out)
      throws IOException, InterruptedException {
    try {
      batch.chunks().run(chunk -> out.write(lines(chunk)));
    } catch (RpcFault fault) {
      // The headers have gone; the answer breaks off.
      throw new IOException(fault.text(), fault);
    } finally {
      running.release();
    }
  }

  private static byte[] lines(StatusChunk chunk) {
    StringBuilder lines = new StringBuilder();
    for (JsonValue.Written status : chunk.sectors()) {
      lines.append(status.json()).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
