package io.selkie.node.repo;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorSize;
import io.selkie.node.workers.WorkerRules;
import io.selkie.pipeline.SealingConfig;
import io.selkie.rpc.server.ServerLimits;
import io.selkie.storage.TrashPolicy;
import java.time.Duration;
import java.util.List;

/**
 * The whole configuration, read once from {@code config.toml} and passed down.
 *
 * @param api where and whom the API serves
 * @param sealing how sectors are made
 * @param storage what becomes of files
 * @param workers where workers may be, and what the node leaves to them
 * @param devnet the embedded chain
 */
public record MinerConfig(
    Api api, SealingConfig sealing, TrashPolicy storage, WorkerRules workers, Devnet devnet) {

  /**
   * The API.
   *
   * @param listenAddress multiaddress, loopback unless the operator says otherwise
   * @param anonymousRead whether calls without a token may read, as lotus-miner lets them
   * @param lenientUpdate whether {@code SectorsUpdate} takes any name for a state, as lotus-miner
   *     does
   * @param limits what callers may ask for
   * @param fetchFrom which addresses the node asks on a caller's word
   */
  public record Api(
      String listenAddress,
      boolean anonymousRead,
      boolean lenientUpdate,
      ServerLimits limits,
      AllowedUrls fetchFrom) {}

  /**
   * The embedded chain; fixed by the first run.
   *
   * @param miner the miner actor
   * @param sectorSize what it seals
   * @param blockDelay wall-clock time of an epoch
   */
  public record Devnet(ActorId miner, SectorSize sectorSize, Duration blockDelay) {

    private static final Duration SHORTEST_BLOCK = Duration.ofMillis(1);
    private static final Duration LONGEST_BLOCK = Duration.ofDays(1);

    public Devnet {
      requireBlockDelay(blockDelay);
    }

    /**
     * The delay, which the chain counts in milliseconds.
     *
     * @throws IllegalArgumentException if it is below 1 ms or above a day
     */
    static Duration requireBlockDelay(Duration delay) {
      if (delay.compareTo(SHORTEST_BLOCK) < 0 || delay.compareTo(LONGEST_BLOCK) > 0) {
        throw new IllegalArgumentException(
            "a block time of " + GoDuration.text(delay) + " is not within 1ms to 24h");
      }
      return delay;
    }
  }

  /** lotus-miner's address. */
  public static final String DEFAULT_LISTEN = "/ip4/127.0.0.1/tcp/2345/http";

  /** The defaults of a 2 KiB devnet. */
  public static MinerConfig defaults() {
    return new MinerConfig(
        new Api(DEFAULT_LISTEN, false, false, ServerLimits.DEFAULT, new AllowedUrls(List.of())),
        SealingConfig.defaults(),
        TrashPolicy.DEFAULT,
        WorkerRules.DEFAULT,
        new Devnet(new ActorId(1000), SectorSize.KIB_2, Duration.ofSeconds(4)));
  }

  MinerConfig withListenAddress(String multiaddress) {
    return new MinerConfig(
        new Api(
            multiaddress, api.anonymousRead(), api.lenientUpdate(), api.limits(), api.fetchFrom()),
        sealing,
        storage,
        workers,
        devnet);
  }

  MinerConfig withSealing(SealingConfig next) {
    return new MinerConfig(api, next, storage, workers, devnet);
  }
}
