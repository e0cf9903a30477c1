package io.selkie.node;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.SectorJournal.Timer;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.rpc.EpochDeadline;
import io.selkie.rpc.ExplainApi;
import io.selkie.rpc.NextState;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorExplanation;
import java.io.IOException;
import java.util.Optional;

/** The pipeline's explanations on the wire. Thread-safe. */
final class ExplainService implements ExplainApi {

  private final SectorPipeline pipeline;

  ExplainService(SectorPipeline pipeline) {
    this.pipeline = pipeline;
  }

  @Override
  public SectorExplanation sectorExplain(long sector) throws RpcFault {
    if (sector < 0) {
      throw unknown(sector);
    }
    Optional<io.selkie.pipeline.SectorExplanation> found;
    try {
      found = pipeline.explain(new SectorNumber(sector));
    } catch (IOException unreadable) {
      throw new RpcFault("the journal: " + unreadable.getMessage());
    }
    return wire(sector, found.orElseThrow(() -> unknown(sector)));
  }

  private static RpcFault unknown(long sector) {
    return new RpcFault(
        "No state for /" + Long.toUnsignedString(sector) + ": datastore: key not found");
  }

  private static SectorExplanation wire(long sector, io.selkie.pipeline.SectorExplanation from) {
    return new SectorExplanation(
        sector,
        from.state(),
        from.meaning(),
        from.since(),
        from.now(),
        from.waitsFor().map(Timer::at).orElse(null),
        from.waitsFor().flatMap(Timer::epoch).orElse(ChainEpoch.ZERO).value(),
        from.next().stream().map(each -> new NextState(each.event(), each.state())).toList(),
        from.deadlines().stream()
            .map(each -> new EpochDeadline(each.epoch().value(), each.what()))
            .toList());
  }
}
