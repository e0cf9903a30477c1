/**
 * The life of a sector: a state machine as data, the handlers that act for its states, and the
 * ports through which they reach the outside ({@link io.selkie.pipeline.Sealer}, {@link
 * io.selkie.pipeline.ChainNode}, {@link io.selkie.pipeline.SectorJournal}).
 *
 * <p>The order is always: decide, append to the journal, force, apply, act. Every action may run
 * twice.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.pipeline;
