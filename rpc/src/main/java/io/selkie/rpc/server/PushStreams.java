package io.selkie.rpc.server;

import io.selkie.rpc.json.WireReader;
import io.selkie.rpc.token.CallAudit;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Brings the two halves of a pushed stream together: the call that reads it, and the request that
 * delivers it. Either may come first.
 */
final class PushStreams {

  /** How long one half waits for the other. */
  static final Duration MEETING_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Streams that calls read at once, and as many again that were announced before their call. The
   * two are counted apart: announcing needs no token, and must not keep out those who have one.
   */
  static final int MAX_STREAMS = 1024;

  /**
   * The part of them that one address may announce: announcing needs no token, and one stranger
   * must not keep everybody else's pieces out.
   */
  static final int ADDRESS_SHARE = 8;

  private final int most;
  private final int mostOfAddress;
  private final Duration meetingTimeout;
  private final Map<UUID, Meeting> meetings = new HashMap<>();
  private int claims;

  /**
   * @param most streams of either kind, {@link #MAX_STREAMS} for a node in service
   */
  PushStreams(int most, Duration meetingTimeout) {
    this.most = most;
    this.mostOfAddress = Math.max(1, most / ADDRESS_SHARE);
    this.meetingTimeout = meetingTimeout;
  }

  /** What a delivering request is answered with. */
  enum Outcome {
    /** Send it now, or it was taken. */
    OK(200),
    /** Not wanted any more. */
    NOT_WANTED(204),
    /** Nobody asked for it in time, or it failed. */
    FAILED(500),
    /** Too many streams are open. */
    TOO_MANY(503),
    /** Too many of them were announced from this address. */
    TOO_MANY_OF_ADDRESS(503);

    private final int status;

