package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Cid;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.Outbox.Member;
import io.selkie.testkit.FakeChain;
import io.selkie.testkit.FakeSealer;
import io.selkie.testkit.InMemoryJournal;
import io.selkie.testkit.ManualClock;
import io.selkie.testkit.SeededRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class MessageBatcherTest {

  private static final SectorId SECTOR = SectorId.of(1000, 7);
  private static final long MOVES = 3;

  private final FakeChain chain = new FakeChain(Samples.MINER, SectorSize.KIB_2, Samples.HEAD);
  private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_795_376_000));
  private final ComingAgain sectors = new ComingAgain();

  /** Nothing in it comes due by itself, so that what meets here meets in one order. */
  private final MessageBatcher<String> batcher =
      new MessageBatcher<>(
          new Named(),
          new PipelineParts(
              Samples.MINER,
              new InMemoryJournal(),
              chain,
              new FakeSealer(),
              new WorkPool(Map.of()),
              clock,
              new SeededRandom(1),
              SealingConfig::defaults,
              PipelineListener.NONE),
          sectors);

  @Test
  void refusedMessage_whoseSectorComesAgainWhileItIsTold_makesNoOther() {
    chain.refuseNextPush(ChainFault.Kind.OUT_OF_GAS);
    batcher.offer(member());
    batcher.flush();
    assertThat(sectors.heard)
        .containsExactly(
            new SectorEvent.SectorChainPreCommitFailed("test was not taken: injected into push"));
    assertThat(chain.pushed()).isEmpty();
    assertThat(sectors.inFlightWhileTold).isFalse();
    assertThat(batcher.pending()).isEmpty();
  }

  @Test
  void refusedMessage_thatIsForgotten_letsItsSectorComeAgain() {
    chain.refuseNextPush(ChainFault.Kind.OUT_OF_GAS);
    batcher.offer(member());
    batcher.flush();
    batcher.offer(member());
    batcher.flush();
    assertThat(chain.pushed()).hasSize(1);
    assertThat(sectors.heard)
        .hasSize(2)
        .last()
        .isInstanceOf(SectorEvent.SectorPreCommitBatchSent.class);
  }

  private Member<String> member() {
    return new Member<>(
        SECTOR, MOVES, "content", clock.instant(), clock.instant().plus(Duration.ofDays(1)));
  }

  /** Its handler comes again while the sector is being told, as its timer may make it. */
  private final class ComingAgain implements MessageBatcher.Sectors {
    final List<SectorEvent> heard = new CopyOnWriteArrayList<>();
    boolean inFlightWhileTold;

    @Override
    public boolean deliver(SectorId sector, SectorEvent event, long moves) {
      if (event instanceof SectorEvent.Failure) {
        inFlightWhileTold = batcher.inFlight(sector).isPresent();
        batcher.offer(member());
        batcher.flush();
      }
      return heard.add(event);
    }

    @Override
    public void checkOpen() {}

    @Override
    public boolean isIn(SectorId sector, long moves) {
      return moves == MOVES;
    }
  }

  private static final class Named implements MessageKind<String> {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public SealingConfig.Batch limits() {
      return new SealingConfig.Batch(16, Duration.ofHours(1), Duration.ZERO);
    }

    @Override
    public OutMessage message(List<Member<String>> members) {
      return new OutMessage(Samples.MINER, 0, new byte[] {1}, TokenAmount.ZERO);
    }

    @Override
    public SectorEvent sent(Cid message) {
      return new SectorEvent.SectorPreCommitBatchSent(message);
    }

    @Override
    public SectorEvent failed(String why) {
      return new SectorEvent.SectorChainPreCommitFailed(why);
    }

    @Override
    public boolean isDone(SectorState state) {
      return false;
    }
  }
}
