/**
 * What three sources say of a sector, where they disagree, and what is to be done about it: the
 * journal's record, the files on disk, and the chain. Pure data in, pure data out; gathering and
 * applying are somebody else's.
 *
 * <p>Start at {@link io.selkie.pipeline.recovery.Diagnosis}.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.pipeline.recovery;
