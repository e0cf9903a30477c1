package io.selkie.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Blake2b;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Randomness;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.ChainNode.TipSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevnetBlocksTest {

  @TempDir Path directory;

  @Test
  void step_byHand_makesOneBlockEach() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      TipSet genesis = net.chain.head();
      assertThat(genesis.height()).isEqualTo(ChainEpoch.ZERO);
      TipSet first = net.chain.step();
      TipSet second = net.chain.step();
      assertThat(first.height().value()).isEqualTo(1);
      assertThat(second.height().value()).isEqualTo(2);
      assertThat(net.chain.head()).isEqualTo(second);
      assertThat(Set.of(genesis.cids(), first.cids(), second.cids())).hasSize(3);
    }
  }

  @Test
  void skipTo_aLaterEpoch_leavesNullRounds() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      net.chain.skipTo(new ChainEpoch(500_000));
      assertThat(net.chain.head().height().value()).isEqualTo(500_000);
      assertThatThrownBy(() -> net.chain.skipTo(new ChainEpoch(500_000)))
          .isInstanceOf(ChainFault.class)
          .hasMessage("no block at 500000: the head is at 500000");
    }
  }

  @Test
  void head_afterReopening_isTheSame() throws Exception {
    TipSet head;
    Randomness seed;
    try (DevnetFixture net = new DevnetFixture(directory)) {
      net.chain.step();
      head = net.chain.step();
      seed = beacon(net.chain, 2);
    }
    try (DevnetFixture net = new DevnetFixture(directory)) {
      assertThat(net.chain.head()).isEqualTo(head);
      assertThat(beacon(net.chain, 2)).isEqualTo(seed);
      assertThat(net.chain.step().height().value()).isEqualTo(3);
    }
  }

  @Test
  void open_whileOpen_isRefused() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      assertThat(net.chain.miners()).hasSize(1);
      assertThatThrownBy(() -> DevnetFixture.open(directory))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("open already");
    }
  }

  @Test
  void open_ofAnExistingChain_keepsItsParameters() throws Exception {
    DevnetParams first = DevnetParams.ofLotus2k().withBlockDelay(Duration.ofMillis(100));
    DevnetEnvironment environment = DevnetEnvironment.ofSystem();
    Devnet.open(directory, first.withWaits(3, 1, 2), environment).close();
    try (Devnet chain = Devnet.open(directory, DevnetParams.ofLotus2k(), environment)) {
      assertThat(chain.timing().blockDelayMs()).isEqualTo(100);
      assertThat(chain.timing().preCommitChallengeDelay()).isEqualTo(3);
      assertThat(chain.timing().messageConfidence()).isEqualTo(1);
      assertThat(chain.timing().interactiveConfidence()).isEqualTo(2);
      assertThat(chain.timing().ticketLookback()).isEqualTo(900);
      assertThat(chain.timing().networkVersion()).isEqualTo(28);
    }
  }

  @Test
  void methods_afterClose_faultInsteadOfHanging() throws Exception {
    DevnetFixture net = new DevnetFixture(directory);
    net.close();
    assertThatThrownBy(net.chain::head).isInstanceOf(ChainFault.class);
    assertThatThrownBy(net.chain::step).isInstanceOf(ChainFault.class);
  }

  @Test
  void listeners_hearEveryHeadUntilClosed_evenIfOneFails() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      List<Long> heard = new ArrayList<>();
      net.chain.onHead(() -> {
        throw new IllegalStateException("a listener's own fault");
      });
      AutoCloseable registration =
          net.chain.onHead(() -> {
            try {
              heard.add(net.chain.head().height().value());
            } catch (ChainFault e) {
              throw new IllegalStateException(e);
            }
          });
      net.chain.step();
      net.chain.skipTo(new ChainEpoch(5));
      registration.close();
      net.chain.step();
      assertThat(heard).containsExactly(1L, 5L);
    }
  }

  @Test
  void timer_whenItTicks_makesABlockAndIsClosedWithTheChain() throws Exception {
    List<Runnable> ticks = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    try (DevnetFixture net = new DevnetFixture(directory)) {
      net.chain.start((delay, block) -> {
        assertThat(delay).isEqualTo(Duration.ofSeconds(4));
        ticks.add(block);
        return () -> closed.add("timer");
      });
      ticks.getFirst().run();
      ticks.getFirst().run();
      assertThat(net.chain.head().height().value()).isEqualTo(2);
    }
    assertThat(closed).containsExactly("timer");
    // A tick that comes too late is logged and does no harm.
    ticks.getFirst().run();
  }

  @Test
  void timer_ofTheSystem_ticksUntilClosed() throws Exception {
    CountDownLatch ticked = new CountDownLatch(3);
    AutoCloseable timer = BlockTimer.ofSystem().every(Duration.ofMillis(1), ticked::countDown);
    assertThat(ticked.await(30, TimeUnit.SECONDS)).isTrue();
    timer.close();
    try (DevnetFixture net = new DevnetFixture(directory)) {
      CountDownLatch blocks = new CountDownLatch(2);
      net.chain.onHead(blocks::countDown);
      net.chain.start((delay, block) -> BlockTimer.ofSystem().every(Duration.ofMillis(1), block));
      assertThat(blocks.await(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> net.chain.start(BlockTimer.ofSystem()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void ticketRandomness_atAnyEpoch_isTheHashOfItsBase() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      net.chain.step();
      Set<Randomness> seen = new HashSet<>();
      for (long epoch : new long[] {-900, -899, -1, 0, 1}) {
        seen.add(ticket(net.chain, epoch));
        assertThat(ticket(net.chain, epoch)).isEqualTo(ticket(net.chain, epoch));
      }
      assertThat(seen).hasSize(5);
      assertThatThrownBy(() -> ticket(net.chain, 2))
          .isInstanceOf(ChainFault.class)
          .hasMessage("randomness of epoch 2, the head is at 1");
      assertThatThrownBy(() -> beacon(net.chain, 2)).isInstanceOf(ChainFault.class);
    }
  }

  @Test
  void draw_ofKnownBase_isTheFormulaOfTheSpecification() {
    byte[] base = {1, 2, 3};
    byte[] entropy = {4};
    byte[] plain =
        ByteBuffer.allocate(49)
            .putLong(6)
            .put(Blake2b.digest256(base))
            .putLong(-7)
            .put(entropy)
            .array();
    assertThat(
            ChainRandomness.draw(RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, base, -7, entropy)
                .bytes())
        .isEqualTo(Blake2b.digest256(plain));
  }

  @Test
  void beaconRandomness_ofANullRound_isFixedByTheNextBlock() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      net.chain.skipTo(new ChainEpoch(10));
      Set<Randomness> seen = new HashSet<>();
      List<Randomness> before = new ArrayList<>();
      for (long epoch = 0; epoch <= 10; epoch++) {
        seen.add(beacon(net.chain, epoch));
        before.add(beacon(net.chain, epoch));
      }
      assertThat(seen).hasSize(11);
      net.chain.step();
      for (int epoch = 0; epoch <= 10; epoch++) {
        assertThat(beacon(net.chain, epoch)).isEqualTo(before.get(epoch));
      }
      assertThat(ticket(net.chain, 4)).isNotEqualTo(ticket(net.chain, 5));
    }
  }

  @Test
  void beaconRandomness_ofTwoChains_differs(@TempDir Path other) throws Exception {
    DevnetParams params = DevnetParams.ofLotus2k();
    try (Devnet one = Devnet.open(directory, params, DevnetEnvironment.ofSystem());
        Devnet two = Devnet.open(other, params, DevnetEnvironment.ofSystem())) {
      one.step();
      two.step();
      assertThat(beacon(one, 1)).isNotEqualTo(beacon(two, 1));
      assertThat(ticket(one, 1)).isNotEqualTo(ticket(two, 1));
    }
  }

  private static Randomness ticket(Devnet chain, long epoch) throws ChainFault {
    return chain.ticketRandomness(RandomnessTag.SEAL, new ChainEpoch(epoch), DevnetFixture.ENTROPY);
  }

  private static Randomness beacon(Devnet chain, long epoch) throws ChainFault {
    return chain.beaconRandomness(
        RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, new ChainEpoch(epoch), DevnetFixture.ENTROPY);
  }
}
