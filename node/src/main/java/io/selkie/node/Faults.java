package io.selkie.node;

import io.selkie.pipeline.ChainFault;
import io.selkie.rpc.RpcFault;

/** The ports' faults as the wire's. */
public final class Faults {

  private Faults() {}

  public static RpcFault ofChain(ChainFault fault) {
    return switch (fault.kind()) {
      case OUT_OF_GAS -> RpcFault.outOfGas();
      case ACTOR_NOT_FOUND -> RpcFault.actorNotFound();
      case NULL_ROUND -> RpcFault.nullRound(fault.data().orElse(0));
      case OTHER -> new RpcFault(String.valueOf(fault.getMessage()));
    };
  }
}
