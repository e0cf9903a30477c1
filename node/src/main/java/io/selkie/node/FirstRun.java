package io.selkie.node;

import io.selkie.abi.SectorSize;
import io.selkie.node.repo.ConfigFile;
import io.selkie.node.repo.ConfigWriting;
import io.selkie.node.repo.GoDuration;
import io.selkie.node.repo.MinerConfig;
import io.selkie.node.repo.Repo;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** Initialises a repository once, and refuses later to change what cannot change. */
public final class FirstRun {

  private FirstRun() {}

  /**
   * The configuration of the repository, written first if there is none.
   *
   * @throws IOException if it cannot be read, or the options contradict what the first run fixed
   */
  public static MinerConfig config(Repo repo, NodeOptions options) throws IOException {
    if (!Files.exists(repo.config())) {
      MinerConfig.Devnet defaults = MinerConfig.defaults().devnet();
      Duration blockDelay = options.blockDelay().orElse(defaults.blockDelay());
      Duration batchWait = options.batchWait().isZero() ? blockDelay : options.batchWait();
      ConfigWriting.writeFirst(
          repo.config(),
          new MinerConfig.Devnet(
              defaults.miner(), options.sectorSize().orElse(defaults.sectorSize()), blockDelay),
          batchWait,
          options.keepUnsealed());
    }
    MinerConfig config = ConfigFile.read(repo.config());
    SectorSize size = config.devnet().sectorSize();
    if (options.sectorSize().isPresent() && options.sectorSize().get() != size) {
      throw refused(repo, "--sector-size " + options.sectorSize().get(), size.toString());
    }
    Duration delay = config.devnet().blockDelay();
    if (options.blockDelay().isPresent() && !options.blockDelay().get().equals(delay)) {
      throw refused(
          repo,
          "--block-time " + GoDuration.text(options.blockDelay().get()),
          GoDuration.text(delay));
    }
    return config;
  }

  private static IOException refused(Repo repo, String option, String fixed) {
    return new IOException(
        option
            + " contradicts "
            + fixed
            + " in "
            + repo.config()
            + ", fixed by the first run; use another --repo for another devnet");
  }
}
