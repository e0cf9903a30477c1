package io.selkie.node;

import io.selkie.abi.Address;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.PipelineParts;
import io.selkie.pipeline.SealingConfig;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SystemTimekeeper;
import io.selkie.pipeline.UnsealJobs;
import io.selkie.pipeline.WorkPool;
import io.selkie.pipeline.WorkPool.Task;
import io.selkie.rpc.JsonRpcServer;
import io.selkie.rpc.JsonValue;
import io.selkie.rpc.Tokens;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.FsStat;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import io.selkie.storage.StorageInfo;
import io.selkie.storage.StoragePathsFile;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fixture F1 behind the node's own services: the real pipeline, journal, index and server, with a
 * chain and a sealer that answer what the cases want.
 */
final class FixtureNode {

  private static final String PATH = "11111111-2222-4333-8444-555555555555";
  private static final String URL = "http://127.0.0.1:2345/remote";
  private static final long ROOM_BYTES = 1 << 20;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final FixtureChain chain = new FixtureChain();
  private final SectorIndex index = index();
  private final FixtureSealer sealer = new FixtureSealer(index, PATH);
  private final JsonRpcServer server;

  /**
   * Starts it.
   *
   * @param directory its repository, empty; no storage path
   */
  FixtureNode(Path directory, SqliteJournal journal, Tokens tokens) throws IOException {
    parts.push(journal);
    Path config = Files.createFile(directory.resolve("config.toml"));
    SealDelay sealing = new SealDelay(config, SealingConfig.defaults());
    PipelineParts of = pipelineParts(journal, sealing);
    UnsealJobs unsealing = opened(new UnsealJobs(of));
    unsealing.start();
    SectorPipeline pipeline = opened(new SectorPipeline(of));
    CommonService common =
        opened(
            new CommonService(
                FixtureChain.MINER,
                chain,
                Instant.now(),
                () -> {},
                () -> JsonValue.text("not asked for")));
    SectorsService sectors =
        new SectorsService(
            pipeline,
            chain,
            new UnsealCalls(unsealing, sealer, index),
            sealing,
            Address.Network.MAINNET);
    StorageService storage =
        new StorageService(
            index,
            new LocalPaths(index, DiskSpace.ofSystem(), List.of(URL)),
            new SectorLocks(),
            new StoragePathsFile(directory));
    server =
        opened(
            MinerNode.miner(Address.Network.MAINNET, tokens, common, sectors, storage)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .anonymousRead(true)
                .start());
    pipeline.start();
  }

  private static SectorIndex index() {
    SectorIndex index = new SectorIndex(InstantSource.system());
    index.attach(
        new StorageInfo(List.of(URL), SectorStoreMeta.of(UUID.fromString(PATH), true, true)),
        new FsStat(ROOM_BYTES, ROOM_BYTES, ROOM_BYTES, 0, 0, 0));
    for (long number : new long[] {9, 100, 101, 102, 104, 105}) {
      SectorId sector = SectorId.of(FixtureChain.MINER.value(), number);
      index.declare(PATH, sector, EnumSet.of(SectorFileType.SEALED, SectorFileType.CACHE), true);
      if (number > 100) {
        index.declare(PATH, sector, EnumSet.of(SectorFileType.UNSEALED), false);
      }
    }
    return index;
  }

  private PipelineParts pipelineParts(SqliteJournal journal, SealDelay sealing) {
    Map<Task, Integer> slots =
        Stream.of(Task.values()).collect(Collectors.toUnmodifiableMap(task -> task, _ -> 1));
    return new PipelineParts(
        FixtureChain.MINER,
        journal,
        chain,
        sealer,
        new WorkPool(slots),
        opened(new SystemTimekeeper()),
        new SplittableRandom(1),
        sealing,
        PipelineListener.NONE);
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  JsonRpcServer server() {
    return server;
  }

  /** Ends it, last opened first. */
  void stop() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }
}
