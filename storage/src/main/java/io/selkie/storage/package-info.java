/**
 * Sector files on disk: paths, index, locks, and the Sealer that works on them.
 *
 * <p>Start at {@link io.selkie.storage.LocalSealer}, which does the work; {@link
 * io.selkie.storage.LocalPaths} has the directories, {@link io.selkie.storage.SectorIndex} what
 * lies in them, {@link io.selkie.storage.PartialFile} the one file format that is this module's
 * own. {@link io.selkie.storage.StorageReport} answers the API.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.storage;
