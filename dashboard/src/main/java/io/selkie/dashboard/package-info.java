/**
 * The page a browser shows: a few static files and the handler that serves them. The page speaks to
 * the node by JSON-RPC with a token its reader pastes, like any other client; {@link
 * io.selkie.dashboard.Dashboard} knows nothing of sectors.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.dashboard;
