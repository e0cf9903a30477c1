package io.selkie.pipeline.unseal;

import io.selkie.pipeline.Progress;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An unsealing job at one moment.
 *
 * @param id its number; never given twice
 * @param request what is wanted; of merged requests, their common range and highest priority
 * @param requestedBy who asks, without repetition, in order of asking
 * @param state where it stands
 * @param progress how far the work is; nothing before it starts
 * @param tries how often it was tried, and how often that failed
 * @param lastError why the last try failed, or why it was given up or taken back; empty if nothing
 *     went wrong
 * @param times when it came, began and ended
 */
public record UnsealJob(
    long id,
    UnsealRequest request,
    List<String> requestedBy,
    UnsealState state,
    Reached progress,
    Tries tries,
    String lastError,
    Times times) {

  /** Callers that a job names at most; the others are served but not named. */
  static final int MAX_NAMED = 16;

  /** How far the work is, in the unit of its phase; see {@link Progress}. */
  public record Reached(String phase, long done, long total) {
    /** Not begun. */
    public static final Reached NOTHING = new Reached("", 0, 0);
  }

  /**
   * How often.
   *
   * @param started tries, those that a restart cut short included
   * @param failed tries that failed, which is what the budget counts
   */
  public record Tries(int started, int failed) {}

  /**
   * When.
   *
   * @param created when it was first asked for
   * @param started when the latest try began
   * @param ended when it ended
   * @param nextTry before when it is not tried again
   */
  public record Times(
      Instant created,
      Optional<Instant> started,
      Optional<Instant> ended,
      Optional<Instant> nextTry) {}

  static UnsealJob fresh(long id, UnsealRequest request, Instant now) {
    return new UnsealJob(
        id,
        request,
        List.of(request.requestedBy()),
        UnsealState.QUEUED,
        Reached.NOTHING,
        new Tries(0, 0),
        "",
        new Times(now, Optional.empty(), Optional.empty(), Optional.empty()));
  }

  /**
   * Whether another request can be served by this job: the same sector, and the same answer to what
   * is in it.
   */
  boolean serves(UnsealRequest other) {
    return request.sector().equals(other.sector())
        && request.ticket().equals(other.ticket())
        && request.commD().equals(other.commD());
  }

  /** This job and another request as one. */
  UnsealJob joinedBy(UnsealRequest other) {
    UnpaddedRange ours = request.range();
    UnpaddedRange theirs = other.range();
    long from = Math.min(ours.offsetBytes(), theirs.offsetBytes());
    long to =
        Math.max(ours.offsetBytes() + ours.sizeBytes(), theirs.offsetBytes() + theirs.sizeBytes());
    List<String> named = new ArrayList<>(requestedBy);
    if (!named.contains(other.requestedBy()) && named.size() < MAX_NAMED) {
      named.add(other.requestedBy());
    }
    UnsealRequest joint =
        new UnsealRequest(
            request.sector(),
            request.ticket(),
            request.commD(),
            new UnpaddedRange(from, to - from),
            Math.max(request.priority(), other.priority()),
            request.requestedBy());
    return new UnsealJob(id, joint, List.copyOf(named), state, progress, tries, lastError, times);
  }

  UnsealJob begun(Instant now) {
    return new UnsealJob(
        id,
        request,
        requestedBy,
        UnsealState.RUNNING,
        Reached.NOTHING,
        new Tries(tries.started() + 1, tries.failed()),
        lastError,
        new Times(times.created(), Optional.of(now), Optional.empty(), Optional.empty()));
  }

  UnsealJob failedUntil(Instant nextTry, String reason) {
    return new UnsealJob(
        id,
        request,
        requestedBy,
        UnsealState.QUEUED,
        Reached.NOTHING,
        new Tries(tries.started(), tries.failed() + 1),
        reason,
        new Times(times.created(), times.started(), Optional.empty(), Optional.of(nextTry)));
  }

  /** The same, to be worked on when its turn comes. */
  UnsealJob queued() {
    return new UnsealJob(
        id, request, requestedBy, UnsealState.QUEUED, Reached.NOTHING, tries, lastError, times);
  }

  UnsealJob ended(UnsealState how, String reason, Instant now) {
    return new UnsealJob(
        id,
        request,
        requestedBy,
        how,
        progress,
        tries,
        reason,
        new Times(times.created(), times.started(), Optional.of(now), Optional.empty()));
  }

  UnsealJob reached(Reached next) {
    return new UnsealJob(id, request, requestedBy, state, next, tries, lastError, times);
  }

  boolean isDue(Instant now) {
    return state == UnsealState.QUEUED
        && times.nextTry().map(next -> !next.isAfter(now)).orElse(true);
  }
}
