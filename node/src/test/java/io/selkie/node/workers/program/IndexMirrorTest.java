package io.selkie.node.workers.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.SectorId;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IndexMirrorTest {

  private static final SectorId SECTOR = SectorId.of(1000, 7);

  private final RecordingNode node = new RecordingNode();
  private final IndexMirror mirror =
      new IndexMirror(node.as(StorageApi.class), Duration.ofMillis(5));

  @AfterEach
  void close() {
    mirror.close();
  }

  private void start() {
    mirror.start(new SectorIndex(InstantSource.system()));
  }

  private void declare() {
    mirror.declared("path", SECTOR, Set.of(SectorFileType.SEALED), true);
  }

  @Test
  void change_thatTheNodeNeverTakes_holdsUpNobody() throws Exception {
    node.refusing((method, _) ->
        method.equals("storageDeclareSector")
            ? Optional.of(new RpcFault("storage 'path' isn't registered"))
            : Optional.empty());
    start();
    declare();
    mirror.dropped("path", SECTOR, Set.of(SectorFileType.CACHE));
    mirror.flush();
    assertThat(node.calls("storageDropSector")).hasSize(1);
  }

  @Test
  void change_whileTheNodeIsAway_isToldWhenItIsBack() throws Exception {
    node.refusing((_, count) ->
        count < 6
            ? Optional.of(new RpcFault(JsonRpcClient.CONNECTION_FAILED, "away", null))
            : Optional.empty());
    start();
    declare();
    mirror.flush();
    assertThat(node.calls("storageDeclareSector")).hasSizeGreaterThanOrEqualTo(6);
  }

  @Test
  void changes_beyondTheLimit_loseNobodyWhoWaits() throws Exception {
    Thread waiting =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                mirror.flush();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    waiting.start();
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    for (int i = 0; i < IndexMirror.MAX_CHANGES + 10; i++) {
      declare();
    }
    start();
    waiting.join();
    mirror.flush();
    assertThat(node.calls("storageDeclareSector")).hasSizeLessThan(100);
  }

  @Test
  void path_thatIsClosed_isToldWithEachOfItsAddresses() throws Exception {
    start();
    mirror.closed("path", List.of("http://a/remote", "http://b/remote"));
    mirror.flush();
    assertThat(node.calls("storageDetach"))
        .extracting(RecordingNode.Came::arguments)
        .containsExactly(List.of("path", "http://a/remote"), List.of("path", "http://b/remote"));
  }
}
