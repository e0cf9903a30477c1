package io.selkie.node;

import io.selkie.abi.Address;
import io.selkie.abi.SectorSize;
import io.selkie.node.recovery.RestoreRun;
import io.selkie.pipeline.ChainFault;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A repository with real sectors of 2 KiB: number 0 holds a deal and is proven, number 1 holds
 * another and was stopped between its pre-commit and its proof, number 2 is pledged and proven.
 */
public final class SealedRepo {

  static final byte[] FIRST = KeyedBytes.of("recovery-first", 1016);
  static final byte[] SECOND = KeyedBytes.of("recovery-second", 2032);

  /** Long enough for a machine that is busy with other tests. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path home;
  public final Path root;

  private SealedRepo(Path home, Path root) {
    this.home = home;
    this.root = root;
  }

  /** Stands in until there is one. */
  public static SealedRepo none() {
    return new SealedRepo(Path.of(""), Path.of(""));
  }

  /** A repository that is initialised when its node is first started, without sectors. */
  public static SealedRepo inDirectory(Path home) {
    return new SealedRepo(home, home.resolve("origin"));
  }

  /** Seals. */
  static SealedRepo make(Path home) throws IOException, ChainFault, RpcFault, InterruptedException {
    SealedRepo repo = inDirectory(home);
    try (Running node = repo.start()) {
      node.addDeal(FIRST, "first");
      node.sectors().sectorStartSealing(0);
      node.until(0, info -> info.state().equals("Proving") && info.activation() > 0);
      node.addDeal(SECOND, "second");
      node.sectors().pledgeSector();
      node.until(2, info -> info.state().equals("PreCommitBatchWait") || info.activation() > 0);
      node.until(
          1,
          info -> Set.of("WaitSeed", "Committing", "SubmitCommitAggregate").contains(info.state()));
    }
    return repo;
  }

  /** A copy of its own for one test; its storage path is the copy. */
  SealedRepo copy(String name) throws IOException {
    Path to = home.resolve(name);
    try (var all = Files.walk(root)) {
      for (Path from : (Iterable<Path>) all::iterator) {
        Files.copy(
            from, to.resolve(root.relativize(from).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Path paths = to.resolve("storage.json");
    Files.writeString(paths, Files.readString(paths).replace(root.toString(), to.toString()));
    return new SealedRepo(home, to);
  }

  /** Below it callers may have copies of the journal made. */
  Path copies() {
    return home.resolve("copies");
  }

  Path journal() {
    return root.resolve("datastore/journal.db");
  }

  void loseJournal() throws IOException {
    for (Path file : RestoreRun.database(journal())) {
      Files.delete(file);
    }
  }

  /** Starts its node in this process. */
  public Running start() throws IOException, ChainFault {
    MinerNode node =
        MinerNode.start(
            new NodeOptions(
                root,
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                Files.exists(root) ? Optional.empty() : Optional.of(SectorSize.KIB_2),
                Files.exists(root) ? Optional.empty() : Optional.of(Duration.ofMillis(100)),
                Duration.ZERO,
                false,
                Optional.of(home.resolve("parents")),
                Optional.of(copies().toString())),
            NodeEvents.NONE);
    return new Running(
        node,
        new JsonRpcClient(
            MinerEndpoint.of(
                Files.readString(root.resolve("api")), Files.readString(root.resolve("token"))),
            Address.Network.TESTNET));
  }

  /** A node at work. */
  public record Running(MinerNode node, JsonRpcClient client) implements AutoCloseable {

    public SectorsApi sectors() {
      return client.api(SectorsApi.class);
    }

    void addDeal(byte[] data, String label) throws RpcFault, InterruptedException, IOException {
      WirePiece piece = sectors().computeDataCid(data.length, new ByteArrayInputStream(data));
      PieceDealInfo deal =
          client
              .api(DevnetApi.class)
              .devnetPublishDeal(
                  Objects.requireNonNull(piece.pieceCid()), piece.size(), label, 0, 0);
      PieceDealInfo dropped =
          new PieceDealInfo(
              deal.publishCid(),
              deal.dealId(),
              deal.dealProposal(),
              deal.dealSchedule(),
              deal.pieceActivationManifest(),
              false);
      sectors().sectorAddPieceToAny(data.length, new ByteArrayInputStream(data), dropped);
    }

    public SectorInfo until(long sector, Predicate<SectorInfo> reached)
        throws RpcFault, InterruptedException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        SectorInfo now = sectors().sectorsStatus(sector, true);
        if (reached.test(now)) {
          return now;
        }
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "sector " + sector + " stays in " + now.state() + ": " + now.lastErr());
        }
        Thread.sleep(20);
      }
    }

    SectorInfo untilProving(long sector) throws RpcFault, InterruptedException {
      return until(sector, info -> info.state().equals("Proving") && info.activation() > 0);
    }

    @Override
    public void close() {
      client.close();
      node.close();
    }
  }
}