    Outcome(int status) {
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * What was delivered.
   *
   * @param remote by whom
   */
  private record Delivery(InputStream body, String remote) {}

  private static final class Meeting {
    /** True once the reader wants data, false when it is done without. */
    final CompletableFuture<Boolean> wanted = new CompletableFuture<>();

    final CompletableFuture<Delivery> body = new CompletableFuture<>();
    final CompletableFuture<Void> done = new CompletableFuture<>();
    final Optional<RemoteNet> announcedBy;
    boolean claimed;
    int waiting;

    Meeting(Optional<RemoteNet> announcedBy) {
      this.announcedBy = announcedBy;
    }
  }

  /** The stream of this id, for the call that names it. */
  InputStream open(UUID id) throws WireReader.Mismatch {
    synchronized (meetings) {
      if (claims >= most) {
        throw new WireReader.Mismatch("more than maximum " + most + " pushed streams at once");
      }
      Meeting meeting = meetings.computeIfAbsent(id, _ -> new Meeting(Optional.empty()));
      if (meeting.claimed) {
        throw new WireReader.Mismatch("stream " + id + " is already being read");
      }
      meeting.claimed = true;
      claims++;
      return new PushedStream(id, meeting);
    }
  }

  /** What a delivering request waits for. */
  @FunctionalInterface
  private interface Waiting {
    Outcome on(Meeting meeting) throws InterruptedException, TimeoutException, ExecutionException;
  }

  /**
   * Waits until the reader asks for the data.
   *
   * @param net whom it is counted with; empty if with nobody
   */
  Outcome head(UUID id, Optional<RemoteNet> net) throws InterruptedException {
    return meet(
        id,
        net,
        meeting ->
            meeting.wanted.get(meetingTimeout.toMillis(), TimeUnit.MILLISECONDS)
                ? Outcome.OK
                : Outcome.NOT_WANTED);
  }

  /**
   * Delivers the data and waits until the reader is done with it.
   *
   * @param remote who delivers it
   * @param net whom it is counted with; empty if with nobody
   */
  Outcome post(UUID id, InputStream body, String remote, Optional<RemoteNet> net)
      throws InterruptedException {
    return meet(
        id,
        net,
        meeting -> {
          if (!meeting.body.complete(new Delivery(body, remote))) {
            return Outcome.FAILED;
          }
          meeting.wanted.get(meetingTimeout.toMillis(), TimeUnit.MILLISECONDS);
          meeting.done.get();
          return Outcome.OK;
        });
  }

  private Outcome meet(UUID id, Optional<RemoteNet> net, Waiting waiting)
      throws InterruptedException {
    Meeting meeting;
    synchronized (meetings) {
      Optional<Outcome> refusal = meetings.containsKey(id) ? Optional.empty() : refusal(net);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      meeting = meetings.computeIfAbsent(id, _ -> new Meeting(net));
      meeting.waiting++;
    }
    try {
      return waiting.on(meeting);
    } catch (TimeoutException | ExecutionException _) {
      return Outcome.FAILED;
    } finally {
      leave(id, meeting);
    }
  }

  /** Why one more may not be announced. */
  private Optional<Outcome> refusal(Optional<RemoteNet> net) {
    if (meetings.size() - claims >= most) {
      return Optional.of(Outcome.TOO_MANY);
    }
    long ofNet =
        meetings.values().stream()
            .filter(each -> !each.claimed && each.announcedBy.equals(net))
            .count();
    return net.isPresent() && ofNet >= mostOfAddress
        ? Optional.of(Outcome.TOO_MANY_OF_ADDRESS)
        : Optional.empty();
  }

  private void leave(UUID id, Meeting meeting) {
    synchronized (meetings) {
      meeting.waiting--;
      if (meeting.waiting == 0 && !meeting.claimed) {
        meetings.remove(id, meeting);
      }
    }
  }

  /** Who delivered a pushed stream, and how much was taken of it, for the record of its call. */
  static Optional<CallAudit.Change> delivery(InputStream stream) {
    return stream instanceof PushedStream pushed ? pushed.delivery() : Optional.empty();
  }

  /** Why a delivering request is turned away; empty if it is not. */
  Optional<String> refusal(Outcome outcome) {
    return switch (outcome) {
      case OK, NOT_WANTED, FAILED -> Optional.empty();
      case TOO_MANY ->
          Optional.of("more than maximum " + most + " streams announced without a call at once");
      case TOO_MANY_OF_ADDRESS ->
          Optional.of(
              "more than maximum "
                  + mostOfAddress
                  + " streams of one address announced without a call at once");
    };
  }

  /** Streams that are open or awaited. */
  int size() {
    synchronized (meetings) {
      return meetings.size();
    }
  }

  /** The reader's end. */
  private final class PushedStream extends InputStream {

    private final UUID id;
    private final Meeting meeting;
    private @Nullable Delivery delivered;
    private long taken;

    PushedStream(UUID id, Meeting meeting) {
      this.id = id;
      this.meeting = meeting;
    }

    private InputStream body() throws IOException {
      if (delivered == null) {
        meeting.wanted.complete(true);
        try {
          delivered = meeting.body.get(meetingTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          throw new IOException(
              "stream " + id + " was not delivered within " + meetingTimeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
          throw new IOException("stream " + id + " cannot be delivered", e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          InterruptedIOException interrupted =
              new InterruptedIOException("interrupted while waiting for stream " + id);
          interrupted.initCause(e);
          throw interrupted;
        }
      }
      return delivered.body();
    }

    Optional<CallAudit.Change> delivery() {
      Delivery from = delivered;
      return from == null
          ? Optional.empty()
          : Optional.of(
              new CallAudit.Change(
                  "stream " + id, "", taken + " bytes taken, sent from " + from.remote()));
    }

    @Override
    public int read() throws IOException {
      int single = body().read();
      taken += single < 0 ? 0 : 1;
      return single;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
      int read = body().read(into, offset, count);
      taken += Math.max(0, read);
      return read;
    }

    @Override
    public void close() {
      meeting.wanted.complete(false);
      meeting.done.complete(null);
      synchronized (meetings) {
        if (meetings.remove(id, meeting)) {
          claims--;
        }
      }
    }
  }
}
