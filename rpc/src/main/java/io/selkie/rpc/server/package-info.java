/** Answering: JSON-RPC over HTTP and WebSocket, and every limit on the way in and out. */
@NullMarked
package io.selkie.rpc.server;

import org.jspecify.annotations.NullMarked;
