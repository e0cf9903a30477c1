package io.selkie.chain;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.DealId;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.ChainState.Account;
import io.selkie.chain.ChainState.Miner;
import io.selkie.chain.ChainState.StoredMessage;
import io.selkie.pipeline.ChainNode.OutMessage;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where messages wait for a block; what is refused here never becomes a message. */
final class MessagePool {

  /** The longest parameters of a message: a vanilla proof of a large sector takes megabytes. */
  static final int MAX_PARAMS_BYTES = 64 << 20;

  /** The most messages that wait for a block. */
  static final int MAX_PENDING = 10_000;

  /** The longest idempotency key, characters: room for a batch's name, not for its content. */
  static final int MAX_KEY = 512;

  private MessagePool() {}

  /** The message that was pushed under this key. */
  static Optional<Cid> messageOfKey(ChainState state, String key) throws SQLException {
    Refusal.unless(
        !key.isEmpty() && key.length() <= MAX_KEY,
        "idempotency key of " + key.length() + " characters, 1 to " + MAX_KEY + " are allowed");
    return state.messageOfKey(key);
  }

  /** Takes a message under a key that is new. */
  static Cid push(ChainState state, Miner miner, OutMessage message, String key)
      throws SQLException {
    int size = message.params().length;
    Refusal.unless(
        size <= MAX_PARAMS_BYTES, "parameters of " + size + " bytes, at most " + MAX_PARAMS_BYTES);
    Refusal.unless(message.method() >= 0, "method " + message.method());
    Refusal.unless(message.value().compareTo(TokenAmount.ZERO) >= 0, "value " + message.value());
    Refusal.unless(
        state.pendingCount() < MAX_PENDING, MAX_PENDING + " messages wait for a block already");
    return add(
        state,
        miner,
        Address.ofId(miner.id()),
        message.value(),
        message.method(),
        message.params(),
        key);
  }

  /** Publishes a deal as the provider's worker would; it is executed at the head at once. */
  static PublishedDeal publish(ChainState state, Miner provider, DealProposal deal)
      throws SQLException {
    long head = state.head().height();
    check(deal, provider, head);
    DealId id = state.addDeal(deal);
    Cid message =
        add(
            state,
            provider,
            MarketActor.ADDRESS,
            TokenAmount.ZERO,
            MarketActor.PUBLISH,
            encode(deal, id),
            null);
    byte[] returned = new DagCborWriter().array(1).integer(id.value()).toByteArray();
    state.execute(message, head, ExitCode.OK.number(), returned, null);
    return new PublishedDeal(id, message);
  }

  private static void check(DealProposal deal, Miner provider, long head) {
    long start = deal.startEpoch().value();
    long end = deal.endEpoch().value();
    Refusal.unless(start > head, "deal starts at " + start + ", the head is at " + head);
    Refusal.unless(end > start, "deal ends at " + end + ", it starts at " + start);
    long duration = end - start;
    Refusal.unless(
        duration >= Policy.MIN_DEAL_DURATION && duration <= Policy.MAX_DEAL_DURATION,
        "deal of "
            + duration
            + " epochs, "
            + Policy.MIN_DEAL_DURATION
            + " to "
            + Policy.MAX_DEAL_DURATION
            + " are allowed");
    Refusal.unless(
        deal.piece().size().bytes() <= provider.sectorSize().bytes(),
        "piece of " + deal.piece().size() + " bytes for sectors of " + provider.sectorSize());
    int label = deal.label().getBytes(StandardCharsets.UTF_8).length;
    Refusal.unless(
        label <= DealProposal.MAX_LABEL,
        "label of " + label + " bytes, at most " + DealProposal.MAX_LABEL);
    Refusal.unless(
        deal.pricePerEpoch().compareTo(TokenAmount.ZERO) >= 0,
        "price of " + deal.pricePerEpoch() + " per epoch");
  }

  private static byte[] encode(DealProposal deal, DealId id) {
    return new DagCborWriter()
        .array(10)
        .integer(id.value())
        .cid(Cid.ofUnsealed(deal.piece().commP()))
        .integer(deal.piece().size().bytes())
        .bool(deal.verified())
        .address(Address.ofId(deal.client()))
        .address(Address.ofId(deal.provider()))
        .text(deal.label())
        .integer(deal.startEpoch().value())
        .integer(deal.endEpoch().value())
        .amount(deal.pricePerEpoch())
        .toByteArray();
  }

  private static Cid add(
      ChainState state,
      Miner miner,
      Address to,
      TokenAmount value,
      long method,
      byte[] params,
      @Nullable String key)
      throws SQLException {
    Account worker = state.account(miner.worker()).orElseThrow();
    ChainMessage message =
        ChainMessage.ofDevnet(to, Address.ofId(worker.id()), worker.nonce(), value, method, params);
    state.putAccount(new Account(worker.id(), worker.nonce() + 1, worker.balance()));
    StoredMessage stored = new StoredMessage(message.cid(), message.encode());
    state.addMessage(stored, key);
    return stored.cid();
  }
}
