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

  private final int most;
  private final Duration meetingTimeout;
  private final Map<UUID, Meeting> meetings = new HashMap<>();
  private int claims;

  /**
   * @param most streams of either kind, {@link #MAX_STREAMS} for a node in service
   */
  PushStreams(int most, Duration meetingTimeout) {
    this.most = most;
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
    TOO_MANY(503);

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
    boolean claimed;
    int waiting;
  }

  /** The stream of this id, for the call that names it. */
  InputStream open(UUID id) throws WireReader.Mismatch {
    synchronized (meetings) {
      if (claims >= most) {
        throw new WireReader.Mismatch("more than maximum " + most + " pushed streams at once");
      }
      Meeting meeting = meetings.computeIfAbsent(id, _ -> new Meeting());
      if (meeting.claimed) {
        throw new WireReader.Mismatch("stream " + id + " is already being read");
      }
      meeting.claimed = true;
      claims++;
      return new PushedStream(id, meeting);
    }
  }

  /** Waits until the reader asks for the data. */
  Outcome head(UUID id) throws InterruptedException {
    Meeting meeting = enter(id);
    if (meeting == null) {
      return Outcome.TOO_MANY;
    }
    try {
      boolean wanted = meeting.wanted.get(meetingTimeout.toMillis(), TimeUnit.MILLISECONDS);
      return wanted ? Outcome.OK : Outcome.NOT_WANTED;
    } catch (TimeoutException | ExecutionException _) {
      return Outcome.FAILED;
    } finally {
      leave(id, meeting);
    }
  }

  /**
   * Delivers the data and waits until the reader is done with it.
   *
   * @param remote who delivers it
   */
  Outcome post(UUID id, InputStream body, String remote) throws InterruptedException {
    Meeting meeting = enter(id);
    if (meeting == null) {
      return Outcome.TOO_MANY;
    }
    try {
      if (!meeting.body.complete(new Delivery(body, remote))) {
        return Outcome.FAILED;
      }
      meeting.wanted.get(meetingTimeout.toMillis(), TimeUnit.MILLISECONDS);
      meeting.done.get();
      return Outcome.OK;
    } catch (TimeoutException | ExecutionException _) {
      return Outcome.FAILED;
    } finally {
      leave(id, meeting);
    }
  }

  private @Nullable Meeting enter(UUID id) {
    synchronized (meetings) {
      if (!meetings.containsKey(id) && meetings.size() - claims >= most) {
        return null;
      }
      Meeting meeting = meetings.computeIfAbsent(id, _ -> new Meeting());
      meeting.waiting++;
      return meeting;
    }
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

  /** Why a delivering request is turned away with {@link Outcome#TOO_MANY}. */
  String tooMany() {
    return "more than maximum " + most + " streams announced without a call at once";
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
