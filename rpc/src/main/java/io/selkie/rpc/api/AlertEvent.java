package io.selkie.rpc.api;

import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.Wire;
import java.time.Instant;

/**
 * An alert going up or down.
 *
 * @param type raised or resolved
 * @param message any JSON
 * @param time when
 */
@Wire(type = "alerting.AlertEvent")
public record AlertEvent(String type, JsonValue message, Instant time) {}
