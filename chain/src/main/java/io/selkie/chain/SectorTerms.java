package io.selkie.chain;

import io.selkie.abi.TokenAmount;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * When each of a miner's live sectors began and ends, and what is pledged for it, as of one head: a
 * row is four numbers in arrays, 32 bytes, for a miner may have millions. Sectors are named by
 * their place in the order of their numbers.
 */
public final class SectorTerms {

  private final PeriodOnChain head;
  private final long[] numbers;
  private final long[] activations;
  private final long[] expirations;
  private final long[] pledges;

  /** Pledges that are no long: over nine FIL. */
  private final Map<Integer, TokenAmount> large;

  private SectorTerms(PeriodOnChain head, Builder from) {
    this.head = head;
    this.numbers = Arrays.copyOf(from.numbers, from.size);
    this.activations = Arrays.copyOf(from.activations, from.size);
    this.expirations = Arrays.copyOf(from.expirations, from.size);
    this.pledges = Arrays.copyOf(from.pledges, from.size);
    this.large = Map.copyOf(from.large);
  }

  /** Takes rows up in the order of their numbers. */
  public static final class Builder {

    private static final int FIRST_ROOM = 1_024;
    private static final int LONG_BITS = 63;

    private long[] numbers = new long[FIRST_ROOM];
    private long[] activations = new long[FIRST_ROOM];
    private long[] expirations = new long[FIRST_ROOM];
    private long[] pledges = new long[FIRST_ROOM];
    private final Map<Integer, TokenAmount> large = new HashMap<>();
    private int size;

    /**
     * One more sector.
     *
     * @throws IllegalArgumentException if its number is not above the one before
     */
    public void add(long number, long activation, long expiration, TokenAmount pledge) {
      if (size > 0 && number <= numbers[size - 1]) {
        throw new IllegalArgumentException(
            "sector " + number + " behind sector " + numbers[size - 1]);
      }
      if (size == numbers.length) {
        int room = 2 * size;
        numbers = Arrays.copyOf(numbers, room);
        activations = Arrays.copyOf(activations, room);
        expirations = Arrays.copyOf(expirations, room);
        pledges = Arrays.copyOf(pledges, room);
      }
      numbers[size] = number;
      activations[size] = activation;
      expirations[size] = expiration;
      if (pledge.atto().bitLength() <= LONG_BITS) {
        pledges[size] = pledge.atto().longValueExact();
      } else {
        large.put(size, pledge);
      }
      size++;
    }

    /** What was taken up. */
    public SectorTerms build(PeriodOnChain head) {
      return new SectorTerms(head, this);
    }
  }

  /** The head, and where it lies in the proving period. */
  public PeriodOnChain head() {
    return head;
  }

  /** How many sectors there are. */
  public int size() {
    return numbers.length;
  }

  /** The place of a sector; below 0 if it is not live. */
  public int find(long number) {
    return Arrays.binarySearch(numbers, number);
  }

  /** The number of the sector at a place. */
  public long number(int at) {
    return numbers[at];
  }

  /** The epoch it began at. */
  public long activation(int at) {
    return activations[at];
  }

  /** The epoch it ends at. */
  public long expiration(int at) {
    return expirations[at];
  }

  /** What is pledged for it. */
  public TokenAmount pledge(int at) {
    TokenAmount known = large.get(at);
    return known == null ? TokenAmount.of(pledges[at]) : known;
  }

  /** Numbers of those that end at {@code from} or later and before {@code before}, ascending. */
  public long[] ending(long from, long before) {
    long[] found = new long[numbers.length];
    int count = 0;
    for (int i = 0; i < numbers.length; i++) {
      if (expirations[i] >= from && expirations[i] < before) {
        found[count++] = numbers[i];
      }
    }
    return Arrays.copyOf(found, count);
  }
}
