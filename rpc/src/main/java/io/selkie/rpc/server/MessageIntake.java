package io.selkie.rpc.server;

import io.selkie.rpc.json.GoText;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * Puts the parts of WebSocket messages together, within limits of size, time and memory. A part is
 * judged before it is kept. Parts come one after the other; the other methods are thread-safe.
 */
final class MessageIntake {

  private final ServerLimits limits;
  private final HeldBodies held;
  private final int most;
  private final boolean stranger;
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private volatile HeldBodies.Hold hold;
  private volatile long begunNanos;
  private volatile boolean underWay;

  MessageIntake(ServerLimits limits, HeldBodies held, Caller caller) {
    this.limits = limits;
    this.held = held;
    this.most = limits.bodyBytes(caller);
    this.stranger = caller.isStranger();
    this.hold = held.hold();
  }

  /**
   * A whole message.
   *
   * @param text bytes that are not UTF-8 are U+FFFD
   * @param hold its place, to be closed when it has been answered
   */
  record Message(String text, HeldBodies.Hold hold) {}

  /**
   * Takes a part.
   *
   * @return the message, behind its last part
   */
  Optional<Message> take(byte[] part, boolean last)
      throws HeldBodies.Refused, InterruptedException {
    if (!underWay) {
      begunNanos = System.nanoTime();
      underWay = true;
    }
    int length = bytes.size() + part.length;
    if (length > most || length < 0) {
      throw HeldBodies.tooBig(most, stranger);
    }
    hold.grow(length);
    bytes.writeBytes(part);
    if (!last) {
      return Optional.empty();
    }
    Message message = new Message(GoText.decode(bytes.toByteArray()), hold);
    bytes = new ByteArrayOutputStream();
    hold = held.hold();
    underWay = false;
    return Optional.of(message);
  }

  /** Why the message that is coming in is given up; empty if it is not. */
  Optional<String> overdue() {
    boolean late = underWay && System.nanoTime() - begunNanos > limits.times().body().toNanos();
    return late
        ? Optional.of(
            "request took longer than " + ServerLimits.text(limits.times().body()) + " to arrive")
        : Optional.empty();
  }

  /** Gives up what is coming in. */
  void drop() {
    hold.close();
  }
}
