package io.selkie.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.proofs.seal.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevnetConcurrencyTest {

  private static final int THREADS = 4;
  private static final int KEYS = 40;

  @TempDir Path directory;

  @Test
  void push_ofTheSameKeysFromManyThreads_sendsEachOnce() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1)) {
      TokenAmount before = net.chain.availableBalance(DevnetFixture.MINER);
      List<Future<Map<String, Cid>>> pushers = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        pushers.add(threads.submit(() -> pushAll(net.chain)));
      }
      Future<?> blocks =
          threads.submit(() -> {
            for (int i = 0; i < 10; i++) {
              net.chain.step();
            }
            return null;
          });
      Map<String, Cid> first = pushers.getFirst().get(60, TimeUnit.SECONDS);
      assertThat(first.values()).doesNotHaveDuplicates().hasSize(KEYS);
      for (Future<Map<String, Cid>> pusher : pushers) {
        assertThat(pusher.get(60, TimeUnit.SECONDS)).isEqualTo(first);
      }
      blocks.get(60, TimeUnit.SECONDS);
      net.chain.step();
      assertThat(net.chain.head().height().value()).isEqualTo(11);
      assertThat(net.chain.availableBalance(DevnetFixture.MINER))
          .isEqualTo(before.plus(TokenAmount.of(KEYS)));
    }
  }

  private static Map<String, Cid> pushAll(Devnet chain) throws Exception {
    Map<String, Cid> cids = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      OutMessage message = new OutMessage(DevnetFixture.MINER, 0, new byte[0], TokenAmount.of(1));
      cids.put("key " + i, chain.push(message, "key " + i));
    }
    return cids;
  }

  @Test
  void readers_whileAProofIsVerified_seeTheLastBlockAndDoNotWait() throws Exception {
    CountDownLatch verifying = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    DevnetEnvironment slow =
        DevnetFixture.environment((type, sector, commR, commD, ticket, seed, proof) -> {
          verifying.countDown();
          try {
            assertThat(mayGoOn.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            return new Verdict.Invalid("interrupted: " + e);
          }
          return new Verdict.Valid();
        });
    try (DevnetFixture net =
            new DevnetFixture(Devnet.open(directory, DevnetParams.ofLotus2k(), slow));
        ExecutorService threads = Executors.newFixedThreadPool(1)) {
      net.preCommit(net.sector(1, Optional.empty()));
      net.awaitSeed(1);
      long height = net.chain.head().height().value();
      Future<Long> proving =
          threads.submit(() ->
              net.prove(List.of(DevnetFixture.activation(1)), List.of(new byte[] {1})).exitCode());
      assertThat(verifying.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(net.chain.head().height().value()).isEqualTo(height);
      assertThat(net.preCommitOf(1).number().value()).isEqualTo(1);
      mayGoOn.countDown();
      assertThat(proving.get(60, TimeUnit.SECONDS)).isZero();
      assertThat(net.chain.head().height().value()).isEqualTo(height + 1);
    }
  }
}
