/** The miner's directory and its {@code config.toml}. */
@NullMarked
package io.selkie.node.repo;

import org.jspecify.annotations.NullMarked;
