/**
 * The chain as a miner sees it: an embedded devnet that verifies every proof.
 *
 * <p>Start with {@link io.selkie.chain.Devnet}, which is the {@link io.selkie.pipeline.ChainNode}
 * of a node that has no other. {@code BlockMaker} makes a block, {@code MinerActor} and {@code
 * MarketActor} are what its messages do, {@code ChainState} is what they change. What the devnet
 * leaves out is listed in docs/devnet.md.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.chain;
