package io.selkie.node.recovery;

import io.selkie.abi.SectorId;
import io.selkie.chain.ChainFile;
import io.selkie.chain.Devnet;
import io.selkie.chain.DevnetEnvironment;
import io.selkie.chain.DevnetParams;
import io.selkie.node.repo.ConfigFile;
import io.selkie.node.repo.MinerConfig;
import io.selkie.node.repo.Repo;
import io.selkie.pipeline.JournalRepair;
import io.selkie.pipeline.SectorRecord;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.InventoryScan;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.RemovedFiles;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.StoragePathsFile;
import io.selkie.store.SqliteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A repository whose node does not run, opened under its lock for recovery: no handler, no block,
 * no API. Closing it lets the node start again.
 */
final class OfflineRepo implements AutoCloseable, DoctorSteps {

  private final Repo repo;
  private final MinerConfig config;
  private final SqliteJournal journal;
  private final Optional<Devnet> chain;
  private final String chainTrouble;
  private final List<Path> roots;
  private final InstantSource clock;

  private OfflineRepo(
      Repo repo, MinerConfig config, SqliteJournal journal, List<Path> roots, Chain chain) {
    this.repo = repo;
    this.config = config;
    this.journal = journal;
    this.roots = List.copyOf(roots);
    this.chain = chain.devnet();
    this.chainTrouble = chain.trouble();
    this.clock = InstantSource.system();
  }

  private record Chain(Optional<Devnet> devnet, String trouble) {}

  /**
   * Opens an existing repository.
   *
   * @param journal where its journal is
   * @throws IOException if it is in use or none, or configuration, journal or path list are damaged
   */
  static OfflineRepo open(Repo repo, Path journal) throws IOException {
    MinerConfig config = ConfigFile.read(repo.config());
    List<Path> roots = new StoragePathsFile(repo.root()).read();
    SqliteJournal opened = SqliteJournal.open(journal);
    boolean complete = false;
    try {
      OfflineRepo offline = new OfflineRepo(repo, config, opened, roots, chain(repo, config));
      complete = true;
      return offline;
    } finally {
      if (!complete) {
        opened.close();
      }
    }
  }

  /**
   * Takes the lock of an existing repository.
   *
   * @throws IOException if there is none, or its node runs
   */
  static Repo lock(Path root) throws IOException {
    if (!Files.exists(root.resolve("config.toml"))) {
      throw new IOException(root + " is no repository: it has no config.toml");
    }
    return Repo.open(root);
  }

  /** The chain is another source of knowledge: without it, everything else is still looked at. */
  private static Chain chain(Repo repo, MinerConfig config) throws IOException {
    Path file = repo.devnet().resolve(ChainFile.NAME);
    if (!Files.exists(file)) {
      return new Chain(Optional.empty(), file + " is missing");
    }
    try {
      DevnetParams params = DevnetParams.ofLotus2k().withBlockDelay(config.devnet().blockDelay());
      return new Chain(
          Optional.of(Devnet.open(repo.devnet(), params, DevnetEnvironment.ofSystem())), "");
    } catch (IOException damaged) {
      return new Chain(Optional.empty(), String.valueOf(damaged.getMessage()));
    }
  }

  RecoverySite site() {
    return new RecoverySite(
        config.devnet().miner(),
        config.devnet().sectorSize(),
        journal,
        chain,
        chainTrouble,
        now -> InventoryScan.of(roots, now),
        Optional.empty(),
        config.storage().retention(),
        clock);
  }

  SqliteJournal journal() {
    return journal;
  }

  Optional<Devnet> chain() {
    return chain;
  }

  Repo repo() {
    return repo;
  }

  Doctor doctor() {
    return new Doctor(site(), this);
  }

  @Override
  public void forceState(SectorId sector, String state) throws IOException {
    new JournalRepair(journal).forceState(sector, state, clock.instant());
  }

  @Override
  public void rebuild(SectorRecord record, String why) throws IOException {
    Instant now = clock.instant();
    new JournalRepair(journal).rebuild(record, why, now);
  }

  @Override
  public void allocate(SectorId sector) throws IOException {
    journal.allocateNumber(sector);
  }

  @Override
  public void quarantine(SectorId sector, SectorFileType type, Path file) throws IOException {
    removed().quarantine(sector, type, file, "doctor");
  }

  @Override
  public void untrash(String pathId, Path entry) throws IOException {
    removed().restore(pathId, String.valueOf(entry.getFileName()));
  }

  @Override
  public void redeclare(String pathId) {
    throw new IllegalStateException("the index of " + pathId + " is made anew at every start");
  }

  private RemovedFiles removed() throws IOException {
    SectorIndex index = new SectorIndex(clock);
    LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of(), config.storage());
    paths.openAll(new StoragePathsFile(repo.root()));
    return new RemovedFiles(paths, index, new SectorLocks());
  }

  @Override
  public void close() throws IOException {
    try {
      if (chain.isPresent()) {
        chain.get().close();
      }
    } finally {
      journal.close();
    }
  }
}
