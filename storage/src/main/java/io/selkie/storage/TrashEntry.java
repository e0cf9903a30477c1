package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file or directory in a storage path's trash.
 *
 * <p>Everything about it is in its name, {@code <UTC stamp>-<kind>-s-t0<miner>-<number>-<why>}: one
 * rename puts it there, whole, on a full disk too.
 *
 * @param removedAt when it was put there; whole milliseconds
 * @param type which of the sector's files it is
 * @param sector the sector
 * @param why who wanted it gone, such as {@code terminated}: lower-case words with hyphens
 */
public record TrashEntry(Instant removedAt, SectorFileType type, SectorId sector, String why)
    implements Comparable<TrashEntry> {

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT)
          .withZone(ZoneOffset.UTC);

  private static final Pattern WHY = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private static final Pattern NAME =
      Pattern.compile(
          "(\\d{8}T\\d{6}\\.\\d{3}Z)"
              + "-(unsealed|sealed|cache|update|update-cache|piece)"
              + "-(s-t0\\d+-\\d+)"
              + "-("
              + WHY.pattern()
              + ")");

  /**
   * @throws IllegalArgumentException if the reason is not made of lower-case words
   */
  public TrashEntry {
    if (!WHY.matcher(why).matches()) {
      throw new IllegalArgumentException("'" + why + "' is not made of lower-case words");
    }
    removedAt = Instant.ofEpochMilli(removedAt.toEpochMilli());
  }

  /** The name in the trash. */
  public String name() {
    return STAMP.format(removedAt)
        + "-"
        + type.directoryName()
        + "-"
        + sector.fileName()
        + "-"
        + why;
  }

  /** The entry of this name; empty if it is not one that we would write. */
  public static Optional<TrashEntry> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Optional<SectorFileType> type = SectorFileType.ofName(matcher.group(2));
    Optional<SectorId> sector = SectorFileName.parse(matcher.group(3));
    if (type.isEmpty() || sector.isEmpty()) {
      return Optional.empty();
    }
    try {
      Instant at = LocalDateTime.parse(matcher.group(1), STAMP).toInstant(ZoneOffset.UTC);
      return Optional.of(new TrashEntry(at, type.get(), sector.get(), matcher.group(4)));
    } catch (DateTimeException _) { // digits that are no date: no name of ours
      return Optional.empty();
    }
  }

  /** The one that was removed first comes first. */
  @Override
  public int compareTo(TrashEntry other) {
    int byTime = removedAt.compareTo(other.removedAt);
    return byTime != 0 ? byTime : name().compareTo(other.name());
  }
}
