package io.selkie.pipeline;

import java.util.Locale;
import java.util.regex.Pattern;

/** An event's name as words: {@code SectorRetrySealPreCommit1} is "retry seal pre-commit 1". */
final class EventWords {

  private static final String PREFIX = "Sector";

  private static final Pattern BOUNDARY =
      Pattern.compile("(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})");

  private EventWords() {}

  static String of(String wireName) {
    String name = wireName.startsWith(PREFIX) ? wireName.substring(PREFIX.length()) : wireName;
    StringBuilder words = new StringBuilder();
    for (String word : BOUNDARY.splitAsStream(name).toList()) {
      boolean initials = word.length() > 1 && Character.isUpperCase(word.charAt(1));
      words.append(words.isEmpty() ? "" : " ");
      words.append(initials ? word : word.toLowerCase(Locale.ROOT));
    }
    return words.toString().replace("pre commit", "pre-commit");
  }
}
