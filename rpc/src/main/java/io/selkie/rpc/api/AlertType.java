package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * What an alert is about.
 *
 * @param system the system
 * @param subsystem the part of it
 */
@Wire(type = "alerting.AlertType")
public record AlertType(String system, String subsystem) {}
