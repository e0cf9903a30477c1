package io.selkie.node.sectors;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorStatus;
import io.selkie.pipeline.unseal.UnsealJobs;
import io.selkie.pipeline.unseal.UnsealRefused;
import io.selkie.pipeline.unseal.UnsealRequest;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.UnsealApi;
import io.selkie.rpc.api.UnsealJob;
import io.selkie.rpc.api.UnsealOptions;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.storage.SectorIndex;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The unsealing jobs on the wire. Thread-safe. */
public final class UnsealService implements UnsealApi {

  private final UnsealJobs jobs;
  private final SectorPipeline pipeline;
  private final SectorIndex index;

  public UnsealService(UnsealJobs jobs, SectorPipeline pipeline, SectorIndex index) {
    this.jobs = jobs;
    this.pipeline = pipeline;
    this.index = index;
  }

  @Override
  public UnsealJob unsealStart(long sector, UnsealOptions options) throws RpcFault {
    SectorStatus status = status(sector);
    try {
      UnsealRequest request =
          UnsealRequest.ofRecord(status.record(), options.priority(), "UnsealStart");
      UnsealCalls.requireReplica(index, request.sector().id());
      return wire(jobs.request(request.withRange(range(request, options))));
    } catch (UnsealRefused refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
  }

  private SectorStatus status(long sector) throws RpcFault {
    RpcFault unknown =
        new RpcFault(
            "No state for /" + Long.toUnsignedString(sector) + ": datastore: key not found");
    if (sector < 0) {
      throw unknown;
    }
    try {
      return pipeline.status(new SectorNumber(sector)).orElseThrow(() -> unknown);
    } catch (IOException unreadable) {
      throw new RpcFault("the journal: " + unreadable.getMessage());
    }
  }

  private static UnpaddedRange range(UnsealRequest request, UnsealOptions options) {
    long all = request.range().sizeBytes();
    boolean rest = options.size() == 0 && options.offset() >= 0 && options.offset() < all;
    return new UnpaddedRange(options.offset(), rest ? all - options.offset() : options.size());
  }

  @Override
  public UnsealJob unsealStatus(long id) throws RpcFault {
    return known(id, jobs.status(id));
  }

  @Override
  public UnsealJob unsealCancel(long id) throws RpcFault {
    return known(id, jobs.cancel(id));
  }

  @Override
  public List<UnsealJob> unsealList() {
    return jobs.list().stream().map(UnsealService::wire).toList();
  }

  private UnsealJob known(long id, Optional<io.selkie.pipeline.unseal.UnsealJob> job)
      throws RpcFault {
    return wire(
        job.orElseThrow(() ->
            new RpcFault(
                jobs.damage(id)
                    .map(why -> "the record of unsealing job " + id + " cannot be read: " + why)
                    .orElse("there is no unsealing job " + id))));
  }

  private static UnsealJob wire(io.selkie.pipeline.unseal.UnsealJob from) {
    SectorId sector = from.request().sector().id();
    return new UnsealJob(
        from.id(),
        new WireSectorId(sector.miner().value(), sector.number().value()),
        from.state().wireName(),
        from.request().priority(),
        from.request().range().offsetBytes(),
        from.request().range().sizeBytes(),
        from.requestedBy(),
        from.progress().phase(),
        from.progress().done(),
        from.progress().total(),
        from.tries().started(),
        from.tries().failed(),
        from.lastError(),
        from.times().created(),
        from.times().started().orElse(null),
        from.times().ended().orElse(null),
        from.times().nextTry().orElse(null));
  }
}
