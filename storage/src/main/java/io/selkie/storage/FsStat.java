package io.selkie.storage;

/**
 * How full a storage path is, in bytes.
 *
 * @param capacity the filesystem's size
 * @param available what may still be used here: what the filesystem has free, less what is reserved
 *     and not yet written, cut to the path's own limit
 * @param fsAvailable what the filesystem has free
 * @param reserved set aside for files being written
 * @param max the path's own limit, 0 for none
 * @param used used by sector files, counted against {@code max}; 0 where there is no limit
 */
public record FsStat(
    long capacity, long available, long fsAvailable, long reserved, long max, long used) {}
