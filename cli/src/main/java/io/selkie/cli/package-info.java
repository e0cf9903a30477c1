/**
 * The operator's commands. They speak to a running node over JSON-RPC and to nothing else; start
 * with {@link io.selkie.cli.SelkieCommands}. Names, columns and texts are those of {@code
 * lotus-miner}, for scripts read them.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.cli;
