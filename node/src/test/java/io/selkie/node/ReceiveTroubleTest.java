package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.TokenAmount;
import io.selkie.node.receive.FetchLimits;
import io.selkie.node.receive.HttpSealer;
import io.selkie.node.receive.RemoteRequests;
import io.selkie.node.repo.AllowedUrls;
import io.selkie.pipeline.ImportSources;
import io.selkie.pipeline.ImportSources.Location;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRecord.PreCommit;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLocation;
import io.selkie.storage.DiskSpace;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.SectorImport;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.SectorLocks;
import io.selkie.storage.SectorStoreMeta;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sectors whose sealers are slow or send what is damaged, and the states that no other test has.
 */
final class ReceiveTroubleTest {

  private static final SectorLocation HERE = new SectorLocation(true, null, null);
  private static final String NAME = "s-t01000-0";

  /** More than the answers below break off. */
  private static final int MOST_FETCHES = 20;

  /** A byte in two seconds is enough; a body that stands still is given up soon. */
  private static final FetchLimits IMPATIENT =
      new FetchLimits(
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofSeconds(2),
          1,
          Duration.ofMinutes(1),
          Duration.ofMinutes(1));

  @TempDir private static Path home;
  private static @Nullable SealedElsewhere elsewhere;

  @BeforeAll
  static void seal() throws Exception {
    elsewhere = SealedElsewhere.start(home);
  }

  @AfterAll
  static void stop() {
    elsewhere().close();
  }

  private static SealedElsewhere elsewhere() {
    return Objects.requireNonNull(elsewhere);
  }

  @Test
  void sectors_atGetTicketAndAvailable_goOnFromThere() throws Exception {
    try (SealedRepo.Running node = elsewhere().target("states").start()) {
      MetaDraft finished = elsewhere().served("Available", 0);
      finished.unsealed = HERE;
      node.sectors().sectorReceive(finished.meta());
      MetaDraft packed = elsewhere().served("GetTicket", 1);
      packed.number = 7;
      packed.ticket = null;
      packed.seed = null;
      packed.commD = null;
      packed.commR = null;
      // Passed over where there is no replica yet: nobody elsewhere could prove ours.
      packed.commit1 = "http://127.0.0.1:1/not-allowed";
      node.sectors().sectorReceive(packed.meta());
      SectorInfo available = node.until(0, now -> now.state().equals("Available"));
      assertThat(available.commR()).isEqualTo(finished.commR);
      assertThat(node.untilProving(7).pieces()).isEqualTo(packed.pieces);
    }
  }

  @Test
  void replica_thatIsDamagedElsewhere_isNeverDeclaredAndComesWhenItIsMended() throws Exception {
    SealedElsewhere from = elsewhere();
    SealedRepo repo = from.target("damaged");
    byte[] whole = Files.readAllBytes(from.made.root.resolve("sealed").resolve(NAME));
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 1;
    String path = "/remote/sealed/" + NAME;
    from.service.answer(path, (exchange, _) -> SealingService.file(exchange, damaged));
    int before = from.asked(path).size();
    try (SealedRepo.Running node = repo.start()) {
      MetaDraft draft = from.served("Proving", 0);
      draft.unsealed = HERE;
      node.sectors().sectorReceive(draft.meta());
      SectorInfo parked = node.until(0, now -> !now.lastErr().isEmpty());
      assertThat(parked.state()).isEqualTo("ReceiveSector");
      assertThat(parked.lastErr())
          .contains("bringing the replica of sector " + NAME, "fetched 2 times: node ");
      assertThat(from.asked(path)).hasSize(before + 2);
      for (String kind : List.of("sealed", "cache")) {
        assertThat(repo.root.resolve(kind).resolve(NAME)).doesNotExist();
        assertThat(repo.root.resolve(kind).resolve("fetching").resolve(NAME)).doesNotExist();
      }
      from.service.serveSector(from.made.root, NAME);
      node.client().api(SectorControlApi.class).sectorsUpdate(0, "ReceiveSector", true);
      node.untilProving(0);
      assertThat(repo.root.resolve("sealed").resolve(NAME)).hasBinaryContent(whole);
    }
  }

