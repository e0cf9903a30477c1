/** The chain as a miner sees it: an embedded devnet that verifies every proof. */
@org.jspecify.annotations.NullMarked
package io.selkie.chain;
