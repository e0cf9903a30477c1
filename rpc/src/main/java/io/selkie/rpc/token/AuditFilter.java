package io.selkie.rpc.token;

import io.selkie.rpc.json.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records of calls are wanted; every member may be missing.
 *
 * @param from none before it
 * @param to none from it on
 * @param method a wire name, {@code *} for any rest of it
 * @param who a part of the token's identifier or name, or the beginning of its hash
 * @param sectors records that name one of them; none for all
 * @param cursor where the page before ended; 0 for the newest
 * @param limit records in the answer; 0 for a hundred
 */
@Wire(type = "selkie.AuditFilter")
public record AuditFilter(
    @Nullable Instant from,
    @Nullable Instant to,
    String method,
    String who,
    @Wire(type = "[]abi.SectorNumber") List<Long> sectors,
    long cursor,
    int limit) {

  boolean matches(AuditRecord each) {
    boolean inTime =
        (from == null || !each.time().isBefore(from)) && (to == null || each.time().isBefore(to));
    boolean named =
        method.isEmpty()
            || (method.endsWith("*")
                ? each.method().startsWith(method.substring(0, method.length() - 1))
                : each.method().equals(method));
    boolean byThem =
        who.isEmpty()
            || each.who().contains(who)
            || (!each.token().isEmpty() && who.startsWith(each.token()));
    return inTime
        && named
        && byThem
        && (sectors.isEmpty() || each.sectors().stream().anyMatch(sectors::contains))
        && (cursor <= 0 || each.sequence() < cursor);
  }
}
