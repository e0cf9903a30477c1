package io.selkie.node.workers.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.pipeline.SealFault;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallId;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.api.WorkerReturnsApi;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.storage.SectorIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CallDeskTest {

  private static final WireSectorId SECTOR = new WireSectorId(1000, 7);
  private static final Duration SOON = Duration.ofMillis(5);

  private final RecordingNode node = new RecordingNode();
  @TempDir private Path directory;
  private CallJournal journal;
  private IndexMirror mirror;
  private CallDesk desk;

  @BeforeEach
  void open() throws IOException {
    journal = new CallJournal(directory.resolve("calls"));
    mirror = new IndexMirror(node.as(StorageApi.class), SOON);
    mirror.start(new SectorIndex(InstantSource.system()));
    desk = new CallDesk(node.as(WorkerReturnsApi.class), journal, mirror, "host", _ -> {}, SOON);
  }

  @AfterEach
  void close() {
    desk.close();
    mirror.close();
  }

  private static CallDesk.Result done() {
    return (to, call) -> to.returnFinalizeSector(call, null);
  }

  @Test
  void result_thatTheNodeCannotTakeNow_isReturnedUntilItDoes() throws Exception {
    node.refusing((_, count) ->
        switch (count) {
          case 1 -> Optional.of(new RpcFault("the result of x cannot be recorded: disk full"));
          case 2 -> Optional.of(new RpcFault("missing permission to invoke 'ReturnFetch'"));
          case 3 -> Optional.of(new RpcFault(JsonRpcClient.CONNECTION_FAILED, "away", null));
          default -> Optional.empty();
        });
    CallId call = desk.begin(SECTOR, ReturnKind.FINALIZE, CallDeskTest::done);
    desk.awaitQuiet();
    assertThat(node.calls("returnFinalizeSector")).hasSize(4);
    assertThat(String.valueOf(node.calls("returnFinalizeSector").getLast()))
        .contains(call.id().toString());
    assertThat(journal.unfinished()).isEmpty();
  }

  @Test
  void result_thatTheNodeHasAlready_isNotReturnedAgain() throws Exception {
    for (String text :
        new String[] {
          "result for call seal/v0/finalize([[1]]) already reported",
          "callRes channel already has a response"
        }) {
      int before = node.calls("returnFinalizeSector").size();
      node.refusing((_, _) -> Optional.of(new RpcFault(text)));
      desk.begin(SECTOR, ReturnKind.FINALIZE, CallDeskTest::done);
      desk.awaitQuiet();
      assertThat(node.calls("returnFinalizeSector")).hasSize(before + 1);
    }
    assertThat(journal.unfinished()).isEmpty();
  }

  @Test
  void call_thatIsNamed_isOnRecordAndReturnedByTheNextRun() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CallId call =
        desk.begin(
            SECTOR,
            ReturnKind.PRE_COMMIT_1,
            () -> {
              waitFor(never);
              return done();
            });
    CallJournal next = new CallJournal(directory.resolve("calls"));
    assertThat(next.unfinished()).containsEntry(call, ReturnKind.PRE_COMMIT_1);
    try (CallDesk another =
        new CallDesk(node.as(WorkerReturnsApi.class), next, mirror, "host", _ -> {}, SOON)) {
      another.returnUnfinished();
      node.await("returnSealPreCommit1", 1);
    }
    assertThat(String.valueOf(node.calls("returnSealPreCommit1").getFirst()))
        .contains(call.id().toString(), "code=101");
    never.countDown();
  }

  @Test
  void data_withoutASector_isHashedBesideOther() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      desk.begin(
          new WireSectorId(0, 0),
          ReturnKind.DATA_CID,
          () -> {
            both.countDown();
            waitFor(both);
            return done();
          });
    }
    desk.awaitQuiet();
    assertThat(node.calls("returnFinalizeSector")).hasSize(2);
    assertThat(node.calls("returnDataCid")).as("neither failed").isEmpty();
  }

  @Test
  void call_againForTheSameSector_endsTheOneBefore() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    desk.begin(
        SECTOR,
        ReturnKind.PRE_COMMIT_1,
        () -> {
          waitFor(never);
          return done();
        });
    desk.begin(SECTOR, ReturnKind.PRE_COMMIT_1, CallDeskTest::done);
    desk.awaitQuiet();
    assertThat(String.valueOf(node.calls("returnSealPreCommit1"))).contains("code=100");
    assertThat(node.calls("returnFinalizeSector")).hasSize(1);
  }

  private static void waitFor(CountDownLatch latch) throws SealFault {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new SealFault(SealFault.Kind.CANCELLED, "interrupted", e);
    }
  }
}
