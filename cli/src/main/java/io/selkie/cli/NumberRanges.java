package io.selkie.cli;

import io.selkie.abi.BitField;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/** Sets of sector numbers as the command line writes them: {@code 20-25,30}, ends included. */
final class NumberRanges {

  private NumberRanges() {}

  /**
   * The set that {@code text} writes.
   *
   * @throws CommandFailed if it is not a list of numbers and ranges
   */
  static BitField parse(String text) throws CommandFailed {
    try {
      return BitField.ofText(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The numbers of a set, ascending.
   *
   * @throws CommandFailed if there are more than {@code limit}
   */
  static List<Long> numbers(BitField set, long limit) throws CommandFailed {
    long count = 0;
    for (BitField.Run run : set.runs()) {
      count = Math.addExact(count, run.size());
    }
    if (count > limit) {
      throw new CommandFailed(count + " sectors are named; " + limit + " can be at once");
    }
    return set.runs().stream()
        .flatMap(run -> LongStream.range(run.from(), run.to()).boxed())
        .toList();
  }

  /** The text of a set; {@code 0} for the empty one, as the reference prints it. */
  static String text(BitField numbers) {
    List<BitField.Run> runs = numbers.runs();
    if (runs.isEmpty()) {
      return "0";
    }
    return runs.stream()
        .map(run -> run.size() == 1 ? "" + run.from() : run.from() + "-" + (run.to() - 1))
        .collect(Collectors.joining(","));
  }

  /** The set that an array of run lengths on the wire means. */
  static BitField ofJson(JsonNode runLengths) {
    return BitField.ofRunLengths(runLengths.valueStream().mapToLong(JsonNode::longValue).toArray());
  }
}
