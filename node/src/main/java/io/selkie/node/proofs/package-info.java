/** The commands {@code selkie proofs …}: the proofs library from the command line. */
@NullMarked
package io.selkie.node.proofs;

import org.jspecify.annotations.NullMarked;
