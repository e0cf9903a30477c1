package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A storage path as the index knows it.
 *
 * @param id the path's id
 * @param urls where its files can be fetched
 * @param weight preference; higher is filled first
 * @param maxStorage bytes, 0 for no limit
 * @param canSeal takes sealing work
 * @param canStore keeps finished sectors
 * @param groups groups it is in
 * @param allowTo groups its files may be moved to
 * @param allowTypes file types taken; none means all
 * @param denyTypes file types refused
 * @param allowMiners miners taken; none means all
 * @param denyMiners miners refused
 */
@Wire(type = "storiface.StorageInfo")
public record StorageInfo(
    @Wire(name = "ID", type = "storiface.ID") String id,
    @Wire(name = "URLs", type = "[]string") @Nullable List<String> urls,
    @Wire(type = "uint64") long weight,
    @Wire(type = "uint64") long maxStorage,
    boolean canSeal,
    boolean canStore,
    @Wire(type = "[]storiface.Group") @Nullable List<String> groups,
    @Wire(type = "[]storiface.Group") @Nullable List<String> allowTo,
    @Wire(type = "[]string") @Nullable List<String> allowTypes,
    @Wire(type = "[]string") @Nullable List<String> denyTypes,
    @Wire(type = "[]string") @Nullable List<String> allowMiners,
    @Wire(type = "[]string") @Nullable List<String> denyMiners) {}
