package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An unsealing job.
 *
 * @param id its number
 * @param sector the sector
 * @param state Queued, Running, Done, Failed or Cancelled
 * @param priority the higher, the sooner
 * @param offset where the wanted range begins, in unpadded bytes
 * @param size its length
 * @param requestedBy which calls asked for it
 * @param phase what is being done at the moment; empty if nothing is
 * @param done units of the phase that are finished
 * @param total units of the phase
 * @param attempts how often it was begun
 * @param failures how often that failed
 * @param lastError why the last try failed, or why the job was given up or taken back
 * @param created when it was first asked for
 * @param started when the latest try began
 * @param ended when it ended
 * @param nextTry before when it is not tried again
 */
@Wire(type = "selkie.UnsealJob")
public record UnsealJob(
    @Wire(name = "ID") long id,
    WireSectorId sector,
    String state,
    int priority,
    @Wire(type = "storiface.UnpaddedByteIndex") long offset,
    @Wire(type = "abi.UnpaddedPieceSize") long size,
    @Wire(type = "[]string") List<String> requestedBy,
    String phase,
    long done,
    long total,
    int attempts,
    int failures,
    String lastError,
    Instant created,
    @Nullable Instant started,
    @Nullable Instant ended,
    @Nullable Instant nextTry) {}
