package io.selkie.storage;

/**
 * What a path's keeper last said about it.
 *
 * @param stat how full it is
 * @param error what is wrong with it; empty if nothing is
 */
public record HealthReport(FsStat stat, String error) {}
