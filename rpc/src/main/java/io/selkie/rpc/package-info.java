/** The wire contract (Filecoin.*, Selkie.*), JSON-RPC server and client, tokens. */
@org.jspecify.annotations.NullMarked
package io.selkie.rpc;
