package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.BitField;
import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.SectorNumbers;
import org.junit.jupiter.api.Test;

final class SectorNumbersTest {

  @Test
  void numbers_reservedOrUsed_areSkipped() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorNumbers numbers = miner.pipeline.numbers();
      numbers.reserve("mine", BitField.ofRange(1, 3), false);
      assertThat(miner.pipeline.pledge().number()).isEqualTo(new SectorNumber(0));
      assertThat(miner.pipeline.pledge().number()).isEqualTo(new SectorNumber(3));
      SectorNumbers.Meta meta = numbers.meta();
      assertThat(meta.reserved().toRunLengths()).containsExactly(1, 2);
      assertThat(meta.allocated().toRunLengths()).containsExactly(0, 1, 2, 1);
      assertThat(meta.inUse().toRunLengths()).containsExactly(0, 4);
      assertThat(meta.next()).isEqualTo(new SectorNumber(4));
      assertThat(numbers.reserveCount("more", 3).toRunLengths()).containsExactly(4, 3);
      numbers.free("mine");
      assertThat(miner.pipeline.pledge().number()).isEqualTo(new SectorNumber(1));
      assertThat(numbers.reservations()).containsOnlyKeys("more");
      assertThat(numbers.reserveCount("none", 0).toRunLengths()).containsExactly(0);
    }
  }

  @Test
  void reserveCount_ofMoreThanThereAre_isRefused() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorNumbers numbers = miner.pipeline.numbers();
      assertThat(numbers.reserveCount("most", Long.MAX_VALUE / 2).size())
          .isEqualTo(Long.MAX_VALUE / 2);
      assertThatThrownBy(() -> numbers.reserveCount("more", Long.MAX_VALUE - 5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("there are not so many behind");
      assertThat(numbers.reservations()).containsOnlyKeys("most");
    }
  }

  @Test
  void reserve_badNamesAndCollisions_areRefusedInTheReferencesWords() throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      SectorNumbers numbers = miner.pipeline.numbers();
      miner.pipeline.pledge();
      numbers.reserve("a", BitField.of(5), false);
      assertThatThrownBy(() -> numbers.reserve("a b", BitField.EMPTY, true))
          .hasMessage(
              "reservation name contained disallowed characters (allowed: a-z, A-Z, 0-9, '-',"
                  + " '_')");
      assertThatThrownBy(() -> numbers.reserve("a", BitField.EMPTY, false))
          .hasMessage("reservation with this name already exists");
      assertThatThrownBy(() -> numbers.reserve("b", BitField.of(5), false))
          .hasMessage("new reservation is colliding with another existing reservation");
      assertThatThrownBy(() -> numbers.reserve("b", BitField.of(0), false))
          .hasMessage("new reservation is colliding with allocated sector numbers");
      assertThatThrownBy(() -> numbers.free("b"))
          .hasMessage("reservation with this name doesn't exist");
      numbers.reserve("b", BitField.of(5), true);
    }
  }

  @Test
  void numbers_whenTheChainDoesNotAnswer_failInTheReferencesWordsAndWithoutAKind()
      throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      miner.chain.setOffline(true);
      assertThatThrownBy(() -> miner.pipeline.numbers().meta())
          .hasMessage("getting state-allocated sector numbers: the chain node is offline");
      assertThatThrownBy(miner.pipeline::pledge)
          .hasMessage("getting seal proof type: the chain node is offline");
    }
    ChainFault missing = new ChainFault(ChainFault.Kind.ACTOR_NOT_FOUND, "actor not found");
    assertThat(missing.within("getting sector number").kind()).isEqualTo(ChainFault.Kind.OTHER);
    assertThat(missing.within("getting sector number"))
        .hasMessage("getting sector number: actor not found");
  }
}
