package io.selkie.rpc.api;

import io.selkie.abi.Cid;
import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * What a replica update comes to.
 *
 * @param newSealed the new CommR
 * @param newUnsealed the new CommD
 */
@Wire(type = "storiface.ReplicaUpdateOut")
public record ReplicaUpdateOut(@Nullable Cid newSealed, @Nullable Cid newUnsealed) {}
