/** The program {@code selkie worker}: does sealing work for a miner, and knows no chain. */
@NullMarked
package io.selkie.node.workers.program;

import org.jspecify.annotations.NullMarked;
