package io.selkie.pipeline.recovery;

import java.nio.file.Path;

/**
 * Something below the storage paths that belongs to no sector.
 *
 * @param path what
 * @param unreadable why it could not be looked into; empty if it is only unknown
 */
public record Stray(Path path, String unreadable) {}
