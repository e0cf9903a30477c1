package io.selkie.chain;

import io.selkie.abi.TokenAmount;
import java.math.BigInteger;

/**
 * A miner's power, funds and deals.
 *
 * @param period where it stands in its proving period
 * @param rawPower bytes
 * @param qualityPower bytes, verified ones counted ten times
 * @param faultySectors how many live ones do not count
 * @param totalRawPower of all miners
 * @param totalQualityPower of all miners
 * @param balance what is locked included
 * @param deposits locked by pre-commits
 * @param pledge locked by sectors
 * @param workerBalance what messages are paid from
 * @param activeDeals deals in proven sectors
 * @param waitingDeals deals published and in no proven sector yet
 */
public record MinerAccount(
    PeriodOnChain period,
    BigInteger rawPower,
    BigInteger qualityPower,
    long faultySectors,
    BigInteger totalRawPower,
    BigInteger totalQualityPower,
    TokenAmount balance,
    TokenAmount deposits,
    TokenAmount pledge,
    TokenAmount workerBalance,
    DealTotal activeDeals,
    DealTotal waitingDeals) {

  /** A number of deals and the padded bytes of their pieces. */
  public record DealTotal(long count, long bytes) {}
}
