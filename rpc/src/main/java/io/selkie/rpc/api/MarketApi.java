package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** This miner's deals. */
@RpcNamespace
public interface MarketApi {

  /** The deals on chain in which this miner is the provider; absent if there are none. */
  @RpcMethod(Permission.READ)
  @Wire(type = "[]*api.MarketDeal")
  @Nullable List<MarketDeal> marketListDeals() throws RpcFault, InterruptedException;
}
