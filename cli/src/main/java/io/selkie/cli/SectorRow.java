package io.selkie.cli;

import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A sector as a row of {@code sectors list}.
 *
 * @param head the chain's height, if known
 * @param chain what is on chain, if known
 */
record SectorRow(Columns columns, OptionalLong head, Optional<ChainView> chain, Paint paint) {

  /** What was asked for beside the columns that are always there. */
  record Columns(boolean fast, boolean events, boolean initialPledge, boolean sealTime) {}

  static final List<String> NAMES =
      List.of(
          "ID",
          "State",
          "OnChain",
          "Active",
          "Expiration",
          "SealTime",
          "Events",
          "Deals",
          "DealWeight",
          "VerifiedPower",
          "Pledge");

  /** Quality multiplier of verified space (FIP-0003's ten, less the one of raw power). */
  private static final BigInteger VERIFIED_GAIN = BigInteger.valueOf(9);

  private static final Duration QUICK_SEALING = Duration.ofHours(12);
  private static final Duration SLOW_SEALING = Duration.ofHours(24);

  private static final int FEW_EVENTS = 12;
  private static final int MANY_EVENTS = 20;

  private static final Set<String> UPGRADE_STATES =
      Set.of(
          "SnapDealsWaitDeals",
          "SnapDealsAddPiece",
          "SnapDealsPacking",
          "UpdateReplica",
          "ProveReplicaUpdate",
          "SubmitReplicaUpdate",
          "WaitMutable",
          "SnapDealsAddPieceFailed",
          "SnapDealsDealsExpired",
          "SnapDealsRecoverDealIDs",
          "AbortUpgrade",
          "ReplicaUpdateFailed",
          "ReleaseSectorKeyFailed",
          "FinalizeReplicaUpdateFailed");

  /**
   * The columns that a row may fill, with widths that most cells fit in.
   *
   * @param lastNumber the largest number listed
   * @param stateWidth the longest state listed
   */
  Map<String, Integer> expectedWidths(long lastNumber, int stateWidth) {
    Map<String, Integer> widths = new LinkedHashMap<>();
    widths.put("ID", Long.toUnsignedString(lastNumber).length());
    widths.put("State", stateWidth);
    if (chain.isPresent() || !columns.fast()) {
      widths.put("OnChain", "OnChain".length());
    }
    if (chain.isPresent()) {
      widths.put("Active", "Active".length());
    }
    if (columns.sealTime()) {
      widths.put("SealTime", "100h59m59s".length());
    }
    if (columns.events()) {
      widths.put("Events", "Events".length());
    }
    widths.put("Deals", "Deals".length());
    if (!columns.fast()) {
      widths.put("Expiration", "1234567 (in 10 months 4 weeks)".length());
      widths.put("DealWeight", "[31.75GiB]".length());
      widths.put("VerifiedPower", "VerifiedPower".length());
      if (columns.initialPledge()) {
        widths.put("Pledge", "123.456 mFIL".length());
      }
    }
    return widths;
  }

  Map<String, String> cells(JsonNode status) {
    Map<String, String> row = new LinkedHashMap<>();
    String state = text(status, "State");
    row.put("ID", status.path("SectorID").asString());
    row.put("State", paint.in(StateNames.colour(state), state));
    row.put("Deals", deals(status));
    if (columns.sealTime()) {
      row.put("SealTime", sealTime(status).map(this::sealTime).orElse(""));
    }
    if (columns.events()) {
      row.put("Events", events(status));
    }
    if (chain.isPresent() || !columns.fast()) {
      row.put("OnChain", paint.yesNo(onChain(status)));
    }
    chain.ifPresent(view -> row.put("Active", paint.yesNo(isIn(view.active(), status))));
    if (!columns.fast()) {
      row.put("Expiration", onChain(status) ? Format.epoch(expiration(status), head) : "n/a");
      if (marketDeals(status) > 0) {
        weights(status, row);
      }
      if (columns.initialPledge() && onChain(status)) {
        row.put("Pledge", Format.shortFil(text(status, "InitialPledge")));
      }
    }
    return row;
  }

  List<String> linesBelow(JsonNode status) {
    long early = status.path("Early").asLong(0);
    return early > 0 && !columns.fast() && onChain(status)
        ? List.of("  RecoveryTimeout: " + paint.yellow(Format.epoch(early, head)))
        : List.of();
  }