  @Test
  void files_thatTrickleAndStandStill_areGivenUpAndGoneOnWith() throws Exception {
    SealedElsewhere from = elsewhere();
    byte[] replica = Files.readAllBytes(from.made.root.resolve("sealed").resolve(NAME));
    byte[] archive = SealingService.archive(from.made.root.resolve("cache").resolve(NAME));
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger replicas = new AtomicInteger();
    from.service.answer(
        "/slow/sealed",
        (exchange, _) -> {
          switch (replicas.getAndIncrement()) {
            case 0 -> trickle(exchange, "octet-stream", replica, 700, end);
            case 1 -> SealingService.status(exchange, 503);
            default -> SealingService.file(exchange, replica);
          }
        });
    AtomicInteger archives = new AtomicInteger();
    from.service.answer(
        "/slow/cache",
        (exchange, _) -> {
          if (archives.getAndIncrement() == 0) {
            trickle(exchange, "x-tar", archive, 600, end);
          } else {
            SealingService.bytes(exchange, archive, "x-tar");
          }
        });
    Path store = home.resolve("slow");
    List<String> faults = new ArrayList<>();
    try (RemoteRequests requests =
        new RemoteRequests(
            new AllowedUrls(List.of(AllowedUrls.prefix(from.service.url("/slow")))), IMPATIENT)) {
      HttpSealer sealer = new HttpSealer(requests, imports(store), IMPATIENT);
      boolean come = false;
      while (!come) {
        try {
          sealer.fetch(sector(), sources(), Progress.NONE);
          come = true;
        } catch (SealFault fault) {
          assertThat(fault.kind()).as(fault.getMessage()).isEqualTo(SealFault.Kind.IO);
          faults.add(String.valueOf(fault.getMessage()));
          assertThat(faults).hasSizeLessThan(MOST_FETCHES);
        }
      }
    } finally {
      end.countDown();
    }
    assertThat(store.resolve("sealed").resolve(NAME)).hasBinaryContent(replica);
    assertThat(store.resolve("cache").resolve(NAME).resolve("p_aux")).exists();
    assertThat(faults)
        .anySatisfy(fault -> assertThat(fault).contains("given up: fewer than 1 bytes came in"))
        .anySatisfy(fault -> assertThat(fault).contains("answered with status 503"));
    List<String> ranges =
        from.asked("/slow/sealed").stream().map(SealingService.Asked::range).toList();
    // How much came before it was given up is the machine's business; it is never asked for again.
    assertThat(ranges).hasSizeGreaterThanOrEqualTo(3).startsWith("null");
    assertThat(ranges.get(2)).as("nothing came with the status").isEqualTo(ranges.get(1));
    assertThat(archives.get()).isGreaterThanOrEqualTo(2);
  }

  /** Some bytes one by one, and then nothing until the test ends. */
  private static void trickle(
      HttpExchange exchange, String type, byte[] whole, int bytes, CountDownLatch end)
      throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/" + type);
    exchange.sendResponseHeaders(200, whole.length);
    OutputStream out = exchange.getResponseBody();
    for (int i = 0; i < bytes; i++) {
      out.write(whole[i]);
      out.flush();
    }
    try {
      end.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static SectorImport imports(Path store) throws IOException {
    SectorIndex index = new SectorIndex(InstantSource.system());
    LocalPaths paths = new LocalPaths(index, DiskSpace.ofSystem(), List.of("http://here/remote"));
    LocalPaths.init(store, SectorStoreMeta.of(new UUID(1, 2), true, true));
    paths.open(store);
    return new SectorImport(
        paths, index, new SectorLocks(), 1, home.resolve("parents"), new SplittableRandom(3));
  }

  /** As much of the first sector as its files are checked by. */
  private static SectorRecord sector() throws Exception {
    SectorInfo info = elsewhere().origin.sectors().sectorsStatus(0, false);
    SectorId id = SectorId.of(1000, 0);
    SectorRecord fresh = SectorRecord.fresh(id, RegisteredSealProof.ofNumber(info.sealProof()));
    return new SectorRecord(
        id,
        "Proving",
        fresh.sealProof(),
        0,
        List.of(),
        Optional.empty(),
        new PreCommit(
            Optional.empty(),
            Optional.ofNullable(info.commD()),
            Optional.ofNullable(info.commR()),
            Optional.empty(),
            List.of(),
            TokenAmount.ZERO),
        fresh.commit(),
        fresh.upgrade(),
        fresh.termination(),
        fresh.failures(),
        "",
        "",
        0,
        0);
  }

  private static ImportSources sources() {
    return new ImportSources(
        Optional.empty(),
        Optional.of(new Location(false, elsewhere().service.url("/slow/sealed"), List.of())),
        Optional.of(new Location(false, elsewhere().service.url("/slow/cache"), List.of())),
        "",
        "",
        "");
  }
}
