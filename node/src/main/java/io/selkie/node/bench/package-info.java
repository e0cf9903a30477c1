/** The command {@code bench}: a miner of a million sectors, and how it answers. */
@NullMarked
package io.selkie.node.bench;

import org.jspecify.annotations.NullMarked;