  /** One shape for all lists: what the chain knows is missing with {@code --fast}. */
  ObjectNode json(JsonNode status, ObjectNode row) {
    row.set("ID", status.path("SectorID"));
    row.put("State", text(status, "State"));
    if (chain.isPresent() || !columns.fast()) {
      row.put("OnChain", onChain(status));
    }
    chain.ifPresent(view -> row.put("Active", isIn(view.active(), status)));
    if (!columns.fast()) {
      row.put("Expiration", onChain(status) ? expiration(status) : 0);
      row.set("RecoveryTimeout", status.path("Early"));
      row.put("InitialPledge", text(status, "InitialPledge"));
      row.put("DealWeight", text(status, "DealWeight"));
      row.put("VerifiedDealWeight", text(status, "VerifiedDealWeight"));
    }
    row.put("Events", eventCount(status));
    sealTime(status)
        .ifPresentOrElse(
            time -> row.put("SealSeconds", time.toSeconds()), () -> row.putNull("SealSeconds"));
    ArrayNode deals = row.putArray("DealIDs");
    status
        .path("Deals")
        .valueStream()
        .filter(deal -> deal.asLong(0) != 0)
        .forEach(deal -> deals.add(deal.asLong()));
    row.put("DirectPieces", directPieces(status));
    row.put("LastErr", text(status, "LastErr"));
    return row;
  }

  static String text(JsonNode status, String member) {
    return status.path(member).asString("");
  }

  private boolean onChain(JsonNode status) {
    return chain
        .map(view -> isIn(view.live(), status))
        .orElseGet(() -> status.path("Expiration").asLong(0) > 0);
  }

  private static boolean isIn(io.selkie.abi.BitField numbers, JsonNode status) {
    long number = status.path("SectorID").longValue();
    return number >= 0 && numbers.contains(number);
  }

  private static long expiration(JsonNode status) {
    long expiration = status.path("Expiration").asLong(0);
    long onTime = status.path("OnTime").asLong(0);
    return onTime > 0 && onTime < expiration ? onTime : expiration;
  }

  private static long marketDeals(JsonNode status) {
    return status.path("Deals").valueStream().filter(deal -> deal.asLong(0) != 0).count();
  }

  private static long directPieces(JsonNode status) {
    return status
        .path("Pieces")
        .valueStream()
        .filter(piece -> piece.path("DealInfo").path("PieceActivationManifest").isObject())
        .count();
  }

  private String deals(JsonNode status) {
    long market = marketDeals(status);
    if (market > 0) {
      return paint.green(Long.toString(market));
    }
    long direct = directPieces(status);
    return direct > 0 ? paint.green("DDO:" + direct) : paint.blue("CC");
  }

  private String events(JsonNode status) {
    long count = eventCount(status);
    long pieces = status.path("Deals").size();
    String text = Long.toString(count);
    if (count < FEW_EVENTS + pieces) {
      return paint.green(text);
    }
    return count < MANY_EVENTS + pieces ? paint.yellow(text) : paint.red(text);
  }

  private static long eventCount(JsonNode status) {
    return status
        .path("Log")
        .valueStream()
        .map(line -> text(line, "Kind"))
        .filter(kind -> kind.startsWith("event") && !kind.equals("event;sealing.SectorRestart"))
        .count();
  }

  private String sealTime(Duration time) {
    String text = Format.goDuration(time);
    if (time.compareTo(QUICK_SEALING) < 0) {
      return paint.green(text);
    }
    return time.compareTo(SLOW_SEALING) < 0 ? paint.yellow(text) : paint.red(text);
  }

  /** From the first line of the log to the first that says the sector is proving. */
  private static Optional<Duration> sealTime(JsonNode status) {
    JsonNode log = status.path("Log");
    return log.valueStream()
        .filter(line -> text(line, "Kind").equals("event;sealing.SectorProving"))
        .findFirst()
        .map(end -> end.path("Timestamp").asLong(0) - log.path(0).path("Timestamp").asLong(0))
        .map(Duration::ofSeconds);
  }

  /** From the chain's weights or, in brackets, from the pieces where the chain has none yet. */
  private void weights(JsonNode status, Map<String, String> row) {
    long life = status.path("Expiration").asLong(0) - status.path("Activation").asLong(0);
    boolean estimated = life <= 0 || UPGRADE_STATES.contains(text(status, "State"));
    BigInteger weight = BigInteger.ZERO;
    BigInteger verified = BigInteger.ZERO;
    if (estimated) {
      for (JsonNode piece : status.path("Pieces")) {
        if (piece.path("DealInfo").isObject()) {
          BigInteger size = BigInteger.valueOf(piece.path("Piece").path("Size").asLong(0));
          weight = weight.add(size);
          if (piece.path("DealInfo").path("DealProposal").path("VerifiedDeal").asBoolean(false)) {
            verified = verified.add(size);
          }
        }
      }
    } else {
      BigInteger epochs = BigInteger.valueOf(life);
      BigInteger verifiedWeight = new BigInteger(text(status, "VerifiedDealWeight"));
      verified = verifiedWeight.divide(epochs);
      weight = new BigInteger(text(status, "DealWeight")).add(verifiedWeight).divide(epochs);
    }
    BigInteger power = verified.multiply(VERIFIED_GAIN);
    row.put("DealWeight", bracketed(Format.compactSize(weight), estimated));
    if (power.signum() > 0) {
      row.put("VerifiedPower", bracketed(paint.green(Format.compactSize(power)), estimated));
    }
  }

  private static String bracketed(String text, boolean estimated) {
    return estimated ? "[" + text + "]" : text;
  }
}
