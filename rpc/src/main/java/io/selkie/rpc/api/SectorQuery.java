package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which sectors are wanted: those that fit every member that is given; all if none is.
 *
 * @param states in one of these states
 * @param numbers one of these
 * @param deal holds this deal of the market
 * @param pieceCid holds this piece
 * @param expiresFrom expires on chain at this epoch or later
 * @param expiresBefore expires on chain before this epoch
 * @param path has a file on the storage path of this id
 * @param minAge has been in its state for as long at least
 * @param maxAge has been in its state for as long at most
 * @param lastError has this text in its last error, whatever the case; empty for any error at all
 */
@Wire(type = "selkie.SectorQuery")
public record SectorQuery(
    @Wire(type = "[]api.SectorState") List<String> states,
    @Wire(type = "[]abi.SectorNumber") List<Long> numbers,
    @Wire(type = "abi.DealID") @Nullable Long deal,
    @Wire(name = "PieceCID") @Nullable Cid pieceCid,
    @Wire(type = "abi.ChainEpoch") @Nullable Long expiresFrom,
    @Wire(type = "abi.ChainEpoch") @Nullable Long expiresBefore,
    @Wire(type = "storiface.ID") @Nullable String path,
    @Nullable Duration minAge,
    @Nullable Duration maxAge,
    @Nullable String lastError) {

  /** Every sector. */
  public static final SectorQuery ALL =
      new SectorQuery(List.of(), List.of(), null, null, null, null, null, null, null, null);
}
