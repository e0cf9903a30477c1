package io.selkie.node.sectors;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.Risk;
import io.selkie.pipeline.SectorExplanation.Came;
import io.selkie.pipeline.SectorExplanation.Tried;
import io.selkie.pipeline.SectorExplanation.Wake;
import io.selkie.pipeline.SectorOutlook.Next;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ExplainApi;
import io.selkie.rpc.api.NextState;
import io.selkie.rpc.api.SectorCame;
import io.selkie.rpc.api.SectorExplanation;
import io.selkie.rpc.api.SectorRisk;
import io.selkie.rpc.api.SectorTried;
import io.selkie.rpc.api.SectorWake;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The pipeline's explanations on the wire. Thread-safe. */
public final class ExplainService implements ExplainApi {

  private final SectorPipeline pipeline;

  public ExplainService(SectorPipeline pipeline) {
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
        from.outlook().meaning(),
        from.since(),
        from.came().map(ExplainService::wire).orElse(null),
        from.now(),
        from.wakes().map(ExplainService::wire).orElse(null),
        from.tried().stream().map(ExplainService::wire).toList(),
        wire(from.outlook().next()),
        wire(from.outlook().always()),
        from.risks().stream().map(ExplainService::wire).toList(),
        from.head().orElse(ChainEpoch.ZERO).value(),
        from.chainTrouble());
  }

  private static SectorCame wire(Came from) {
    return new SectorCame(
        from.from(), from.event(), from.words(), from.reason(), from.at(), from.sequence());
  }

  private static SectorWake wire(Wake from) {
    return new SectorWake(
        from.at(),
        from.epoch().orElse(ChainEpoch.ZERO).value(),
        from.epochAt().orElse(null),
        from.reason(),
        wire(from.then()));
  }

  private static SectorTried wire(Tried from) {
    return new SectorTried(
        from.state(),
        from.event(),
        from.words(),
        from.to(),
        from.times(),
        from.first(),
        from.last(),
        from.reason());
  }

  static List<NextState> wire(List<Next> from) {
    return from.stream()
        .map(each ->
            new NextState(
                each.event(),
                each.words(),
                each.failure(),
                each.state(),
                each.meaning(),
                each.condition()))
        .toList();
  }

  private static SectorRisk wire(Risk from) {
    return new SectorRisk(
        from.danger().name(),
        from.epoch().value(),
        from.at().orElse(null),
        from.passed(),
        from.danger().words());
  }
}
