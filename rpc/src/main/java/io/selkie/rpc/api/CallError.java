package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * Why a worker's call failed.
 *
 * @param code 0 unknown, 100 temporary, 101 worker restarted, 102 no room
 * @param message in words
 */
@Wire(type = "storiface.CallError")
public record CallError(@Wire(type = "storiface.ErrorCode") long code, String message) {}
