package io.selkie.chain;

import io.selkie.abi.Blake2b;
import io.selkie.abi.Randomness;
import io.selkie.chain.ChainState.Block;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/**
 * The two chains of randomness, and what is drawn from them.
 *
 * <p>A value is Blake2b-256(tag as BE64, Blake2b-256(base), epoch as BE64, entropy), as on every
 * Filecoin network (lotus chain/rand). The bases are the devnet's own: a block's ticket is a hash
 * of the one before, a block's beacon value a hash of the genesis seed, the height and 32 bytes
 * drawn when the block is made.
 */
final class ChainRandomness {

  private static final byte[] TICKET = ascii("selkie devnet ticket");
  private static final byte[] BEACON = ascii("selkie devnet beacon");
  private static final byte[] NULL_ROUND = ascii("selkie devnet null round");

  private ChainRandomness() {}

  static byte[] genesisTicket(byte[] seed) {
    return Blake2b.digest256(TICKET, seed);
  }

  static byte[] nextTicket(byte[] previous, long height) {
    return Blake2b.digest256(TICKET, previous, be64(height));
  }

  static byte[] beacon(byte[] seed, long height, byte[] drawn) {
    return Blake2b.digest256(BEACON, seed, be64(height), drawn);
  }

  /**
   * Randomness of the ticket chain, at most at the head. A null round has the ticket before it;
   * below zero the genesis ticket serves, hashed with the negative epoch.
   */
  static Randomness ticket(ChainState state, RandomnessTag tag, long epoch, byte[] entropy)
      throws SQLException {
    Block block =
        state
            .blockNotAfter(Math.max(epoch, 0))
            .orElseThrow(() -> new SQLException("the chain has no genesis block"));
    return draw(tag, block.ticket(), epoch, entropy);
  }

  /** Randomness of the beacon, at most at the head. A null round's value is in the next block. */
  static Randomness beacon(ChainState state, RandomnessTag tag, long epoch, byte[] entropy)
      throws SQLException {
    Block block =
        state
            .blockNotBefore(epoch)
            .orElseThrow(() -> new SQLException("no block at or after epoch " + epoch));
    byte[] base =
        block.height() == epoch
            ? block.beacon()
            : Blake2b.digest256(NULL_ROUND, block.beacon(), be64(epoch));
    return draw(tag, base, epoch, entropy);
  }

  static Randomness draw(RandomnessTag tag, byte[] base, long epoch, byte[] entropy) {
    return new Randomness(
        Blake2b.digest256(be64(tag.tag()), Blake2b.digest256(base), be64(epoch), entropy));
  }

  private static byte[] be64(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
