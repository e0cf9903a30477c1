/** Sector files on disk: paths, index, locks, and the Sealer that works on them. */
@org.jspecify.annotations.NullMarked
package io.selkie.storage;
