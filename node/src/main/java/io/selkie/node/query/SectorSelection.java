package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.abi.DealId;
import io.selkie.abi.SectorId;
import io.selkie.node.Faults;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.query.SectorFilter;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorQuery;
import io.selkie.storage.SectorIndex;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A query of the wire as the journal understands it: what only chain and storage know has become a
 * set of numbers.
 *
 * @param filter for the journal
 * @param chain the terms that were asked, if they were
 */
public record SectorSelection(SectorFilter filter, Optional<ChainTerms> chain) {

  /** Asks whom a query needs. */
  public static final class Maker {

    private final ActorId miner;
    private final ChainSectors chain;
    private final SectorIndex index;
    private final InstantSource clock;

    public Maker(ActorId miner, ChainSectors chain, SectorIndex index, InstantSource clock) {
      this.miner = miner;
      this.chain = chain;
      this.index = index;
      this.clock = clock;
    }

    SectorIndex index() {
      return index;
    }

    InstantSource clock() {
      return clock;
    }

    ChainTerms terms() throws RpcFault {
      try {
        return chain.now();
      } catch (ChainFault fault) {
        throw Faults.ofChain(fault);
      }
    }

    /** What the chain holds of these sectors at least, as of one head. */
    ChainSnapshot snapshot(long[] numbers) throws RpcFault {
      try {
        return chain.ofNumbers(numbers);
      } catch (ChainFault fault) {
        throw Faults.ofChain(fault);
      }
    }

    /**
     * Makes a selection.
     *
     * @param needsChain whether the chain is asked even if the query itself does not need it
     */
    SectorSelection of(SectorQuery query, boolean needsChain) throws RpcFault {
      checkStates(query.states());
      Long from = query.expiresFrom();
      Long before = query.expiresBefore();
      boolean expires = from != null || before != null;
      Optional<ChainTerms> terms = needsChain || expires ? Optional.of(terms()) : Optional.empty();
      Optional<long[]> numbers = Optional.empty();
      if (!query.numbers().isEmpty()) {
        numbers = Optional.of(ascending(query.numbers()));
      }
      if (terms.isPresent() && expires) {
        long[] expiring =
            terms
                .get()
                .sectors()
                .ending(
                    from == null ? Long.MIN_VALUE : from, before == null ? Long.MAX_VALUE : before);
        numbers = Optional.of(both(numbers, expiring));
      }
      String path = query.path();
      if (path != null) {
        numbers = Optional.of(both(numbers, onPath(path)));
      }
      return new SectorSelection(filter(query, numbers), terms);
    }

    private SectorFilter filter(SectorQuery query, Optional<long[]> numbers) throws RpcFault {
      Long deal = query.deal();
      if (deal != null && deal < 0) {
        throw new RpcFault("there is no deal " + Long.toUnsignedString(deal));
      }
      return new SectorFilter(
          new HashSet<>(query.states()),
          numbers,
          Optional.ofNullable(deal).map(DealId::new),
          Optional.ofNullable(query.pieceCid()),
          before(query.maxAge(), Long.MIN_VALUE),
          before(query.minAge(), Long.MAX_VALUE),
          Optional.ofNullable(query.lastError()));
    }

    private long before(@Nullable Duration age, long otherwise) {
      return age == null ? otherwise : clock.instant().minus(age).toEpochMilli();
    }

    private long[] onPath(String path) throws RpcFault {
      if (index.info(path).isEmpty()) {
        throw new RpcFault("there is no storage path '" + path + "'");
      }
      return index.sectorsOn(path).stream()
          .filter(each -> each.miner().equals(miner))
          .map(SectorId::number)
          .mapToLong(number -> number.value())
          .sorted()
          .toArray();
    }
  }

  /** Refuses a name that is no state: here nobody means it. */
  static void checkStates(List<String> states) throws RpcFault {
    for (String name : states) {
      if (SectorState.ofWireName(name).isEmpty()) {
        throw new RpcFault("there is no state '" + name + "'");
      }
    }
  }

  /** Numbers over 63 bits are known to nobody. */
  static long[] ascending(List<Long> numbers) {
    return numbers.stream()
        .mapToLong(Long::longValue)
        .filter(number -> number >= 0)
        .sorted()
        .distinct()
        .toArray();
  }

  private static long[] both(Optional<long[]> some, long[] others) {
    if (some.isEmpty()) {
      return others;
    }
    LongPredicate inOthers = number -> Arrays.binarySearch(others, number) >= 0;
    return LongStream.of(some.get()).filter(inOthers).toArray();
  }
}
