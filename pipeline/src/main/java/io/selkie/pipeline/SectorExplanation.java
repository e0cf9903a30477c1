package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.pipeline.SectorJournal.Timer;
import io.selkie.pipeline.SectorOutlook.Next;
import io.selkie.pipeline.SectorRisks.OnChain;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Why a sector is where it is, since when, what was tried, what wakes it and where that leads, and
 * what is at risk; made of its record, its entries, the chain and the table that the pipeline runs
 * on.
 *
 * @param state its state's name
 * @param since when it came there
 * @param came how it came there; empty if no entry says
 * @param now what it does at the moment, or why it does nothing
 * @param wakes what wakes it, if it waits
 * @param tried what went wrong and what was tried again, the latest last
 * @param outlook where it can go from here
 * @param risks what must happen before which epoch, the earliest first
 * @param head the chain's height; empty if it does not answer
 * @param chainTrouble why the chain did not answer; empty if it did
 */
public record SectorExplanation(
    String state,
    Instant since,
    Optional<Came> came,
    String now,
    Optional<Wake> wakes,
    List<Tried> tried,
    SectorOutlook outlook,
    List<Risk> risks,
    Optional<ChainEpoch> head,
    String chainTrouble) {

  /**
   * How a sector came to its state.
   *
   * @param from the state before
   * @param event the event that led here
   * @param words the same as words
   * @param reason what the event says went wrong; empty if nothing
   * @param at when
   * @param sequence the entry of its log
   */
  public record Came(
      String from, String event, String words, String reason, Instant at, long sequence) {}

  /**
   * What wakes a sector.
   *
   * @param at when, at the latest
   * @param epoch the epoch that wakes it before, if one does
   * @param epochAt when the chain is there, as far as that can be told
   * @param reason what it waits for
   * @param then what follows, as far as that is settled; its handler decides otherwise
   */
  public record Wake(
      Instant at,
      Optional<ChainEpoch> epoch,
      Optional<Instant> epochAt,
      String reason,
      List<Next> then) {}

  /**
   * Something that went wrong, or the way back from there, however often it happened.
   *
   * @param state where
   * @param event what happened; empty if it only said why it stands still
   * @param words the same as words
   * @param to where that led, the last time
   * @param times how often
   * @param first the first time
   * @param last the last time
   * @param reason why, the last time
   */
  public record Tried(
      String state,
      String event,
      String words,
      String to,
      long times,
      Instant first,
      Instant last,
      String reason) {}

  private static final Pattern NO_WORD = Pattern.compile("\\W+");

  /** Keeps unmodifiable copies. */
  public SectorExplanation {
    tried = List.copyOf(tried);
    risks = List.copyOf(risks);
  }

  /** The explanation of a sector as it is, and as the chain knows it at this moment. */
  static SectorExplanation of(SectorStatus status, PipelineParts parts) throws IOException {
    SectorRecord sector = status.record();
    SectorPast past = SectorPast.of(parts.journal(), sector.sector(), status.log());
    Optional<OnChain> seen = Optional.empty();
    String trouble = "";
    try {
      seen = Optional.of(OnChain.of(parts.chain(), parts.miner(), sector.sector().number()));
    } catch (ChainFault fault) {
      trouble = String.valueOf(fault.getMessage());
    }
    Instant now = parts.clock().instant();
    Optional<Clockwork> times =
        seen.map(each -> new Clockwork(each.head(), now, parts.chain().timing().blockDelayMs()));
    SectorOutlook outlook = SectorOutlook.of(sector);
    return new SectorExplanation(
        sector.state(),
        Instant.ofEpochMilli(sector.enteredAtMs()),
        past.came(),
        doing(status),
        status.running()
            ? Optional.empty()
            : status.timer().map(timer -> wake(timer, times, outlook)),
        past.tried(),
        outlook,
        SectorRisks.of(sector, seen, parts.chain().timing()).stream()
            .map(risk -> times.map(each -> each.timed(risk)).orElse(risk))
            .toList(),
        seen.map(OnChain::head),
        trouble);
  }

  /** What time it is at an epoch, by the head and the block delay. */
  private record Clockwork(ChainEpoch head, Instant now, long blockDelayMs) {

    Instant at(ChainEpoch epoch) {
      return now.plus(Duration.ofMillis(blockDelayMs).multipliedBy(epoch.value() - head.value()));
    }

    Risk timed(Risk risk) {
      return new Risk(
          risk.danger(), risk.epoch(), Optional.of(at(risk.epoch())), head.isAfter(risk.epoch()));
    }
  }

  private static Wake wake(Timer timer, Optional<Clockwork> times, SectorOutlook outlook) {
    Set<String> named = NO_WORD.splitAsStream(timer.reason()).collect(Collectors.toSet());
    return new Wake(
        timer.at(),
        timer.epoch(),
        timer.epoch().flatMap(epoch -> times.map(each -> each.at(epoch))),
        timer.reason(),
        List.of(outlook.next(), outlook.always()).stream()
            .flatMap(List::stream)
            .filter(each -> named.contains(each.event()))
            .toList());
  }

  private static String doing(SectorStatus status) {
    String error = status.record().lastError();
    if (status.running()) {
      return "its handler is at work";
    }
    if (!error.isEmpty() && status.timer().isEmpty()) {
      return "stands still: "
          + error
          + "; when that is mended, restart it (sectors restart) or force a state (sectors"
          + " update-state)";
    }
    String waits = status.timer().map(Timer::reason).orElse("rests");
    return error.isEmpty() ? waits : waits + "; " + error;
  }
}
