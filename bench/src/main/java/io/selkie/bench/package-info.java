/** JMH only. */
@org.jspecify.annotations.NullMarked
package io.selkie.bench;
