package io.selkie.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ActorId;
import org.junit.jupiter.api.Test;

/** Figures recorded from a lotus 2 KiB devnet: miner t01000, made at epoch 0, asked at 143. */
class DeadlinesTest {

  private final Deadlines deadlines = new Deadlines(Genesis.periodOffset(new ActorId(1000), 0));

  @Test
  void period_ofMiner1000_isTheRecordedOne() {
    assertThat(deadlines.periodOffset()).isEqualTo(658);
    assertThat(deadlines.periodStart(143)).isEqualTo(-2222);
    assertThat(deadlines.index(143)).isEqualTo(39);
    assertThat(deadlines.periodStart(658)).isEqualTo(658);
    assertThat(deadlines.index(657)).isEqualTo(47);
  }

  @Test
  void endNotBefore_ofRecordedSectors_isTheirOnTime() {
    assertThat(deadlines.endNotBefore(0, 3_675_537)).isEqualTo(3_675_597);
    assertThat(deadlines.endNotBefore(1, 1_600_000)).isEqualTo(1_602_057);
    assertThat(deadlines.endNotBefore(1, 1_602_057)).isEqualTo(1_602_057);
    assertThat(deadlines.endNotBefore(1, 1_602_058)).isEqualTo(1_602_057 + 2880);
  }

  @Test
  void isMutable_ofTheOpenDeadlineAndTheNext_isFalse() {
    for (int deadline = 0; deadline < Policy.DEADLINES; deadline++) {
      assertThat(deadlines.isMutable(deadline, 143)).isEqualTo(deadline != 39 && deadline != 40);
      assertThat(deadlines.isMutable(deadline, 657)).isEqualTo(deadline != 47 && deadline != 0);
    }
  }
}
