/** Calling a node: over HTTP or WebSocket, with uploads and subscriptions. */
@NullMarked
package io.selkie.rpc.client;

import org.jspecify.annotations.NullMarked;
