package io.selkie.chain;

import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import java.math.BigInteger;

/**
 * What a sector costs. The network computes it from smoothed rewards and power; the devnet has
 * neither and takes constants per byte, as measured on a lotus 2 KiB devnet. What a node tells a
 * miner to attach is a tenth more, as lotus does.
 */
final class Pledges {

  /** Pre-commit deposit per byte of sector: 953654926731 / 2048, rounded up. */
  private static final BigInteger DEPOSIT_PER_BYTE = BigInteger.valueOf(465_651_820);

  /** Initial pledge per byte of quality-adjusted power: 59604643840 / 2048. */
  private static final BigInteger PLEDGE_PER_BYTE = BigInteger.valueOf(29_103_830);

  /** Verified bytes count ten times: once as sector, nine times on top. */
  private static final long VERIFIED_EXTRA = 9;

  private Pledges() {}

  static TokenAmount deposit(SectorSize size) {
    return times(DEPOSIT_PER_BYTE, size.bytes());
  }

  static TokenAmount initialPledge(SectorSize size, long verifiedBytes) {
    BigInteger power =
        BigInteger.valueOf(verifiedBytes)
            .multiply(BigInteger.valueOf(VERIFIED_EXTRA))
            .add(BigInteger.valueOf(size.bytes()));
    return new TokenAmount(PLEDGE_PER_BYTE.multiply(power));
  }

  /** Eleven tenths of it, rounded down. */
  static TokenAmount withMargin(TokenAmount amount) {
    return new TokenAmount(amount.atto().multiply(BigInteger.valueOf(11)).divide(BigInteger.TEN));
  }

  private static TokenAmount times(BigInteger perByte, long bytes) {
    return new TokenAmount(perByte.multiply(BigInteger.valueOf(bytes)));
  }
}
