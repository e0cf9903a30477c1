package io.selkie.chain;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.abi.Blake2b;
import io.selkie.abi.DagCborReader;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.ChainState.Account;
import io.selkie.chain.ChainState.Miner;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * What a chain is born with: its parameters, its seed, and the miners that are added to it.
 *
 * @param params the parameters
 * @param seed 32 bytes that both chains of randomness start from
 * @param isNew whether it was drawn now
 */
record Genesis(DevnetParams params, byte[] seed, boolean isNew) {

  /** The number of the first miner on lotus devnets; smaller ones are for other actors. */
  static final long FIRST_MINER = 1000;

  /** The most miners: their worker accounts are numbered from 100 on, below the miners. */
  static final int MAX_MINERS = 100;

  private static final long FIRST_WORKER = 100;
  private static final BigInteger ATTO_PER_FIL = BigInteger.TEN.pow(18);

  /** Of a worker account: enough for a hundred thousand sectors of 32 GiB. */
  private static final TokenAmount WORKER_FUNDS = fil(10_000_000);

  /** Of a miner actor, so that messages need not carry a value. */
  private static final TokenAmount MINER_FUNDS = fil(1000);

  private static final String PARAMS_KEY = "params";
  private static final String SEED_KEY = "genesis-seed";

  static Genesis readOrDraw(
      ChainState state, DevnetParams paramsIfNew, DevnetEnvironment environment)
      throws SQLException {
    Optional<byte[]> stored = state.meta(PARAMS_KEY);
    if (stored.isPresent()) {
      byte[] seed =
          state.meta(SEED_KEY).orElseThrow(() -> new SQLException("it has no genesis seed"));
      return new Genesis(decode(stored.get()), seed, false);
    }
    byte[] seed = new byte[BlockMaker.DRAWN_BYTES];
    environment.beacon().nextBytes(seed);
    state.putMeta(SEED_KEY, seed);
    state.putMeta(PARAMS_KEY, encode(paramsIfNew));
    return new Genesis(paramsIfNew, seed, true);
  }

  static Miner addMiner(ChainState state, ActorId id, SectorSize size) throws SQLException {
    int count = state.miners().size();
    if (id.value() < FIRST_MINER) {
      throw new Refusal("miner " + id + ": miners are numbered from " + FIRST_MINER);
    }
    if (count == MAX_MINERS) {
      throw new Refusal("the devnet has " + MAX_MINERS + " miners, the most it takes");
    }
    ActorId worker = new ActorId(FIRST_WORKER + count);
    state.addAccount(new Account(worker, 0, WORKER_FUNDS));
    Miner miner =
        new Miner(
            id,
            worker,
            size,
            new Deadlines(periodOffset(id, state.head().height())),
            MINER_FUNDS,
            TokenAmount.ZERO,
            TokenAmount.ZERO,
            BitField.EMPTY);
    state.addMiner(miner);
    return miner;
  }

  /** Spreads the miners' proving periods (builtin-actors, assign_proving_period_offset). */
  static long periodOffset(ActorId miner, long epoch) {
    byte[] address = new DagCborWriter().address(Address.ofId(miner)).toByteArray();
    byte[] when = ByteBuffer.allocate(Long.BYTES).putLong(epoch).array();
    long hash = ByteBuffer.wrap(Blake2b.digest256(address, when)).getLong();
    return Long.remainderUnsigned(hash, Policy.PROVING_PERIOD);
  }

  private static byte[] encode(DevnetParams params) {
    return new DagCborWriter()
        .array(6)
        .integer(params.networkVersion())
        .integer(params.blockDelay().toMillis())
        .integer(params.preCommitChallengeDelay())
        .integer(params.messageConfidence())
        .integer(params.interactiveConfidence())
        .integer(params.ticketLookback())
        .toByteArray();
  }

  private static DevnetParams decode(byte[] bytes) {
    DagCborReader in = new DagCborReader(bytes);
    in.tuple(6);
    DevnetParams params =
        new DevnetParams(
            Math.toIntExact(in.integer()),
            Duration.ofMillis(in.integer()),
            in.integer(),
            in.integer(),
            in.integer(),
            in.integer());
    in.end();
    return params;
  }

  private static TokenAmount fil(long amount) {
    return new TokenAmount(ATTO_PER_FIL.multiply(BigInteger.valueOf(amount)));
  }
}
