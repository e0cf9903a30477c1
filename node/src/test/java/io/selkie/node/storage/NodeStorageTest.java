package io.selkie.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.node.repo.ConfigWriting;
import io.selkie.node.repo.ListenAddress;
import io.selkie.node.repo.MinerConfig;
import io.selkie.node.repo.Repo;
import io.selkie.node.sectors.SealDelay;
import io.selkie.rpc.RpcFault;
import io.selkie.storage.TrashPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node's storage says of itself. */
final class NodeStorageTest {

  @TempDir private Path home;

  @Test
  void storageInfo_namesTheAddressThatIsListenedAt() throws IOException, RpcFault {
    try (Repo repo = Repo.open(home);
        NodeStorage storage =
            NodeStorage.open(
                repo,
                ListenAddress.parse("127.0.0.1:4711"),
                TrashPolicy.DEFAULT,
                home.resolve("parents"))) {
      String id = storage.service().storageLocal().keySet().iterator().next();
      assertThat(storage.service().storageInfo(id).urls())
          .containsExactly("http://127.0.0.1:4711/remote");
    }
  }

  @Test
  void setDelay_belowZero_isRefusedAndChangesNothing() throws IOException {
    Path file = home.resolve("config.toml");
    ConfigWriting.writeFirst(file, MinerConfig.defaults().devnet(), Duration.ZERO, true);
    byte[] before = Files.readAllBytes(file);
    SealDelay delay = new SealDelay(file, MinerConfig.defaults().sealing());
    assertThatThrownBy(() -> delay.set(Duration.ofMinutes(-5)))
        .isInstanceOf(IOException.class)
        .hasMessage("Sealing.WaitDealsDelay of -300000000000 ns is negative");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(delay.delay()).isEqualTo(Duration.ofHours(6));
  }
}
