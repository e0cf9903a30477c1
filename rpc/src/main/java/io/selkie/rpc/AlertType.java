package io.selkie.rpc;

/**
 * What an alert is about.
 *
 * @param system the system
 * @param subsystem the part of it
 */
@Wire(type = "alerting.AlertType")
public record AlertType(String system, String subsystem) {}
