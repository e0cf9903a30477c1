package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a sector's file, {@code s-t0<miner>-<number>}, read strictly: what this accepts is
 * exactly what {@link SectorId#fileName()} writes, so a name can neither leave its directory nor
 * mean two sectors.
 */
public final class SectorFileName {

  /** The sub-directory of a kind where unfinished files lie; scans pass over it. */
  static final String FETCHING = "fetching";

  private static final Pattern NAME =
      Pattern.compile("s-t0(0|[1-9][0-9]{0,18})-(0|[1-9][0-9]{0,18})");

  private SectorFileName() {}

  /** The sector whose files have this name; empty if the name is not one that we would write. */
  public static Optional<SectorId> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          SectorId.of(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
    } catch (NumberFormatException _) { // 19 digits can be over 63 bits; then it is no name of ours
      return Optional.empty();
    }
  }
}
