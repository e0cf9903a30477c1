package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.OutMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one kind that were recorded and not forgotten yet, on disk and in memory. Not
 * thread-safe: its batcher calls it under a lock.
 *
 * @param <T> what a message says of one sector
 */
final class Outbox<T> {

  /** One sector's stay in a stored message. */
  record Stay(SectorId sector, long moves) {}

  /**
   * A sector that wants to go.
   *
   * @param moves which of its stays; an answer to an earlier one is not for it
   * @param since since when it waits
   * @param cutoff when it is too late
   */
  record Member<T>(SectorId sector, long moves, T content, Instant since, Instant cutoff) {}

  /** A message that was perhaps pushed, and the stays that have not heard of it. */
  record Stored(
      @Wire("V") int version,
      String key,
      ActorId to,
      long method,
      OpaqueBytes params,
      TokenAmount value,
      List<Stay> stays) {

    static Stored of(String key, OutMessage message, List<Stay> stays) {
      return new Stored(
          WireJson.STORED_VERSION,
          key,
          message.to(),
          message.method(),
          OpaqueBytes.of(message.params()),
          message.value(),
          stays);
    }

    OutMessage message() {
      return new OutMessage(to, method, params.bytes(), value);
    }

    List<SectorId> sectors() {
      return stays.stream().map(Stay::sector).toList();
    }

    private Stored withStays(List<Stay> left) {
      return new Stored(version, key, to, method, params, value, left);
    }
  }

  /**
   * A message that a sector is in and has not heard of.
   *
   * @param message its name, if the chain is known to have it
   */
  record InFlight(Optional<Cid> message) {}

  /** A message on its way. */
  static final class Sending<T> {
    /** What is on disk of it. */
    final Stored stored;

    /** What it was made of; empty after a restart, when that is no longer known. */
    final List<Member<T>> members;

    /** Who has not heard of it yet. */
    final List<Stay> unaware;

    /** The chain's name for it, once the chain is known to have it. */
    @Nullable Cid cid;

    /** Whether it was perhaps pushed. */
    boolean tried;

    /** Whether somebody is at work on it. */
    boolean busy;

    /** Whether the chain is known not to have it, and its sector is being told. */
    boolean refused;

    /** How often in a row it was not taken. */
    int failures;

    /** No further try before. */
    Instant notBefore;

    private Sending(Stored stored, List<Member<T>> members, Instant notBefore) {
      this.stored = stored;
      this.members = members;
      this.unaware = new ArrayList<>(stored.stays());
      this.notBefore = notBefore;
      this.tried = members.isEmpty();
    }
  }

  private final SectorJournal journal;
  private final String prefix;
  private final Map<String, Sending<T>> sendings = new LinkedHashMap<>();

  /**
   * An outbox.
   *
   * @param prefix of its keys in the journal
   */
  Outbox(SectorJournal journal, String prefix) {
    this.journal = journal;
    this.prefix = prefix;
  }

  /** Takes up what was not forgotten, unless none of its sectors has any use for it. */
  void restore(Instant now, Predicate<SectorState> isDone) throws IOException {
    for (Map.Entry<String, byte[]> entry : journal.values(prefix).entrySet()) {
      Stored stored =
          WireJson.read(new String(entry.getValue(), StandardCharsets.UTF_8), Stored.class);
      if (anybodyWorks(stored, isDone)) {
        sendings.put(stored.key(), new Sending<>(stored, List.of(), now));
      } else {
        journal.putValue(entry.getKey(), Optional.empty());
      }
    }
  }

  private boolean anybodyWorks(Stored stored, Predicate<SectorState> isDone) throws IOException {
    for (Stay stay : stored.stays()) {
      Optional<SectorState> state =
          journal.load(stay.sector()).flatMap(snapshot -> SectorState.ofWireName(snapshot.state()));
      if (state.isPresent() && !isDone.test(state.get())) {
        return true;
      }
    }
    return false;
  }

  /** Records a message; it is busy until its caller says otherwise. */
  Sending<T> add(Stored stored, List<Member<T>> members, Instant now) {
    write(stored.key(), Optional.of(stored));
    Sending<T> sending = new Sending<>(stored, List.copyOf(members), now);
    sending.busy = true;
    sendings.put(stored.key(), sending);
    return sending;
  }

  List<Sending<T>> all() {
    return List.copyOf(sendings.values());
  }

  boolean contains(Sending<T> sending) {
    return sendings.get(sending.stored.key()) == sending;
  }

  /** The message that a sector has not heard of yet; of several, that of its latest stay. */
  Optional<Sending<T>> find(SectorId sector) {
    Sending<T> found = null;
    long latest = -1;
    for (Sending<T> sending : sendings.values()) {
      for (Stay stay : sending.unaware) {
        if (stay.sector().equals(sector) && stay.moves() > latest) {
          found = sending;
          latest = stay.moves();
        }
      }
    }
    return Optional.ofNullable(found);
  }

  /** These sectors know of it; it is forgotten when all do. */
  void heard(Sending<T> sending, List<SectorId> sectors) {
    boolean changed = sending.unaware.removeIf(stay -> sectors.contains(stay.sector()));
    if (sending.unaware.isEmpty()) {
      forget(sending);
    } else if (changed && contains(sending)) {
      write(
          sending.stored.key(),
          Optional.of(sending.stored.withStays(List.copyOf(sending.unaware))));
    }
  }

  void forget(Sending<T> sending) {
    if (sendings.remove(sending.stored.key(), sending)) {
      write(sending.stored.key(), Optional.empty());
    }
  }

  private void write(String key, Optional<Stored> stored) {
    try {
      journal.putValue(
          prefix + key,
          stored.map(value -> WireJson.write(value).getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new JournalFailure(e);
    }
  }
}
