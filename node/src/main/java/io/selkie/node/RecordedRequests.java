package io.selkie.node;

import io.selkie.abi.SectorId;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebHandler;
import io.selkie.rpc.server.WebRequest;
import io.selkie.rpc.token.CallAudit;
import io.selkie.rpc.token.Permission;
import io.selkie.storage.SectorFileName;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts requests for an administrator that are no calls on record, refused ones too. Deletions are
 * left to {@link io.selkie.node.remote.RemoteDeletion}, which knows what they change. Thread-safe.
 */
final class RecordedRequests implements WebHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RecordedRequests.class);
  private static final int FIRST_FAULT = 400;
  private static final int FAILED = 500;

  private final WebHandler handler;
  private final CallAudit audit;

  RecordedRequests(WebHandler handler, CallAudit audit) {
    this.handler = handler;
    this.audit = audit;
  }

  @Override
  public Optional<WebAnswer> answer(WebRequest request) throws IOException, InterruptedException {
    CallAudit.Call call =
        new CallAudit.Call(
            request.caller(), request.method() + " " + request.path(), "[]", sectors(request));
    if (!request.caller().may(Permission.ADMIN) || request.caller().isNarrowed()) {
      Optional<WebAnswer> refusal = handler.answer(request);
      audit.refused(call, "unauthorized");
      return refusal;
    }
    if (request.method().equals("DELETE")) {
      return handler.answer(request);
    }
    CallAudit.Running record;
    try {
      record = audit.begin(call);
    } catch (IOException unrecorded) {
      LOG.error("{} is refused: it cannot be recorded", request.path(), unrecorded);
      return Optional.of(
          WebAnswer.text(
              FAILED,
              "text/plain; charset=utf-8",
              "audit: it cannot be recorded: " + unrecorded.getMessage() + "\n"));
    }
    return recorded(request, record);
  }

  private Optional<WebAnswer> recorded(WebRequest request, CallAudit.Running record)
      throws IOException, InterruptedException {
    boolean open = false;
    String outcome = "crashed";
    try {
      Optional<WebAnswer> found = handler.answer(request);
      int status = found.map(WebAnswer::status).orElse(FIRST_FAULT);
      outcome = status < FIRST_FAULT ? "" : "answered with status " + status;
      if (found.isEmpty() || !outcome.isEmpty() || request.method().equals("HEAD")) {
        return found;
      }
      WebAnswer answer = found.get();
      open = true;
      return Optional.of(
          new WebAnswer(
              status, answer.contentType(), answer.headers(), out -> send(answer, out, record)));
    } finally {
      if (!open) {
        record.ended(outcome);
      }
    }
  }

  private static void send(WebAnswer answer, java.io.OutputStream out, CallAudit.Running record)
      throws IOException, InterruptedException {
    String outcome = "broken off";
    try {
      answer.body().writeTo(out);
      outcome = "";
    } finally {
      record.ended(outcome);
    }
  }

  /** The sector that a path names, wherever it does. */
  private static List<Long> sectors(WebRequest request) {
    return Arrays.stream(request.path().split("/", -1))
        .map(SectorFileName::parse)
        .flatMap(Optional::stream)
        .map(SectorId::number)
        .map(number -> number.value())
        .toList();
  }
}
