package io.selkie.rpc.api;

import io.selkie.abi.Address;
import io.selkie.rpc.json.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses messages are sent from, by purpose.
 *
 * @param preCommitControl for pre-commits
 * @param commitControl for prove-commits
 * @param terminateControl for terminations
 * @param dealPublishControl for deals
 * @param disableOwnerFallback never send from the owner
 * @param disableWorkerFallback never send from the worker
 */
@Wire(type = "api.AddressConfig")
public record AddressConfig(
    @Wire(type = "[]address.Address") @Nullable List<Address> preCommitControl,
    @Wire(type = "[]address.Address") @Nullable List<Address> commitControl,
    @Wire(type = "[]address.Address") @Nullable List<Address> terminateControl,
    @Wire(type = "[]address.Address") @Nullable List<Address> dealPublishControl,
    boolean disableOwnerFallback,
    boolean disableWorkerFallback) {}
