/**
 * JMH benchmarks; their class docs carry the command, {@code docs/benchmarks} the results.
 *
 * <p>Every benchmark checks a known answer before it is timed. {@code bench/run NAME} builds what
 * is needed and starts JMH; further arguments go to JMH ({@code -prof gc} shows allocation).
 */
@org.jspecify.annotations.NullMarked
package io.selkie.bench;
