package io.selkie.cli;

import io.selkie.abi.BitField;
import io.selkie.abi.Cid;
import io.selkie.rpc.api.SectorQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which sectors are wanted; every option narrows them down. */
final class QueryOptions {

  /** As many as a batch may have. */
  private static final long NUMBERS_LIMIT = 100_000;

  @Option(
      names = "--state",
      paramLabel = "NAME",
      split = ",",
      description = "In one of these states.")
  List<String> states = new ArrayList<>();

  @Option(
      names = "--sectors",
      paramLabel = "RANGES",
      description = "With one of these numbers: 20-25,30.")
  @Nullable String sectors;

  @Option(names = "--deal", paramLabel = "ID", description = "That hold this deal.")
  @Nullable Long deal;

  @Option(names = "--piece", paramLabel = "CID", description = "That hold this piece.")
  @Nullable String piece;

  @Option(
      names = "--expires-from",
      paramLabel = "EPOCH",
      description = "That expire at this epoch or later.")
  @Nullable Long expiresFrom;

  @Option(
      names = "--expires-before",
      paramLabel = "EPOCH",
      description = "That expire before this epoch.")
  @Nullable Long expiresBefore;

  @Option(names = "--path", paramLabel = "ID", description = "With files on this storage path.")
  @Nullable String path;

  @Option(
      names = "--min-age",
      paramLabel = "AGE",
      description = "In their state for so long at least: 90s, 30m, 36h, 5d.")
  @Nullable String minAge;

  @Option(
      names = "--max-age",
      paramLabel = "AGE",
      description = "In their state for so long at most.")
  @Nullable String maxAge;

  @Option(
      names = "--last-error",
      paramLabel = "TEXT",
      description = "With this text in their last error; empty for any error.")
  @Nullable String lastError;

  /** The same as the API takes it. */
  SectorQuery query() throws CommandFailed {
    return query(BitField.EMPTY);
  }

  /** The same, with one of these numbers if there are any. */
  SectorQuery query(BitField further) throws CommandFailed {
    BitField named = sectors == null ? further : NumberRanges.parse(sectors).plus(further);
    return new SectorQuery(
        states,
        NumberRanges.numbers(named, NUMBERS_LIMIT),
        deal,
        piece == null ? null : cid(piece),
        expiresFrom,
        expiresBefore,
        path,
        age(minAge),
        age(maxAge),
        lastError);
  }

  /** One more condition, written {@code NAME=VALUE}. */
  void add(String condition) throws CommandFailed {
    int equals = condition.indexOf('=');
    String name = equals < 0 ? condition : condition.substring(0, equals);
    String value = equals < 0 ? "" : condition.substring(equals + 1);
    switch (name) {
      case "sectors" -> sectors = value;
      case "state" -> states = List.of(value.split(",", -1));
      case "deal" -> deal = whole(condition, value);
      case "piece" -> piece = value;
      case "path" -> path = value;
      case "expires-from" -> expiresFrom = whole(condition, value);
      case "expires-before" -> expiresBefore = whole(condition, value);
      default ->
          throw new CommandFailed(
              "'"
                  + condition
                  + "' is no condition; there are sectors=, state=, deal=, piece=, path=,"
                  + " expires-from= and expires-before=");
    }
  }

  private static long whole(String condition, String value) throws CommandFailed {
    if (!value.matches("[0-9]{1,18}")) {
      throw new CommandFailed("'" + condition + "' needs a whole number");
    }
    return Long.parseLong(value);
  }

  private static Cid cid(String text) throws CommandFailed {
    try {
      return Cid.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("--piece " + text + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable Duration age(@Nullable String text) throws CommandFailed {
    if (text == null) {
      return null;
    }
    return Spans.parse(text)
        .orElseThrow(
            () -> new CommandFailed("'" + text + "' is no age; write 90s, 30m, 36h or 5d"));
  }
}
