package io.selkie.chain;

import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DagCborException;
import io.selkie.abi.DagCborWriter;
import io.selkie.chain.ChainState.Account;
import io.selkie.chain.ChainState.Block;
import io.selkie.chain.ChainState.Miner;
import io.selkie.pipeline.ChainNode.TipSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a block: takes what is pending, executes it, and does what is due at that height. */
final class BlockMaker {

  /** More wait for the next block: one block is one transaction, and readers wait for its end. */
  static final int MAX_MESSAGES = 200;

  /** Bytes of randomness drawn for a block. */
  static final int DRAWN_BYTES = 32;

  private static final Logger LOG = LoggerFactory.getLogger(BlockMaker.class);
  private static final long SEND = 0;

  private final DevnetParams params;
  private final DevnetEnvironment environment;
  private final byte[] genesisSeed;

  BlockMaker(DevnetParams params, DevnetEnvironment environment, byte[] genesisSeed) {
    this.params = params;
    this.environment = environment;
    this.genesisSeed = genesisSeed;
  }

  /** The first block, without messages. */
  Block genesis(ChainState state) throws SQLException {
    return add(state, 0, List.of(), ChainRandomness.genesisTicket(genesisSeed), List.of());
  }

  /** The block at {@code height}, which is above the head; heights between are null rounds. */
  Block make(ChainState state, long height) throws SQLException {
    Block head = state.head();
    if (height <= head.height()) {
      throw new IllegalArgumentException(
          "no block at " + height + ": the head is at " + head.height());
    }
    List<Cid> messages = state.pending(MAX_MESSAGES);
    byte[] ticket = ChainRandomness.nextTicket(head.ticket(), height);
    Block block = add(state, height, head.tipSet().cids(), ticket, messages);
    for (Cid message : messages) {
      execute(new Execution(state, params, environment.verifier(), height), message);
    }
    MinerCron.run(state, height);
    return block;
  }

  private Block add(
      ChainState state, long height, List<Cid> parents, byte[] ticket, List<Cid> messages)
      throws SQLException {
    byte[] drawn = new byte[DRAWN_BYTES];
    environment.beacon().nextBytes(drawn);
    byte[] beacon = ChainRandomness.beacon(genesisSeed, height, drawn);
    long timeMs = environment.clock().millis();
    DagCborWriter header = new DagCborWriter().array(6).integer(height).array(parents.size());
    parents.forEach(header::cid);
    header.bytes(ticket).bytes(beacon).integer(timeMs).array(messages.size());
    messages.forEach(header::cid);
    Cid cid = Cid.ofDagCbor(header.toByteArray());
    Block block = new Block(new TipSet(new ChainEpoch(height), List.of(cid)), ticket, beacon);
    state.addBlock(block, timeMs);
    return block;
  }

  private static void execute(Execution x, Cid message) throws SQLException {
    ChainState state = x.state();
    state.savepoint();
    ExitCode code;
    String why;
    try {
      byte[] returned = apply(x, ChainMessage.decode(state.messageBlock(message)));
      state.keep();
      state.execute(message, x.epoch(), ExitCode.OK.number(), returned, null);
      return;
    } catch (ActorAbort e) {
      code = e.code();
      why = String.valueOf(e.getMessage());
    } catch (DagCborException e) {
      code = ExitCode.USR_SERIALIZATION;
      why = "parameters: " + e.getMessage();
    } catch (RuntimeException e) {
      // A defect of an actor must not stop the chain: the message fails, the defect is logged.
      LOG.error("message {} at epoch {} met a defect", message, x.epoch(), e);
      code = ExitCode.USR_ASSERTION_FAILED;
      why = "internal error: " + e;
    }
    state.undo();
    LOG.warn("message {} failed at epoch {}: {} ({})", message, x.epoch(), why, code);
    state.execute(message, x.epoch(), code.number(), new byte[0], why);
  }

  private static byte[] apply(Execution x, ChainMessage message) throws ActorAbort, SQLException {
    ChainState state = x.state();
    Account sender = require(state.account(message.from().id()), message.from());
    if (sender.balance().compareTo(message.value()) < 0) {
      throw new ActorAbort(
          ExitCode.SYS_INSUFFICIENT_FUNDS,
          message.from() + " has " + sender.balance() + ", sends " + message.value());
    }
    Miner miner = require(state.miner(message.to().id()), message.to());
    state.putAccount(
        new Account(sender.id(), sender.nonce(), sender.balance().minus(message.value())));
    Miner paid =
        miner.with(miner.balance().plus(message.value()), miner.deposits(), miner.pledge());
    state.putMiner(paid);
    if (message.method() == SEND) {
      return new byte[0];
    }
    return MinerActor.invoke(x, paid, message.method(), message.params());
  }

  private static <T> T require(Optional<T> found, Address address) throws ActorAbort {
    if (found.isEmpty()) {
      throw new ActorAbort(ExitCode.USR_NOT_FOUND, "no actor " + address);
    }
    return found.get();
  }
}
