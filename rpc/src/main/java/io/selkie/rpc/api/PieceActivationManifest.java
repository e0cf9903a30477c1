package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece brought on chain directly, without a deal of the market actor (FIP-0076).
 *
 * @param cid the piece CID
 * @param size padded bytes, unsigned
 * @param verifiedAllocationKey the allocation it claims, if any
 * @param notifications actors to be told; absent if none
 */
@Wire(type = "miner.PieceActivationManifest")
public record PieceActivationManifest(
    @Wire(name = "CID") @Nullable Cid cid,
    @Wire(type = "abi.PaddedPieceSize") long size,
    @Nullable VerifiedAllocationKey verifiedAllocationKey,
    @Wire(name = "Notify", type = "[]miner.DataActivationNotification")
        @Nullable List<DataActivationNotification> notifications) {}
