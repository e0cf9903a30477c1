package io.selkie.rpc.api;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a client and a provider agreed on in the market actor.
 *
 * @param pieceCid the piece CID
 * @param pieceSize padded bytes, unsigned
 * @param verifiedDeal whether the client spends verified data cap
 * @param client the client's address
 * @param provider the miner's address
 * @param label the text label; a byte label shows as an empty text
 * @param startEpoch by this epoch the sector must be active
 * @param endEpoch the deal ends here
 * @param storagePricePerEpoch attoFIL per epoch
 * @param providerCollateral attoFIL
 * @param clientCollateral attoFIL
 */
@Wire(type = "market.DealProposal")
public record DealProposal(
    @Wire(name = "PieceCID") @Nullable Cid pieceCid,
    @Wire(type = "abi.PaddedPieceSize") long pieceSize,
    boolean verifiedDeal,
    Address client,
    Address provider,
    @Wire(type = "market.DealLabel") String label,
    @Wire(type = "abi.ChainEpoch") long startEpoch,
    @Wire(type = "abi.ChainEpoch") long endEpoch,
    @Wire(type = "big.Int") TokenAmount storagePricePerEpoch,
    @Wire(type = "big.Int") TokenAmount providerCollateral,
    @Wire(type = "big.Int") TokenAmount clientCollateral) {}
