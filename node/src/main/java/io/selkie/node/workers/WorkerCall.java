package io.selkie.node.workers;

import io.selkie.rpc.api.CallId;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A call that a worker was given and whose end is waited for. */
final class WorkerCall {

  private final Work work;
  private final CallId id;
  private final UUID session;
  private final String hostname;
  private final Instant startedAt;
  private final Instant deadline;
  private final boolean durable;
  private final boolean adopted;

  /** The first answer; later ones are refused. */
  final CompletableFuture<CallResult> end = new CompletableFuture<>();

  /**
   * @param session the worker's
   * @param deadline when it is given up
   * @param durable whether it outlives a restart of the node
   * @param adopted whether it was begun before the node's last start
   */
  WorkerCall(
      Work work,
      CallId id,
      UUID session,
      String hostname,
      Instant startedAt,
      Instant deadline,
      boolean durable,
      boolean adopted) {
    this.work = work;
    this.id = id;
    this.session = session;
    this.hostname = hostname;
    this.startedAt = startedAt;
    this.deadline = deadline;
    this.durable = durable;
    this.adopted = adopted;
  }

  Work work() {
    return work;
  }

  CallId id() {
    return id;
  }

  UUID session() {
    return session;
  }

  String hostname() {
    return hostname;
  }

  Instant startedAt() {
    return startedAt;
  }

  Instant deadline() {
    return deadline;
  }

  boolean isDurable() {
    return durable;
  }

  boolean isAdopted() {
    return adopted;
  }

  /** As the reference spells a call: miner, number and its own identity. */
  static String text(CallId call) {
    return "%s-%s-%s"
        .formatted(
            Long.toUnsignedString(call.sector().miner()),
            Long.toUnsignedString(call.sector().number()),
            call.id());
  }

  @Override
  public String toString() {
    return work.task() + " of sector " + work.sector() + " at " + hostname;
  }
}
