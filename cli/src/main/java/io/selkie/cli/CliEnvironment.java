package io.selkie.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * What the commands know of the world outside; the program's entrance reads it.
 *
 * @param minerApiInfo the variable {@code MINER_API_INFO}, {@code TOKEN:MULTIADDRESS}
 * @param defaultRepo the directory looked into when neither the variable nor {@code --repo} is
 *     given
 * @param clock the time, and the zone that times are shown in
 * @param terminal what the streams are connected to
 */
public record CliEnvironment(
    Optional<String> minerApiInfo, Path defaultRepo, Clock clock, Terminal terminal) {

  /** An environment without a terminal. */
  public CliEnvironment(Optional<String> minerApiInfo, Path defaultRepo, Clock clock) {
    this(minerApiInfo, defaultRepo, clock, Terminal.none());
  }
}
