/**
 * The facade: sealing, proving and unsealing one sector. Start at {@link
 * io.selkie.proofs.seal.SealPreCommit1}; the phases follow one another as their numbers say, and
 * each may be run again after a crash with the same result.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.seal;
