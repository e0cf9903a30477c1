package io.selkie.pipeline;

import io.selkie.abi.Blake2b;
import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.Outbox.InFlight;
import io.selkie.pipeline.Outbox.Member;
import io.selkie.pipeline.Outbox.Sending;
import io.selkie.pipeline.Outbox.Stay;
import io.selkie.pipeline.Outbox.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers sectors into messages. What waits here is only a view of sectors that stand in the
 * batch's state: after a crash they come again by themselves.
 *
 * <p>A message is recorded, with a key of its own, before it is pushed. From then on its sectors
 * are in no other message of this kind until it is known what became of this one: it is pushed
 * again under the same key, or the chain is asked for the key. It is forgotten when every sector in
 * it knows of it, or has come to rest, or when the chain has never seen it.
 *
 * @param <T> what the message says of one sector
 */
final class MessageBatcher<T> {

  private static final Logger LOG = LoggerFactory.getLogger(MessageBatcher.class);

  /** A sector whose message is being sent looks again after this long, if it hears nothing. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** What became of a message. */
  record Sent(List<SectorId> sectors, Optional<Cid> message, String error) {}

  /** The sectors, as far as a batch needs them. */
  interface Sectors {
    /**
     * Brings an event to a sector, if it is still in that stay.
     *
     * @return whether the sector went on with it
     */
    boolean deliver(SectorId sector, SectorEvent event, long moves);

    /**
     * Whether anything may be done.
     *
     * @throws JournalFailure if nothing can be recorded any more
     */
    void checkOpen();

    /** Whether the sector is in that stay at this moment; takes no lock. */
    boolean isIn(SectorId sector, long moves);
  }

  private final MessageKind<T> kind;
  private final PipelineParts parts;
  private final Sectors sectors;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<SectorId, Member<T>> queue = new TreeMap<>();
  private final Outbox<T> outbox;

  MessageBatcher(MessageKind<T> kind, PipelineParts parts, Sectors sectors) {
    this.kind = kind;
    this.parts = parts;
    this.sectors = sectors;
    this.outbox = new Outbox<>(parts.journal(), "batch/" + kind.name() + "/" + parts.miner() + "/");
  }

