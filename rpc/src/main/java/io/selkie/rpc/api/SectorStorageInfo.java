package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place where files of one sector can be found.
 *
 * @param id the path's id
 * @param urls the files themselves
 * @param baseUrls the path
 * @param weight weight of the path, 0 if it could only fetch the files
 * @param canSeal takes sealing work
 * @param canStore keeps finished sectors
 * @param primary whether this is the copy to keep
 * @param allowTypes file types taken
 * @param denyTypes file types refused
 * @param allowMiners miners taken
 * @param denyMiners miners refused
 */
@Wire(type = "storiface.SectorStorageInfo")
public record SectorStorageInfo(
    @Wire(name = "ID", type = "storiface.ID") String id,
    @Wire(name = "URLs", type = "[]string") @Nullable List<String> urls,
    @Wire(name = "BaseURLs", type = "[]string") @Nullable List<String> baseUrls,
    @Wire(type = "uint64") long weight,
    boolean canSeal,
    boolean canStore,
    boolean primary,
    @Wire(type = "[]string") @Nullable List<String> allowTypes,
    @Wire(type = "[]string") @Nullable List<String> denyTypes,
    @Wire(type = "[]string") @Nullable List<String> allowMiners,
    @Wire(type = "[]string") @Nullable List<String> denyMiners) {}
