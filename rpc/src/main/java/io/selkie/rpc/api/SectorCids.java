package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What pre-commit 2 comes to.
 *
 * @param unsealed CommD
 * @param sealed CommR
 */
@Wire(type = "storiface.SectorCids")
public record SectorCids(@Nullable Cid unsealed, @Nullable Cid sealed) {}
