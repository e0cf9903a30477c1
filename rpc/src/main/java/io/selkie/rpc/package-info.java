/**
 * The wire contract (Filecoin.*, Selkie.*), JSON-RPC server and client, tokens.
 *
 * <p>Start with {@link io.selkie.rpc.SectorsApi} (what can be asked), then {@link
 * io.selkie.rpc.JsonRpcClient}. How values look on the wire is said by {@link io.selkie.rpc.Wire}
 * on the records, in the order of their members.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.rpc;
