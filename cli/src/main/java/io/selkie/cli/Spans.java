package io.selkie.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spans of time as the command line writes them: {@code 90s}, {@code 30m}, {@code 36h}, {@code 5d}.
 */
final class Spans {

  private static final Pattern SPAN = Pattern.compile("([0-9]{1,9})([smhd])");

  private Spans() {}

  /** The span that {@code text} writes; empty if it writes none. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = SPAN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }
}
