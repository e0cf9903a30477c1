/** Proofs of spacetime, and what the chain says of deadlines. */
@NullMarked
package io.selkie.node.proving;

import org.jspecify.annotations.NullMarked;
