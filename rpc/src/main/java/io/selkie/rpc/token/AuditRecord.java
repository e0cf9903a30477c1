package io.selkie.rpc.token;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call above the read permission.
 *
 * @param sequence its number, rising
 * @param time when it began
 * @param who identifier and name of the token, or {@code anonymous}
 * @param token the beginning of the SHA-256 of the token, or nothing
 * @param remote the address of the other end
 * @param method the wire name
 * @param params the arguments, cut and without secrets
 * @param sectors the first sectors among them
 * @param before their states before the call, in the same order; behind them what else it touches,
 *     such as {@code SectorGetSealDelay: 0}
 * @param after the same behind it
 * @param outcome running, done, refused or failed
 * @param error the error's text, or nothing
 * @param ended when it ended; absent for one that runs, or was cut off by the node's end
 */
@Wire(type = "selkie.AuditRecord")
public record AuditRecord(
    long sequence,
    Instant time,
    String who,
    String token,
    String remote,
    String method,
    String params,
    @Wire(type = "[]abi.SectorNumber") List<Long> sectors,
    @Wire(type = "[]string") List<String> before,
    @Wire(type = "[]string") List<String> after,
    String outcome,
    String error,
    @Nullable Instant ended) {}
