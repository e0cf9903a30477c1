package io.selkie.node;

import io.selkie.abi.Address;
import io.selkie.node.proving.FaultRecovery;
import io.selkie.node.proving.ProvableCheck;
import io.selkie.node.proving.ProvingChain;
import io.selkie.node.proving.ProvingService;
import io.selkie.node.proving.SectorProver;
import io.selkie.node.proving.TimedWork;
import io.selkie.node.proving.WindowPostRun;
import io.selkie.node.proving.WinningPost;
import io.selkie.node.receive.SectorReception;
import io.selkie.node.recovery.BackupService;
import io.selkie.node.remote.RemoteDeletion;
import io.selkie.node.remote.RemoteFiles;
import io.selkie.node.remote.RemoteProofs;
import io.selkie.node.repo.AllowedUrls;
import io.selkie.node.sectors.DealWire;
import io.selkie.node.sectors.ExplainService;
import io.selkie.node.sectors.SealDelay;
import io.selkie.node.sectors.SectorControlService;
import io.selkie.node.sectors.SectorsService;
import io.selkie.node.sectors.UnsealCalls;
import io.selkie.node.sectors.UnsealService;
import io.selkie.node.workers.Machine;
import io.selkie.node.workers.Workers;
import io.selkie.node.workers.WorkersService;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.Forcing;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.unseal.UnsealJobs;
import io.selkie.rpc.api.Alert;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.BackupApi;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.api.ExplainApi;
import io.selkie.rpc.api.MarketApi;
import io.selkie.rpc.api.MiningApi;
import io.selkie.rpc.api.ProvingApi;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.UnsealApi;
import io.selkie.rpc.api.WorkerReturnsApi;
import io.selkie.rpc.api.WorkersApi;
import io.selkie.rpc.server.CurrentCall;
import io.selkie.rpc.server.JsonRpcServer;
import io.selkie.rpc.token.CallAudit;
import io.selkie.rpc.token.Tokens;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.RemovedFiles;
import io.selkie.storage.ReplicaProofs;
import io.selkie.storage.SectorImport;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that a miner answers whatever its chain, put together. */
public final class MinerApi implements AutoCloseable {

  /** The API version of lotus-miner 1.36, as its document names it. */
  private static final String API_VERSION = "1.5.0";

  /**
   * What the answers come from.
   *
   * @param network the prefix of addresses
   * @param auth makes tokens
   * @param identity what the node calls itself
   * @param made what the pipeline is made of
   * @param forcing which forced states are taken
   * @param workers the remote ones
   * @param arrivals takes in files of sectors sealed elsewhere
   * @param allowed which addresses are asked on a caller's word
   * @param backups makes copies of the journal
   * @param alerts what the operator should look at
   * @param audit told of every call above reading
   * @param metrics told of every call, and served
   * @param shutdown begins an orderly stop and returns at once
   */
  public record Parts(
      Address.Network network,
      Tokens tokens,
      AuthApi auth,
      NodeIdentity identity,
      PipelineParts made,
      SectorPipeline pipeline,
      UnsealJobs unsealing,
      SealDelay sealing,
      Forcing forcing,
      SectorImport arrivals,
      AllowedUrls allowed,
      SectorIndex index,
      SectorLocks locks,
      LocalPaths paths,
      StorageApi storage,
      MarketService.Deals deals,
      Workers workers,
      ProvingChain proving,
      BackupService backups,
      Supplier<List<Alert>> alerts,
      CallAudit audit,
      Metrics metrics,
      Runnable shutdown) {}

  private static final Logger LOG = LoggerFactory.getLogger(MinerApi.class);

  private final CommonService common;
  private final JsonRpcServer.Builder builder;

  public MinerApi(Parts parts) {
    this(parts, sectors -> sectors);
  }

