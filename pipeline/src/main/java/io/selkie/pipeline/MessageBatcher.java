package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.Blake2b;
import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.OutMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers sectors into messages. What waits here is only a view of sectors that stand in the
 * batch's state: after a crash they come again by themselves. A message is recorded, with a key of
 * its own, before it is pushed, and forgotten only when every sector in it knows of it; until then
 * the same message is pushed again under the same key, so it is sent once.
 *
 * @param <T> what the message says of one sector
 */
final class MessageBatcher<T> {

  private static final Logger LOG = LoggerFactory.getLogger(MessageBatcher.class);

  /** A sector whose message is being sent looks again after this long, if it hears nothing. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /**
   * A sector that wants to go.
   *
   * @param moves which of its stays; an answer to an earlier one is not for it
   * @param since since when it waits
   * @param cutoff when it is too late
   */
  record Member<T>(SectorId sector, long moves, T content, Instant since, Instant cutoff) {}

  /** What became of a message. */
  record Sent(List<SectorId> sectors, Optional<Cid> message, String error) {}

  /** What a batcher sends. */
  interface Kind<T> {
    /** For keys and the log. */
    String name();

    SealingConfig.Batch limits();

    /** The message for these sectors, which come in the order of their numbers. */
    OutMessage message(List<Member<T>> members);

    SectorEvent sent(Cid message);

    SectorEvent failed(String why);
  }

  /** The sectors, as far as a batch needs them. */
  interface Sectors {
    /** Brings an event to a sector, if it is still in that stay. */
    void deliver(SectorId sector, SectorEvent event, long moves);

    /** Whether the sector is in that stay at this moment; takes no lock. */
    boolean isIn(SectorId sector, long moves);
  }

  /** One sector's stay in a stored message. */
  record Stay(SectorId sector, long moves) {}

  /** A message that was perhaps pushed. */
  record Stored(
      @Wire("V") int version,
      String key,
      ActorId to,
      long method,
      OpaqueBytes params,
      TokenAmount value,
      List<Stay> stays) {}

  private final class Unsure {
    private final Stored stored;
    private final List<Member<T>> members;
    private final Set<Stay> waiting;
    private int failures;
    private Instant notBefore;
    private boolean busy;

    Unsure(Stored stored, List<Member<T>> members, Instant notBefore) {
      this.stored = stored;
      this.members = members;
      this.waiting = new HashSet<>(stored.stays());
      this.notBefore = notBefore;
    }
  }

  private final Kind<T> kind;
  private final PipelineParts parts;
  private final Sectors sectors;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<SectorId, Member<T>> queue = new TreeMap<>();
  private final Map<String, Unsure> unsure = new LinkedHashMap<>();

  MessageBatcher(Kind<T> kind, PipelineParts parts, Sectors sectors) {
    this.kind = kind;
    this.parts = parts;
    this.sectors = sectors;
  }

  /** Takes up the messages that were perhaps pushed before a crash. */
  void restore() throws IOException {
    for (Map.Entry<String, byte[]> entry : parts.journal().values(prefix()).entrySet()) {
      Stored stored =
          WireJson.read(new String(entry.getValue(), StandardCharsets.UTF_8), Stored.class);
      if (anybodyStays(stored)) {
        lock.lock();
        try {
          unsure.put(stored.key(), new Unsure(stored, List.of(), parts.clock().instant()));
        } finally {
          lock.unlock();
        }
      } else {
        parts.journal().putValue(entry.getKey(), Optional.empty());
      }
    }
  }

  /**
   * Queues a sector, or says that it is on its way; may be called any number of times.
   *
   * @return when to come again, if no event has come before
   */
  Instant offer(Member<T> member) {
    lock.lock();
    try {
      Instant now = parts.clock().instant();
      Optional<Unsure> onItsWay = find(member.sector(), member.moves());
      if (onItsWay.isPresent()) {
        Unsure sending = onItsWay.get();
        pushIfDue(sending);
        return latest(sending.notBefore, now.plus(LOOK_AGAIN));
      }
      if (!sectors.isIn(member.sector(), member.moves())) {
        // A handler that was overtaken: its sector has its message, or wants none any more.
        return now.plus(LOOK_AGAIN);
      }
      queue.put(member.sector(), member);
      Instant due = due();
      if (queue.size() >= kind.limits().max() || !due.isAfter(now)) {
        SealingServices.inBackground(parts.threads(), this::flush);
        return now.plus(LOOK_AGAIN);
      }
      return due;
    } finally {
      lock.unlock();
    }
  }

