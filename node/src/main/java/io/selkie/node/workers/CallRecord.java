package io.selkie.node.workers;

import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.rpc.api.CallError;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.WireSectorId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A call as it is kept over a restart, JSON.
 *
 * @param task the task's wire name
 * @param kind of the result; null while there is none
 * @param bytes the result where it is bytes
 * @param first CommD, or an error's code
 * @param second CommR, or an error's text
 */
record CallRecord(
    String task,
    String params,
    long miner,
    long number,
    UUID callId,
    UUID session,
    String hostname,
    long startedAtMs,
    long deadlineMs,
    @Nullable String kind,
    byte @Nullable [] bytes,
    @Nullable String first,
    @Nullable String second) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** A call with what is known of its end. */
  static CallRecord of(WorkerCall call, @Nullable CallResult end) {
    String kind = null;
    byte[] bytes = null;
    String first = null;
    String second = null;
    switch (end) {
      case null -> kind = null;
      case CallResult.Done _ -> kind = "done";
      case CallResult.Bytes given -> {
        kind = "bytes";
        bytes = given.bytes();
      }
      case CallResult.Cids(SectorCids cids) -> {
        kind = "cids";
        first = cids.unsealed() == null ? null : cids.unsealed().toString();
        second = cids.sealed() == null ? null : cids.sealed().toString();
      }
      case CallResult.Failed(CallError error) -> {
        kind = "failed";
        first = Long.toString(error.code());
        second = error.message();
      }
      // Neither is a result of durable work; whoever waits finds it wrong.
      case CallResult.Piece _, CallResult.Foreign _ -> {
        kind = "foreign";
        first = end.kind();
      }
    }
    return new CallRecord(
        call.work().task().wireName(),
        call.work().params(),
        call.work().sector().miner().value(),
        call.work().sector().number().value(),
        call.id().id(),
        call.session(),
        call.hostname(),
        call.startedAt().toEpochMilli(),
        call.deadline().toEpochMilli(),
        kind,
        bytes,
        first,
        second);
  }

  byte[] json() {
    return MAPPER.writeValueAsBytes(this);
  }

  /** What {@link #json} wrote; empty for anything else. */
  static Optional<WorkerCall> read(byte[] json) {
    try {
      CallRecord read = MAPPER.readValue(json, CallRecord.class);
      return Optional.of(read.call());
    } catch (JacksonException | IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  private WorkerCall call() {
    TaskType type =
        TaskType.ofWireName(task).orElseThrow(() -> new IllegalArgumentException("task " + task));
    WorkerCall call =
        new WorkerCall(
            new Work(type, SectorId.of(miner, number), params),
            new CallId(new WireSectorId(miner, number), callId),
            session,
            hostname,
            Instant.ofEpochMilli(startedAtMs),
            Instant.ofEpochMilli(deadlineMs),
            true,
            true);
    if (kind != null) {
      call.end.complete(result(kind));
    }
    return call;
  }

  private CallResult result(String of) {
    return switch (of) {
      case "done" -> new CallResult.Done();
      case "bytes" -> new CallResult.Bytes(bytes == null ? new byte[0] : bytes);
      case "cids" -> new CallResult.Cids(new SectorCids(cid(first), cid(second)));
      case "failed" ->
          new CallResult.Failed(
              new CallError(first == null ? 0 : Long.parseLong(first), String.valueOf(second)));
      default -> new CallResult.Foreign(String.valueOf(first));
    };
  }

  private static @Nullable Cid cid(@Nullable String text) {
    return text == null ? null : Cid.parse(text);
  }
}
