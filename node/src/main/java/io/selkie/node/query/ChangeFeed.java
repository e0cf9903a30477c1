package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.pipeline.query.EventFeed;
import io.selkie.pipeline.query.EventFeed.Happened;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ChangeFilter;
import io.selkie.rpc.api.SectorChange;
import io.selkie.rpc.api.SectorFeedApi;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/**
 * The change feed. Each reader reads the journal by itself, a page at a time, as fast as it takes
 * it: one that is slow holds up nobody, least of all the journal. Thread-safe.
 */
public final class ChangeFeed implements SectorFeedApi, AutoCloseable {

  /** Entries a reader holds at most; with messages of 8 KB they are 2 MB. */
  static final int PAGE_LIMIT = 256;

  /** Readers at once; each looks at the journal after every append. */
  static final int READERS_LIMIT = 1_000;

  /** How long a reader waits before it looks again by itself, and shows that it lives. */
  static final Duration IDLE = Duration.ofSeconds(5);

  private final ActorId miner;
  private final EventFeed events;
  private final int readersLimit;
  private final AtomicInteger readers = new AtomicInteger();
  private volatile boolean closed;

  public ChangeFeed(ActorId miner, EventFeed events) {
    this(miner, events, READERS_LIMIT);
  }

  public ChangeFeed(ActorId miner, EventFeed events, int readersLimit) {
    this.miner = miner;
    this.events = events;
    this.readersLimit = readersLimit;
  }

  /** Whose sectors it tells of. */
  ActorId miner() {
    return miner;
  }

  /** Where changes go. */
  interface Sink {

    /** One change; may take as long as it likes. */
    void take(SectorChange change) throws IOException, InterruptedException;

    /** There has been nothing for a while. */
    default void idle() throws IOException {}
  }

  /**
   * Which changes a reader wants.
   *
   * @param states none for all
   * @param numbers none for all, ascending
   * @param allowed the numbers a reader may be told of
   */
  record Wanted(Set<String> states, long[] numbers, LongPredicate allowed) {

    /** What the filter says, once it is known to say something. */
    static Wanted of(ChangeFilter filter) throws RpcFault {
      return of(filter, _ -> true);
    }

    /** The same, of some sectors only. */
    static Wanted of(ChangeFilter filter, LongPredicate allowed) throws RpcFault {
      SectorSelection.checkStates(filter.states());
      return new Wanted(
          new HashSet<>(filter.states()), SectorSelection.ascending(filter.numbers()), allowed);
    }

    boolean fits(Happened each) {
      long number = each.sector().number().value();
      return (states.isEmpty() || states.contains(each.state()))
          && (numbers.length == 0 || Arrays.binarySearch(numbers, number) >= 0)
          && allowed.test(number);
    }
  }

  @Override
  public Flow.Publisher<SectorChange> sectorsSubscribe(long fromOffset, ChangeFilter filter)
      throws RpcFault {
    Wanted wanted = Wanted.of(filter);
    if (readers.get() >= readersLimit) {
      throw tooMany();
    }
    return new PulledPublisher<>("change-feed", sink -> read(fromOffset, wanted, sink::take));
  }

  private RpcFault tooMany() {
    return new RpcFault("there are " + readersLimit + " readers of the change feed already");
  }

  /**
   * Gives a reader everything from an offset on, until the feed is closed or the reader
   * interrupted.
   *
   * @throws RpcFault if there are too many readers
   */
  void read(long fromOffset, Wanted wanted, Sink sink)
      throws RpcFault, IOException, InterruptedException {
    if (readers.incrementAndGet() > readersLimit) {
      readers.decrementAndGet();
      throw tooMany();
    }
    try {
      long at = fromOffset < 0 ? events.lastPosition() : fromOffset;
      while (!closed) {
        // Before looking, so that what comes after the look is not slept through.
        long seen = events.appended().times();
        List<Happened> page = events.after(at, PAGE_LIMIT);
        for (Happened each : page) {
          if (each.sector().miner().equals(miner) && wanted.fits(each)) {
            sink.take(change(each));
          }
          at = each.position();
        }
        if (page.isEmpty() && !closed) {
          sink.idle();
          events.appended().await(seen, IDLE);
        }
      }
    } finally {
      readers.decrementAndGet();
    }
  }

  private static SectorChange change(Happened each) {
    return new SectorChange(
        each.position(),
        each.sector().number().value(),
        each.sequence(),
        each.at(),
        each.kind(),
        each.state(),
        each.message());
  }

  /** Ends every reader. */
  @Override
  public void close() {
    closed = true;
    events.appended().raise();
  }
}
