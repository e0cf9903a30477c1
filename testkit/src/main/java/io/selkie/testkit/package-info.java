/** Fakes that say what they do. Nothing shipped depends on it. */
@org.jspecify.annotations.NullMarked
package io.selkie.testkit;
