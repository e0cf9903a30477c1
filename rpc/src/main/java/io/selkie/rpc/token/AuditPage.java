package io.selkie.rpc.token;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * Records of calls, the newest first.
 *
 * @param records as many as were asked for
 * @param cursor names the next page; 0 if there is none
 */
@Wire(type = "selkie.AuditPage")
public record AuditPage(
    @Wire(type = "[]selkie.AuditRecord") List<AuditRecord> records, long cursor) {}
