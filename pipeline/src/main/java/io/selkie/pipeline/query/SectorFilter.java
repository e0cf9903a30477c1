package io.selkie.pipeline.query;

import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which sectors are wanted: those that fit everything that is given.
 *
 * @param states one of these; any if empty
 * @param numbers one of these, ascending
 * @param deal holds this deal of the market
 * @param piece holds this piece
 * @param enteredFromMs came to its state then or later, Unix milliseconds
 * @param enteredToMs came to its state then or earlier
 * @param lastError has this text in its last error, whatever the case; empty for any error at all
 */
public record SectorFilter(
    Set<String> states,
    Optional<long[]> numbers,
    Optional<DealId> deal,
    Optional<Cid> piece,
    long enteredFromMs,
    long enteredToMs,
    Optional<String> lastError) {

  /** Every sector. */
  public static final SectorFilter ALL =
      new SectorFilter(
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          Optional.empty());

  /** Keeps an unmodifiable copy. */
  public SectorFilter {
    states = Set.copyOf(states);
  }

  /** Whether the time in the state matters. */
  public boolean hasAge() {
    return enteredFromMs != Long.MIN_VALUE || enteredToMs != Long.MAX_VALUE;
  }

  /** Whether nothing but the state matters. */
  public boolean isOfStatesOnly() {
    return numbers.isEmpty()
        && deal.isEmpty()
        && piece.isEmpty()
        && !hasAge()
        && lastError.isEmpty();
  }

  /** The same among these numbers only. */
  public SectorFilter withNumbers(long[] ascending) {
    return new SectorFilter(
        states, Optional.of(ascending), deal, piece, enteredFromMs, enteredToMs, lastError);
  }

  /** Whether a row fits; deals and pieces, which are not in it, are not looked at. */
  public boolean fits(SectorView row) {
    return (states.isEmpty() || states.contains(row.state()))
        && row.enteredAtMs() >= enteredFromMs
        && row.enteredAtMs() <= enteredToMs
        && numbers.map(some -> Arrays.binarySearch(some, row.number().value()) >= 0).orElse(true)
        && lastError.map(text -> hasError(row, text)).orElse(true);
  }

  private static boolean hasError(SectorView row, String text) {
    return !row.lastError().isEmpty()
        && row.lastError().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
  }
}
