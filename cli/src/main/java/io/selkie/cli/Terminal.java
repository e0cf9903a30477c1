package io.selkie.cli;

import java.io.BufferedReader;
import java.io.Reader;

/**
 * What stands at the other end of the commands' streams.
 *
 * @param output standard output is a terminal: texts may be coloured
 * @param error standard error is one: progress may be drawn there
 * @param keyboard standard input is one: somebody can answer at once
 * @param input where answers are read
 */
public record Terminal(boolean output, boolean error, boolean keyboard, BufferedReader input) {

  /** Files or pipes on all sides, and nothing to read. */
  public static Terminal none() {
    return new Terminal(false, false, false, new BufferedReader(Reader.nullReader()));
  }

  /**
   * A terminal where {@code streams} says so.
   *
   * @param streams those of {@code in}, {@code out} and {@code err} that are terminals, as the
   *     launcher lists them
   * @param input standard input
   */
  public static Terminal of(String streams, BufferedReader input) {
    return new Terminal(
        streams.contains("out"), streams.contains("err"), streams.contains("in"), input);
  }
}
