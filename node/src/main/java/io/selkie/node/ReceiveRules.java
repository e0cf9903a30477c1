package io.selkie.node;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.rpc.RemoteSectorMeta;
import io.selkie.rpc.RpcFault;
import java.util.Set;

/**
 * Which sectors sealed elsewhere could be taken over, with the reference's texts (lotus
 * storage/pipeline/receive.go, checkSectorMeta).
 */
final class ReceiveRules {

  private static final Set<String> STATES =
      Set.of("Proving", "Available", "SubmitCommit", "PreCommitting", "GetTicket", "Packing");

  private ReceiveRules() {}

  /**
   * Looks at the proof, then at the state.
   *
   * @param current what sectors are sealed under here
   */
  static void check(RemoteSectorMeta meta, RegisteredSealProof current) throws RpcFault {
    if (meta.type() != current.number()) {
      throw new RpcFault(
          "sector seal proof type doesn't match current seal proof type (%d!=%d)"
              .formatted(meta.type(), current.number()));
    }
    if (!STATES.contains(meta.state())) {
      throw new RpcFault("imported sector State in not supported");
    }
  }
}