  /** Told of every event: a sector that went elsewhere no longer waits for its message here. */
  void moved(SectorId sector, long moves) {
    lock.lock();
    try {
      Member<T> queued = queue.get(sector);
      if (queued != null && queued.moves() != moves) {
        queue.remove(sector);
      }
      for (Unsure sending : List.copyOf(unsure.values())) {
        boolean was = sending.waiting.removeIf(s -> s.sector().equals(sector) && s.moves() < moves);
        if (was && sending.waiting.isEmpty()) {
          SealingServices.inBackground(parts.threads(), () -> forget(sending.stored));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The sectors that wait for a message or for its being taken, by miner and number. */
  List<SectorId> pending() {
    lock.lock();
    try {
      TreeSet<SectorId> all = new TreeSet<>(queue.keySet());
      unsure.values().forEach(u -> u.waiting.forEach(stay -> all.add(stay.sector())));
      return List.copyOf(all);
    } finally {
      lock.unlock();
    }
  }

  /** Sends all that wait, now. */
  List<Sent> flush() {
    List<Unsure> batches = new ArrayList<>();
    lock.lock();
    try {
      List<Member<T>> all = List.copyOf(queue.values());
      queue.clear();
      int max = Math.max(1, kind.limits().max());
      for (int from = 0; from < all.size(); from += max) {
        List<Member<T>> chunk = all.subList(from, Math.min(all.size(), from + max));
        batches.addAll(prepare(chunk));
      }
    } finally {
      lock.unlock();
    }
    return batches.stream().map(this::push).toList();
  }

  private List<Unsure> prepare(List<Member<T>> members) {
    OutMessage message = kind.message(members);
    int half = members.size() / 2;
    if (half > 0 && message.params().length > SealingLimits.MAX_PARAMS_BYTES) {
      List<Unsure> both = new ArrayList<>(prepare(members.subList(0, half)));
      both.addAll(prepare(members.subList(half, members.size())));
      return both;
    }
    List<Stay> stays = members.stream().map(m -> new Stay(m.sector(), m.moves())).toList();
    Stored stored =
        new Stored(
            RecordCodec.VERSION,
            key(message, stays),
            message.to(),
            message.method(),
            OpaqueBytes.of(message.params()),
            message.value(),
            stays);
    store(stored, Optional.of(WireJson.write(stored).getBytes(StandardCharsets.UTF_8)));
    Unsure sending = new Unsure(stored, List.copyOf(members), parts.clock().instant());
    sending.busy = true;
    unsure.put(stored.key(), sending);
    return List.of(sending);
  }

  private Sent push(Unsure sending) {
    Stored stored = sending.stored;
    List<SectorId> ids = stored.stays().stream().map(Stay::sector).toList();
    OutMessage message =
        new OutMessage(stored.to(), stored.method(), stored.params().bytes(), stored.value());
    try {
      Cid cid = parts.chain().push(message, stored.key());
      LOG.info("{} of {} sectors sent: {}", kind.name(), ids.size(), cid);
      tell(stored, kind.sent(cid));
      forget(stored);
      return new Sent(ids, Optional.of(cid), "");
    } catch (ChainFault e) {
      LOG.warn("{} of {} not taken: {}", kind.name(), ids, e.getMessage());
      notTaken(sending, e);
      return new Sent(ids, Optional.empty(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Not known to be sent, and not hopeless: the next look at it pushes it again.
      setIdle(sending);
      throw e;
    }
  }

  private void setIdle(Unsure sending) {
    lock.lock();
    try {
      sending.busy = false;
    } finally {
      lock.unlock();
    }
  }

  private void notTaken(Unsure sending, ChainFault fault) {
    int size = sending.members.size();
    if (fault.kind() == ChainFault.Kind.OUT_OF_GAS && size > 1) {
      // Refused before it was sent, so smaller messages cannot be second ones.
      List<Unsure> halves = new ArrayList<>();
      lock.lock();
      try {
        forget(sending.stored);
        halves.addAll(prepare(sending.members.subList(0, size / 2)));
        halves.addAll(prepare(sending.members.subList(size / 2, size)));
      } finally {
        lock.unlock();
      }
      halves.forEach(this::push);
      return;
    }
    RetryPolicy policy = parts.config().get().retry().push();
    boolean hopeless;
    lock.lock();
    try {
      sending.failures++;
      hopeless = sending.failures >= policy.budget() || fault.kind() == ChainFault.Kind.OUT_OF_GAS;
      sending.busy = hopeless;
      sending.notBefore = parts.clock().instant().plus(pause(policy, sending.failures));
    } finally {
      lock.unlock();
    }
    if (!hopeless) {
      // Not left to the sectors: their own timers may be set for the end of the batch's wait.
      parts.clock().at(sending.notBefore, () -> pushIfDue(sending));
      return;
    }
    tell(
        sending.stored,
        kind.failed(
            kind.name()
                + " was not taken in "
                + sending.failures
                + " tries: "
                + fault.getMessage()));
    forget(sending.stored);
  }

  private void pushIfDue(Unsure sending) {
    lock.lock();
    try {
      boolean due = !sending.notBefore.isAfter(parts.clock().instant());
      if (due && !sending.busy && unsure.containsKey(sending.stored.key())) {
        sending.busy = true;
        SealingServices.inBackground(parts.threads(), () -> push(sending));
      }
    } finally {
      lock.unlock();
    }
  }

  private Duration pause(RetryPolicy policy, int failures) {
    synchronized (parts.random()) {
      return policy.pause(failures, parts.random());
    }
  }

  private void tell(Stored stored, SectorEvent event) {
    for (Stay stay : stored.stays()) {
      sectors.deliver(stay.sector(), event, stay.moves());
    }
  }

  private void forget(Stored stored) {
    lock.lock();
    try {
      unsure.remove(stored.key());
    } finally {
      lock.unlock();
    }
    store(stored, Optional.empty());
  }

  private void store(Stored stored, Optional<byte[]> value) {
    try {
      parts.journal().putValue(prefix() + stored.key(), value);
    } catch (IOException e) {
      throw new JournalFailure(e);
    }
  }

  private boolean anybodyStays(Stored stored) throws IOException {
    for (Stay stay : stored.stays()) {
      Optional<SectorJournal.Snapshot> row = parts.journal().load(stay.sector());
      if (row.isPresent() && stays(row.get(), stay)) {
        return true;
      }
    }
    return false;
  }

  private static boolean stays(SectorJournal.Snapshot row, Stay stay) {
    try {
      return RecordCodec.decode(row).moves() == stay.moves();
    } catch (UndecodableRecord e) {
      // It may: the same message under the same key does no harm, one that is missing does.
      LOG.warn("{} may be in a batch: {}", stay.sector(), e.getMessage());
      return true;
    }
  }

  private Optional<Unsure> find(SectorId sector, long moves) {
    Stay wanted = new Stay(sector, moves);
    return unsure.values().stream().filter(u -> u.waiting.contains(wanted)).findFirst();
  }

  private Instant due() {
    SealingConfig.Batch limits = kind.limits();
    Instant due = Instant.MAX;
    for (Member<T> member : queue.values()) {
      due = earliest(due, member.since().plus(limits.longestWait()));
      due = earliest(due, member.cutoff().minus(limits.slack()));
    }
    return due;
  }

  private String prefix() {
    return "batch/" + kind.name() + "/" + parts.miner() + "/";
  }

  /** Names the message and the stays it is for: the same sectors again are another message. */
  private String key(OutMessage message, List<Stay> stays) {
    byte[] digest =
        Blake2b.digest256(message.params(), WireJson.write(stays).getBytes(StandardCharsets.UTF_8));
    return kind.name() + "-" + parts.miner() + "-" + HexFormat.of().formatHex(digest);
  }

  private static Instant earliest(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
