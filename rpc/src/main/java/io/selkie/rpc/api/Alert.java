package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Something the operator should look at.
 *
 * @param type what it is about
 * @param active whether it still holds
 * @param lastActive last raised
 * @param lastResolved last resolved
 */
@Wire(type = "alerting.Alert")
public record Alert(
    AlertType type,
    boolean active,
    @Nullable AlertEvent lastActive,
    @Nullable AlertEvent lastResolved) {}