  /**
   * @param around what stands before the sectors' methods
   */
  public MinerApi(Parts parts, UnaryOperator<SectorsApi> around) {
    ChainNode chain = parts.made().chain();
    builder = JsonRpcServer.builder(parts.network(), parts.tokens());
    common =
        new CommonService(
            parts.identity(),
            parts.made().miner(),
            chain,
            Instant.now(),
            () -> {
              CurrentCall.changed("node", underWay(parts), "told to stop");
              parts.shutdown().run();
            },
            () -> builder.openRpc(API_VERSION),
            parts.alerts());
    UnsealCalls unseals = new UnsealCalls(parts.unsealing(), parts.made().sealer(), parts.index());
    SectorsService sectors =
        new SectorsService(
            parts.pipeline(),
            chain,
            unseals,
            parts.sealing(),
            parts.forcing(),
            new SectorReception(
                parts.pipeline(),
                chain,
                parts.arrivals(),
                parts.allowed(),
                new DealWire(parts.network())),
            parts.workers().dataCids(),
            parts.network());
    parts.metrics().show(new Metrics.Sources(parts.pipeline(), parts.made().work(), parts.index()));
    SectorProver prover =
        new SectorProver(
            new ReplicaProofs(parts.paths(), parts.index(), parts.locks()),
            new TimedWork(SectorProver.AT_ONCE, SectorProver.ONE_SECTOR));
    builder
        .watch(parts.metrics())
        .allowUrls(parts.allowed())
        .audit(parts.audit())
        .mount(Metrics.PATH, parts.metrics())
        .mount(
            RemoteFiles.PATH,
            new RecordedRequests(remoteFiles(parts, chain, prover), parts.audit()))
        .serve(AuthApi.class, parts.auth())
        .serve(CommonApi.class, common)
        .serve(SectorsApi.class, around.apply(sectors))
        .serve(StorageApi.class, parts.storage())
        .serve(
            WorkersApi.class,
            new WorkersService(
                parts.made().work(),
                parts.pipeline(),
                UUID.randomUUID(),
                Machine.hostname(),
                parts.workers()))
        .serve(WorkerReturnsApi.class, parts.workers().returns())
        .serve(
            ProvingApi.class,
            new ProvingService(
                new ProvableCheck(parts.pipeline(), prover, new SecureRandom()),
                new WindowPostRun(parts.made().miner(), chain, parts.proving(), prover),
                new WinningPost(parts.made().miner(), prover),
                new FaultRecovery(
                    parts.made().miner(),
                    chain,
                    number -> parts.pipeline().status(number).isPresent())))
        .serve(MarketApi.class, new MarketService(parts.deals()))
        .serve(MiningApi.class, new MiningService(chain))
        .serve(BackupApi.class, parts.backups())
        .serve(ExplainApi.class, new ExplainService(parts.pipeline()))
        .serve(SectorControlApi.class, new SectorControlService(parts.pipeline(), parts.index()))
        .serve(
            UnsealApi.class, new UnsealService(parts.unsealing(), parts.pipeline(), parts.index()));
  }

  private static String underWay(Parts parts) {
    SortedMap<String, Long> sectors;
    try {
      sectors = parts.pipeline().summary();
    } catch (IOException e) {
      // A journal that cannot be read is a reason to stop the node, not one to keep it.
      LOG.warn("the sectors are not counted for the record of the end", e);
      sectors = new TreeMap<>();
    }
    return WorkUnderWay.of(parts.made().work().jobs(), sectors);
  }

  private static RemoteFiles remoteFiles(Parts parts, ChainNode chain, SectorProver prover) {
    return new RemoteFiles(
        parts.paths(),
        parts.locks(),
        parts.workers()::isLent,
        new RemoteDeletion(
            new RemovedFiles(parts.paths(), parts.index(), parts.locks()),
            parts.index(),
            parts.pipeline(),
            chain,
            parts.audit()),
        new RemoteProofs(
            prover,
            parts.made().sealer(),
            new TimedWork(RemoteProofs.POREPS_AT_ONCE, RemoteProofs.ONE_POREP),
            parts.network()));
  }

  /** A server of all of it, to be set up further. */
  public JsonRpcServer.Builder builder() {
    return builder;
  }

  /** Ends what callers wait for until the node stops. */
  @Override
  public void close() {
    common.close();
  }
}
