package io.selkie.node.recovery;

import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a recovery command works: in a node that runs, over its API, or in a repository of which
 * none does.
 *
 * @param repo the repository, where it is known
 * @param node the node's address and token, if it runs
 */
record RunningNode(Path repo, Optional<MinerEndpoint> node) {

  /**
   * Finds out: {@code --repo} names the repository; else {@code MINER_API_INFO} names a node; else
   * the default repository is meant.
   *
   * @throws IOException if the repository is in use by a process that serves no API
   */
  static RunningNode find(@Nullable Path repo, Optional<String> minerApiInfo, Path defaultRepo)
      throws IOException {
    if (repo == null && minerApiInfo.isPresent()) {
      return new RunningNode(defaultRepo, Optional.of(MinerEndpoint.parse(minerApiInfo.get())));
    }
    Path root = (repo == null ? defaultRepo : repo).toAbsolutePath().normalize();
    Optional<IOException> inUse = inUse(root);
    if (inUse.isEmpty()) {
      return new RunningNode(root, Optional.empty());
    }
    try {
      return new RunningNode(
          root,
          Optional.of(
              MinerEndpoint.of(
                  Files.readString(root.resolve("api")), Files.readString(root.resolve("token")))));
    } catch (NoSuchFileException missing) {
      throw new IOException(inUse.get().getMessage() + ", and serves no API yet", inUse.get());
    }
  }

  private static Optional<IOException> inUse(Path root) throws IOException {
    try (var _ = OfflineRepo.lock(root)) {
      return Optional.empty();
    } catch (IOException refused) {
      if (Files.exists(root.resolve("config.toml"))) {
        return Optional.of(refused);
      }
      throw refused;
    }
  }

  JsonRpcClient client() {
    return new JsonRpcClient(node.orElseThrow());
  }
}
