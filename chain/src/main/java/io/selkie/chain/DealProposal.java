package io.selkie.chain;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.TokenAmount;

/**
 * A deal to be published.
 *
 * @param client who stores
 * @param provider the miner that stores it
 * @param piece what is stored
 * @param verified whether it counts ten times
 * @param label free text, at most {@link #MAX_LABEL} bytes of UTF-8
 * @param startEpoch its sector must be proven by then
 * @param endEpoch 180 to 1278 days behind the start
 * @param pricePerEpoch what the client pays; kept, not collected
 */
public record DealProposal(
    ActorId client,
    ActorId provider,
    PieceInfo piece,
    boolean verified,
    String label,
    ChainEpoch startEpoch,
    ChainEpoch endEpoch,
    TokenAmount pricePerEpoch) {

  /** The longest label, bytes (market actor, DEAL_MAX_LABEL_SIZE). */
  public static final int MAX_LABEL = 256;
}
