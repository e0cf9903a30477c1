/** Main, configuration, wiring, start-up order: the only module that sees all of them. */
@org.jspecify.annotations.NullMarked
package io.selkie.node;
