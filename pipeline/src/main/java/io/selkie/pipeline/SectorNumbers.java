package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.BitField;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Gives out sector numbers: the lowest that is neither used here, nor known to the chain, nor
 * reserved by name. A number given out is marked durably before anything is done with it, and never
 * given out again.
 */
public final class SectorNumbers {

  /**
   * The numbers in use.
   *
   * @param reserved by name
   * @param allocated given out here
   * @param inUse both, and those the chain knows
   * @param next the lowest free one
   */
  public record Meta(BitField reserved, BitField allocated, BitField inUse, SectorNumber next) {}

  private static final String PREFIX = "reservation/";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private final ActorId miner;
  private final SectorJournal journal;
  private final ChainNode chain;
  private final ReentrantLock lock = new ReentrantLock();

  /** Numbers that are somebody's, and have no record yet. */
  private final Set<SectorId> claimed = ConcurrentHashMap.newKeySet();

  /**
   * A number of which nobody else makes a record until this is closed. It is closed when the record
   * is durable, or will not be made; closing twice is harmless.
   */
  final class Claim implements AutoCloseable {
    private final SectorId sector;
    private boolean open = true;

    private Claim(SectorId sector) {
      this.sector = sector;
    }

    SectorId sector() {
      return sector;
    }

    @Override
    public void close() {
      if (open) {
        open = false;
        claimed.remove(sector);
      }
    }
  }

  SectorNumbers(ActorId miner, SectorJournal journal, ChainNode chain) {
    this.miner = miner;
    this.journal = journal;
    this.chain = chain;
  }

  /** The next number, marked as used. */
  Claim allocate() throws IOException, ChainFault {
    lock.lock();
    try {
      BitField used = meta().inUse();
      while (true) {
        SectorId sector = new SectorId(miner, new SectorNumber(firstFree(used)));
        Optional<Claim> claim = claim(sector);
        if (claim.isPresent() && isMarked(claim.get())) {
          return claim.get();
        }
        used = used.plus(BitField.of(sector.number().value()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Marks the number; gives the claim up if it was marked before, or cannot be. */
  private boolean isMarked(Claim claim) throws IOException {
    boolean marked = false;
    try {
      marked = journal.allocateNumber(claim.sector());
      return marked;
    } finally {
      if (!marked) {
        claim.close();
      }
    }
  }

  /**
   * The number for whoever makes a record of it next, marked or not; empty while it is somebody
   * else's. Only who holds it can tell whether there is a record.
   */
  Optional<Claim> claim(SectorId sector) {
    return claimed.add(sector) ? Optional.of(new Claim(sector)) : Optional.empty();
  }

  /**
   * The numbers in use.
   *
   * @throws ChainFault {@code getting state-allocated sector numbers: …}
   */
  public Meta meta() throws IOException, ChainFault {
    BitField reserved = BitField.EMPTY;
    for (BitField each : reservations().values()) {
      reserved = reserved.plus(each);
    }
    BitField allocated = allocated();
    BitField inUse = reserved.plus(allocated).plus(onChain());
    return new Meta(reserved, allocated, inUse, new SectorNumber(firstFree(inUse)));
  }

  /** The reservations by name. */
  public SortedMap<String, BitField> reservations() throws IOException {
    SortedMap<String, BitField> found = new TreeMap<>();
    for (Map.Entry<String, byte[]> entry : journal.values(prefix()).entrySet()) {
      found.put(entry.getKey().substring(prefix().length()), decode(entry.getValue()));
    }
    return found;
  }

  /**
   * Sets numbers aside.
   *
   * @param force whether collisions are overlooked, and a reservation of that name is replaced
   * @throws IllegalArgumentException with the reference's text if the name or the numbers do not do
   */
  public void reserve(String name, BitField numbers, boolean force) throws IOException {
    lock.lock();
    try {
      checkName(name);
      if (!force) {
        checkFree(name, numbers);
      }
      journal.putValue(prefix() + name, Optional.of(encode(numbers)));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sets the lowest free numbers aside.
   *
   * @return which
   * @throws IllegalArgumentException if the name does not do, or there are not so many numbers
   */
  public BitField reserveCount(String name, long count) throws IOException, ChainFault {
    lock.lock();
    try {
      checkName(name);
      checkFree(name, BitField.EMPTY);
      BitField used = meta().inUse();
      BitField chosen = BitField.EMPTY;
      while (chosen.size() < count) {
        BitField taken = used.plus(chosen);
        long from = firstFree(taken);
        long missing = count - chosen.size();
        if (from > Long.MAX_VALUE - missing) {
          throw new IllegalArgumentException(
              "reservation of " + count + " numbers: there are not so many behind " + from);
        }
        long gapEnd =
            taken.runs().stream()
                .mapToLong(BitField.Run::from)
                .filter(f -> f > from)
                .min()
                .orElse(Long.MAX_VALUE);
        long to = Math.min(gapEnd, from + missing);
        chosen = chosen.plus(BitField.ofRange(from, to));
      }
      journal.putValue(prefix() + name, Optional.of(encode(chosen)));
      return chosen;
    } finally {
      lock.unlock();
    }
  }

  /** Gives a reservation up. */
  public void free(String name) throws IOException {
    lock.lock();
    try {
      checkName(name);
      if (!reservations().containsKey(name)) {
        throw new IllegalArgumentException("reservation with this name doesn't exist");
      }
      journal.putValue(prefix() + name, Optional.empty());
    } finally {
      lock.unlock();
    }
  }

  private void checkFree(String name, BitField numbers) throws IOException {
    Map<String, BitField> known = reservations();
    if (known.containsKey(name)) {
      throw new IllegalArgumentException("reservation with this name already exists");
    }
    for (BitField other : known.values()) {
      if (!other.intersect(numbers).isEmpty()) {
        throw new IllegalArgumentException(
            "new reservation is colliding with another existing reservation");
      }
    }
    if (!allocated().intersect(numbers).isEmpty()) {
      throw new IllegalArgumentException(
          "new reservation is colliding with allocated sector numbers");
    }
  }

  private static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "reservation name contained disallowed characters"
              + " (allowed: a-z, A-Z, 0-9, '-', '_')");
    }
  }

  private BitField allocated() throws IOException {
    return BitField.of(
        journal.allocatedNumbers(miner).stream().mapToLong(SectorNumber::value).toArray());
  }

  private BitField onChain() throws ChainFault {
    BitField all = BitField.EMPTY;
    try {
      for (long[] range : chain.allocatedSectors(miner)) {
        all = all.plus(BitField.ofRange(range[0], Math.addExact(range[0], range[1])));
      }
    } catch (ChainFault e) {
      throw e.within("getting state-allocated sector numbers");
    }
    return all;
  }

  private static long firstFree(BitField used) {
    return used.runs().stream()
        .findFirst()
        .filter(run -> run.from() == 0)
        .map(BitField.Run::to)
        .orElse(0L);
  }

  private String prefix() {
    return PREFIX + miner + "/";
  }

  private static byte[] encode(BitField numbers) {
    return LongStream.of(numbers.toRunLengths())
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(","))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static BitField decode(byte[] stored) {
    String text = new String(stored, StandardCharsets.UTF_8);
    return BitField.ofRunLengths(
        Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray());
  }
}
