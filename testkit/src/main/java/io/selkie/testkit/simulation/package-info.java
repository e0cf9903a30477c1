/**
 * A whole miner on one thread: clock, chain, disk and operator are simulated, and one seed decides
 * everything that happens. See docs/simulation.md.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.testkit.simulation;
