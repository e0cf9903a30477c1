package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;

/**
 * The room in a storage path, in bytes.
 *
 * @param capacity of the file system
 * @param available free for sectors
 * @param fsAvailable free in the file system
 * @param reserved promised to work in progress
 * @param max limit set by the operator, 0 for none
 * @param used used by sectors
 */
@Wire(type = "fsutil.FsStat")
public record FsStat(
    long capacity,
    long available,
    @Wire(name = "FSAvailable") long fsAvailable,
    long reserved,
    long max,
    long used) {}