  /** Takes up the messages that were perhaps pushed before a crash. */
  void restore() throws IOException {
    lock.lock();
    try {
      outbox.restore(parts.clock().instant(), kind::isDone);
    } finally {
      lock.unlock();
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
      Optional<Sending<T>> onItsWay = outbox.find(member.sector());
      if (onItsWay.isPresent()) {
        Sending<T> sending = onItsWay.get();
        follow(sending, member);
        return latest(sending.notBefore, now.plus(LOOK_AGAIN));
      }
      if (!sectors.isIn(member.sector(), member.moves())) {
        // A handler that was overtaken: its sector has its message, or wants none any more.
        return now.plus(LOOK_AGAIN);
      }
      queue.put(member.sector(), member);
      Instant due = due();
      if (queue.size() < kind.least() && due.isAfter(now.minus(kind.limits().longestWait()))) {
        // Too few of them: not sent before a wait has passed twice, or somebody flushes.
        return latest(due, now.plus(LOOK_AGAIN));
      }
      if (queue.size() >= kind.limits().max() || !due.isAfter(now)) {
        inBackground(this::flush);
        return now.plus(LOOK_AGAIN);
      }
      return due;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is for somebody as things are; takes no lock of a sector. */
  private boolean isWanted(Sending<T> sending) {
    return sending.unaware.stream().anyMatch(stay -> sectors.isIn(stay.sector(), stay.moves()));
  }

  /** A sector of this message has come again, perhaps in a later stay. */
  private void follow(Sending<T> sending, Member<T> member) {
    Cid cid = sending.cid;
    if (cid != null) {
      inBackground(() -> tell(sending, cid, List.of(new Stay(member.sector(), member.moves()))));
    } else {
      settle(sending);
    }
  }

  /** Finds out what became of it: by another push if it is wanted, or by a question. */
  private void settle(Sending<T> sending) {
    if (isWanted(sending)) {
      pushIfDue(sending);
    } else if (sending.cid == null && !sending.busy && isDue(sending)) {
      sending.busy = true;
      inBackground(() -> lookUp(sending));
    }
  }

  /** Takes a sector back that waits and was not sent yet. */
  void withdraw(SectorId sector) {
    lock.lock();
    try {
      queue.remove(sector);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The message that says something of this sector and that it does not know of: it was perhaps
   * sent, or will be. Asking sets about finding out.
   */
  Optional<InFlight> inFlight(SectorId sector) {
    lock.lock();
    try {
      Optional<Sending<T>> found = outbox.find(sector).filter(sending -> !sending.refused);
      found.ifPresent(this::settle);
      return found.map(sending -> new InFlight(Optional.ofNullable(sending.cid)));
    } finally {
      lock.unlock();
    }
  }

  /** Told of every event: a sector that went elsewhere no longer waits for its message here. */
  void moved(SectorRecord after) {
    SectorId sector = after.sector();
    boolean done = after.knownState().map(kind::isDone).orElse(false);
    lock.lock();
    try {
      Member<T> queued = queue.get(sector);
      if (queued != null && queued.moves() != after.moves()) {
        queue.remove(sector);
      }
      for (Sending<T> sending : done ? outbox.all() : List.<Sending<T>>of()) {
        boolean was = sending.unaware.removeIf(stay -> stay.sector().equals(sector));
        if (was && sending.unaware.isEmpty() && !sending.busy) {
          inBackground(() -> heard(sending, List.of()));
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
      for (Sending<T> sending : outbox.all()) {
        sending.unaware.stream()
            .filter(stay -> sectors.isIn(stay.sector(), stay.moves()))
            .forEach(stay -> all.add(stay.sector()));
      }
      return List.copyOf(all);
    } finally {
      lock.unlock();
    }
  }

  /** Sends all that wait, now. */
  List<Sent> flush() {
    List<Sending<T>> batches = new ArrayList<>();
    lock.lock();
    try {
      List<Member<T>> all = List.copyOf(queue.values());
      queue.clear();
      int max = Math.max(1, kind.limits().max());
      for (int from = 0; from < all.size(); from += max) {
        batches.addAll(prepare(all.subList(from, Math.min(all.size(), from + max))));
      }
    } finally {
      lock.unlock();
    }
    return batches.stream().map(this::push).toList();
  }

  private List<Sending<T>> prepare(List<Member<T>> members) {
    OutMessage message = kind.message(members);
    if (members.size() > 1 && message.params().length > SealingLimits.MAX_PARAMS_BYTES) {
      return prepareHalves(members);
    }
    List<Stay> stays = members.stream().map(m -> new Stay(m.sector(), m.moves())).toList();
    Stored stored = Stored.of(key(message, stays), message, stays);
    return List.of(outbox.add(stored, members, parts.clock().instant()));
  }

  private List<Sending<T>> prepareHalves(List<Member<T>> members) {
    int half = members.size() / 2;
    List<Sending<T>> both = new ArrayList<>(prepare(members.subList(0, half)));
    both.addAll(prepare(members.subList(half, members.size())));
    return both;
  }

  /** Pushes a message that its caller has marked as busy. */
  private Sent push(Sending<T> sending) {
    Stored stored = sending.stored;
    sectors.checkOpen();
    if (!begin(sending)) {
      return regroup(sending);
    }
    try {
      Cid cid = parts.chain().push(stored.message(), stored.key());
      LOG.info("{} of {} sectors sent: {}", kind.name(), stored.stays().size(), cid);
      taken(sending, cid);
      return new Sent(sending.stored.sectors(), Optional.of(cid), "");
    } catch (ChainFault e) {
      LOG.warn("{} of {} not taken: {}", kind.name(), sending.stored.sectors(), e.getMessage());
      return notTaken(sending, e);
    } catch (RuntimeException e) {
      // Not known to be sent, and not hopeless: the next look at it pushes it again.
      setIdle(sending);
      throw e;
    }
  }

  /** Some have gone on before the message was pushed: another one is made without them. */
  private Sent regroup(Sending<T> sending) {
    List<Sending<T>> rest;
    lock.lock();
    try {
      outbox.forget(sending);
      List<Member<T>> staying = staying(sending);
      rest = staying.isEmpty() ? List.of() : prepare(staying);
    } finally {
      lock.unlock();
    }
    return rest.stream()
        .map(this::push)
        .reduce((_, last) -> last)
        .orElse(new Sent(sending.stored.sectors(), Optional.empty(), "its sectors have gone on"));
  }

  private List<Member<T>> staying(Sending<T> sending) {
    return sending.members.stream().filter(m -> sectors.isIn(m.sector(), m.moves())).toList();
  }

  /** False if it was never pushed and is not for all its sectors any more. */
  private boolean begin(Sending<T> sending) {
    lock.lock();
    try {
      boolean first = !sending.tried;
      sending.tried = true;
      return !first || staying(sending).size() == sending.members.size();
    } finally {
      lock.unlock();
    }
  }

  private void setIdle(Sending<T> sending) {
    lock.lock();
    try {
      sending.busy = false;
    } finally {
      lock.unlock();
    }
  }

  /** The chain has it: every sector in it hears of it, now or when it comes again. */
  private void taken(Sending<T> sending, Cid cid) {
    List<Stay> stays;
    lock.lock();
    try {
      sending.cid = cid;
      stays = List.copyOf(sending.unaware);
    } finally {
      lock.unlock();
    }
    tell(sending, cid, stays);
    setIdle(sending);
  }

  private void tell(Sending<T> sending, Cid cid, List<Stay> stays) {
    List<SectorId> heard =
        stays.stream()
            .filter(stay -> sectors.deliver(stay.sector(), kind.sent(cid), stay.moves()))
            .map(Stay::sector)
            .toList();
    heard(sending, heard);
  }

  private void heard(Sending<T> sending, List<SectorId> who) {
    lock.lock();
    try {
      outbox.heard(sending, who);
    } finally {
      lock.unlock();
    }
  }

  private Sent notTaken(Sending<T> sending, ChainFault fault) {
    Sent unsent =
        new Sent(sending.stored.sectors(), Optional.empty(), String.valueOf(fault.getMessage()));
    if (fault.kind() == ChainFault.Kind.OUT_OF_GAS) {
      refused(sending, String.valueOf(fault.getMessage()));
      return unsent;
    }
    RetryPolicy policy = parts.config().get().retry().push();
    boolean hopeless;
    lock.lock();
    try {
      sending.failures++;
      sending.notBefore = parts.clock().instant().plus(pause(policy, sending.failures));
      hopeless = sending.failures >= policy.budget();
      sending.busy = hopeless;
    } finally {
      lock.unlock();
    }
    // Not left to the sectors: their own timers may be set for the end of the batch's wait.
    parts.clock().at(sending.notBefore, () -> pushIfDue(sending));
    if (hopeless) {
      lookUp(sending);
    }
    return unsent;
  }

  /** Asks whether the message was ever taken; its caller has marked it as busy. */
  private void lookUp(Sending<T> sending) {
    sectors.checkOpen();
    try {
      Optional<Cid> found = parts.chain().pushed(sending.stored.key());
      if (found.isPresent()) {
        taken(sending, found.get());
      } else {
        refused(sending, "it was not taken in " + sending.failures + " tries");
      }
    } catch (ChainFault e) {
      LOG.warn(
          "{} of {}: not known whether it was taken: {}",
          kind.name(),
          sending.stored.sectors(),
          e.getMessage());
      setIdle(sending);
    } catch (RuntimeException e) {
      setIdle(sending);
      throw e;
    }
  }

  /**
   * The chain never saw it, so other messages cannot be second ones: two of half the sectors, that
   * one bad member may not keep the others, or for a single sector the end of its stay.
   */
  private void refused(Sending<T> sending, String why) {
    if (sending.stored.stays().size() == 1) {
      giveUp(sending, why);
      return;
    }
    List<Sending<T>> halves;
    lock.lock();
    try {
      outbox.forget(sending);
      List<Member<T>> staying = staying(sending);
      halves =
          switch (staying.size()) {
            case 0 -> List.of();
            case 1 -> prepare(staying);
            default -> prepareHalves(staying);
          };
    } finally {
      lock.unlock();
    }
    halves.forEach(this::push);
  }

  /**
   * Told before the message is let go of: a sector that came again in between would be in a new
   * message, and then hear that the old one failed.
   */
  private void giveUp(Sending<T> sending, String why) {
    lock.lock();
    try {
      sending.refused = true;
    } finally {
      lock.unlock();
    }
    SectorEvent failed = kind.failed(kind.name() + " was not taken: " + why);
    try {
      sending.stored.stays().forEach(s -> sectors.deliver(s.sector(), failed, s.moves()));
    } finally {
      lock.lock();
      try {
        outbox.forget(sending);
      } finally {
        lock.unlock();
      }
    }
  }

  private void pushIfDue(Sending<T> sending) {
    lock.lock();
    try {
      boolean open = outbox.contains(sending) && sending.cid == null && !sending.busy;
      if (open && isDue(sending) && isWanted(sending)) {
        sending.busy = true;
        inBackground(() -> push(sending));
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue(Sending<T> sending) {
    return !sending.notBefore.isAfter(parts.clock().instant());
  }

  private Duration pause(RetryPolicy policy, int failures) {
    synchronized (parts.random()) {
      return policy.pause(failures, parts.random());
    }
  }

  private void inBackground(Runnable action) {
    SealingServices.inBackground(parts.threads(), action);
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
