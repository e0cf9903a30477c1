package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.TokenAmount;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.RemoteSectorMeta;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLocation;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.storage.SectorFileType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The real program is killed while it fetches a sector that was sealed elsewhere: in the middle of
 * its replica, and in the middle of its cache. Started once more, it goes on by itself.
 */
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class ReceiveKillTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NAME = "s-t01000-0";

  @TempDir Path directory;

  /** What is waited for. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException, RpcFault, InterruptedException;
  }

  @Test
  void sector_killedWhileItsFilesCome_isProvenInTheEnd() throws Exception {
    Path repo = directory.resolve("miner");
    Path files = directory.resolve("elsewhere");
    SectorInfo made;
    try (NodeProcess sealing = start(repo)) {
      sealing.sectors().pledgeSector();
      made = proven(sealing);
    }
    loseSector(repo, files);
    try (SlowSource source = SlowSource.start(files, NAME)) {
      allow(repo, source.url());
      NodeProcess node = start(repo);
      node.sectors().sectorReceive(meta(made, source));
      Path replica = repo.resolve("sealed/fetching").resolve(NAME);
      await(node, "a part of the replica", () -> Files.exists(replica) && Files.size(replica) > 0);
      node.kill();
      long here = Files.size(replica);
      assertThat(here).isLessThan(2048);

      node = start(repo);
      Path aux = repo.resolve("cache/fetching").resolve(NAME).resolve("p_aux");
      await(node, "a part of the cache", () -> Files.exists(aux));
      assertThat(node.sectors().sectorsStatus(0, false).state()).isEqualTo("ReceiveSector");
      node.kill();

      node = start(repo);
      SectorInfo info = proven(node);
      node.close();
      assertThat(info.commR()).isEqualTo(made.commR());
      assertThat(info.log())
          .filteredOn(line -> line.kind().equals("event;sealing.SectorReceived"))
          .hasSize(1);
      assertThat(source.asked("sealed"))
          .extracting(SlowSource.Asked::range)
          .as("it went on where it was, and what is here is not fetched again")
          .containsExactly("null", "bytes=" + here + "-");
      assertThat(source.asked("cache")).hasSize(2);
      assertThat(Stream.of("sealed", "cache").flatMap(kind -> source.asked(kind).stream()))
          .allMatch(asked -> asked.secret().equals(SlowSource.SECRET));
      requireFiles(repo, files);
    }
  }

  private static NodeProcess start(Path repo) throws IOException, InterruptedException {
    return NodeProcess.start(repo, "--sector-size", "2KiB", "--block-time", "50ms");
  }

  /** The node of this repository never knew of the sector; the chain does, and it is elsewhere. */
  private static void loseSector(Path repo, Path files) throws IOException {
    for (String kind : List.of("sealed", "cache")) {
      Files.createDirectories(files.resolve(kind));
      Files.move(repo.resolve(kind).resolve(NAME), files.resolve(kind).resolve(NAME));
    }
    Files.deleteIfExists(repo.resolve("unsealed").resolve(NAME));
    try (Stream<Path> all = Files.walk(repo.resolve("datastore"))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static void allow(Path repo, String url) throws IOException {
    Path config = repo.resolve("config.toml");
    String text = Files.readString(config);
    assertThat(text).contains("[API]\n");
    Files.writeString(
        config, text.replace("[API]\n", "[API]\nFetchFrom = [\"%s\"]\n".formatted(url)));
  }

  private static RemoteSectorMeta meta(SectorInfo made, SlowSource source) {
    return new RemoteSectorMeta(
        "Proving",
        new WireSectorId(1000, 0),
        made.sealProof(),
        made.pieces(),
        made.ticket().value(),
        made.ticket().epoch(),
        null,
        made.commD(),
        made.commR(),
        null,
        TokenAmount.ZERO,
        null,
        null,
        made.seed().value(),
        made.seed().epoch(),
        made.proof(),
        made.commitMsg(),
        null,
        new SectorLocation(true, null, null),
        source.place("sealed"),
        source.place("cache"),
        "",
        "",
        "");
  }

  private static SectorInfo proven(NodeProcess node)
      throws IOException, RpcFault, InterruptedException {
    await(
        node,
        "the sector in Proving",
        () -> {
          SectorInfo now = node.sectors().sectorsStatus(0, true);
          return now.state().equals("Proving") && now.activation() > 0;
        });
    return node.sectors().sectorsStatus(0, true);
  }

  private static void await(NodeProcess node, String what, Condition reached)
      throws IOException, RpcFault, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!reached.holds()) {
      assertThat(System.nanoTime()).as("%s\n%s", what, node.output()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /** What came is what was sealed, and nothing is left where it was put while it came. */
  private static void requireFiles(Path repo, Path files) throws IOException {
    assertThat(repo.resolve("sealed").resolve(NAME))
        .hasSameBinaryContentAs(files.resolve("sealed").resolve(NAME));
    Path cache = files.resolve("cache").resolve(NAME);
    try (Stream<Path> all = Files.list(cache)) {
      for (Path each : all.toList()) {
        assertThat(repo.resolve("cache").resolve(NAME).resolve(each.getFileName()))
            .hasSameBinaryContentAs(each);
      }
    }
    for (SectorFileType type : SectorFileType.values()) {
      Path place = repo.resolve(type.directoryName()).resolve("fetching").resolve(NAME);
      assertThat(place).doesNotExist();
    }
  }
}
