/**
 * The wire contract (Filecoin.*, Selkie.*), JSON-RPC server and client, tokens.
 *
 * <p>Start with {@link io.selkie.rpc.api.SectorsApi} (what can be asked), then {@link
 * io.selkie.rpc.client.JsonRpcClient}. How values look on the wire is said by {@link
 * io.selkie.rpc.json.Wire} on the records, in the order of their members.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.rpc;
