package io.selkie.testkit.simulation;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What happened in one world or several.
 *
 * @param worlds how many
 * @param events runs, alarms, blocks, and what operators, clients and bad luck did
 * @param writes of the journal that were forced
 * @param blocks made, those included that were taken back
 * @param messages that the chain took
 * @param deaths of the process, and orderly restarts
 * @param pieces accepted
 * @param faults by kind
 * @param states of all sectors at the end
 * @param digest of all forced writes
 */
public record Totals(
    long worlds,
    long events,
    long writes,
    long blocks,
    long messages,
    long deaths,
    long pieces,
    Map<String, Long> faults,
    Map<String, Long> states,
    long digest) {

  /** Nothing yet. */
  public static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0, 0, Map.of(), Map.of(), 0);

  /** Both together. */
  public Totals plus(Totals other) {
    return new Totals(
        worlds + other.worlds,
        events + other.events,
        writes + other.writes,
        blocks + other.blocks,
        messages + other.messages,
        deaths + other.deaths,
        pieces + other.pieces,
        sum(faults, other.faults),
        sum(states, other.states),
        digest ^ other.digest);
  }

  private static Map<String, Long> sum(Map<String, Long> a, Map<String, Long> b) {
    Map<String, Long> sum = new TreeMap<>(a);
    b.forEach((name, count) -> sum.merge(name, count, Long::sum));
    return sum;
  }

  /** One line. */
  @Override
  public String toString() {
    return worlds
        + " worlds, "
        + events
        + " events, "
        + writes
        + " forced writes, "
        + deaths
        + " lives ended, "
        + blocks
        + " blocks, "
        + messages
        + " messages, "
        + pieces
        + " pieces accepted; faults: "
        + text(faults)
        + "; sectors: "
        + text(states);
  }

  private static String text(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .filter(e -> e.getValue() > 0)
        .map(e -> e.getKey().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + e.getValue())
        .collect(Collectors.joining(", "));
  }
}
