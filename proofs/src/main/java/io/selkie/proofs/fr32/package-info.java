/**
 * Fr32 padding: client bytes to field elements and back, 127 bytes to 128. Start at {@link
 * io.selkie.proofs.fr32.Fr32}.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.fr32;
