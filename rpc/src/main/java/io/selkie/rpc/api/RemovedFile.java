package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * A removed file that is still kept.
 *
 * @param path the id of the storage path it is on
 * @param entry its name in the trash
 * @param sector whose file it is
 * @param kind which of them: sealed, cache, …
 * @param why who wanted it gone, such as terminated or second-key
 * @param removed when
 * @param keptUntil when it will be deleted
 * @param bytes what it takes
 */
@Wire(type = "selkie.RemovedFile")
public record RemovedFile(
    @Wire(type = "storiface.ID") String path,
    String entry,
    WireSectorId sector,
    String kind,
    String why,
    Instant removed,
    Instant keptUntil,
    long bytes) {}
