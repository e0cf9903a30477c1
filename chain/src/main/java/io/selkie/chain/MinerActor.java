package io.selkie.chain;

import io.selkie.abi.FaultDeclarationsParams;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.TerminateSectorsParams;
import io.selkie.chain.ChainState.Miner;
import java.sql.SQLException;

/** The miner actor's methods, by their numbers (builtin-actors miner/src/lib.rs). */
final class MinerActor {

  private MinerActor() {}

  /**
   * Runs a method that the miner's worker called.
   *
   * @return what the method returns, in DAG-CBOR; no bytes for nothing
   * @throws ActorAbort if nothing of it happened
   * @throws io.selkie.abi.DagCborException if the parameters cannot be read
   */
  static byte[] invoke(Execution x, Miner miner, long method, byte[] params)
      throws ActorAbort, SQLException {
    if (method == PreCommitSectorBatch2Params.METHOD) {
      new PreCommit(x, miner).run(PreCommitSectorBatch2Params.decode(params));
      return new byte[0];
    }
    if (method == ProveCommitSectors3Params.METHOD) {
      return new ProveCommit(x, miner).run(ProveCommitSectors3Params.decode(params)).encode();
    }
    if (method == TerminateSectorsParams.METHOD) {
      return new TerminateSectors(x, miner).run(TerminateSectorsParams.decode(params));
    }
    if (method == FaultDeclarationsParams.DECLARE_FAULTS) {
      new FaultDeclarations(x, miner).declareFaults(FaultDeclarationsParams.decode(params));
      return new byte[0];
    }
    if (method == FaultDeclarationsParams.DECLARE_FAULTS_RECOVERED) {
      new FaultDeclarations(x, miner).declareRecovered(FaultDeclarationsParams.decode(params));
      return new byte[0];
    }
    throw new ActorAbort(
        ExitCode.USR_UNHANDLED_MESSAGE, "the devnet's miner actor has no method " + method);
  }
}
