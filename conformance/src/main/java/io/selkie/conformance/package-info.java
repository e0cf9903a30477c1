/** Known answers, wire cases, module rules. */
@org.jspecify.annotations.NullMarked
package io.selkie.conformance;
