/** The operator's commands, over JSON-RPC. */
@org.jspecify.annotations.NullMarked
package io.selkie.cli;
