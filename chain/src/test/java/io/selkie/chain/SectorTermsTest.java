package io.selkie.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.TokenAmount;
import java.math.BigInteger;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The compact form of a miner's sectors. */
class SectorTermsTest {

  private static final PeriodOnChain HEAD =
      new PeriodOnChain(5, Instant.EPOCH, 0, 0, 0, 0, 0, 0, 0, 0);

  @Test
  void terms_ofManySectors_areThoseThatWereTakenUp() {
    SectorTerms.Builder builder = new SectorTerms.Builder();
    BigInteger tenFil = BigInteger.TEN.pow(19);
    int count = 5_000;
    for (int i = 0; i < count; i++) {
      builder.add(
          3L * i, i, 10L + i, new TokenAmount(tenFil.multiply(BigInteger.valueOf(i % 3 - 1))));
    }
    SectorTerms terms = builder.build(HEAD);
    assertThat(terms.size()).isEqualTo(count);
    for (int i = 0; i < count; i++) {
      assertThat(terms.find(3L * i)).isEqualTo(i);
      assertThat(terms.number(i)).isEqualTo(3L * i);
      assertThat(terms.activation(i)).isEqualTo(i);
      assertThat(terms.expiration(i)).isEqualTo(10L + i);
      assertThat(terms.pledge(i).atto()).isEqualTo(tenFil.multiply(BigInteger.valueOf(i % 3 - 1)));
    }
    assertThat(terms.find(4)).isNegative();
    assertThat(terms.ending(12, 15)).containsExactly(6, 9, 12);
    assertThat(terms.ending(9, 10)).isEmpty();
  }

  @Test
  void terms_outOfOrder_areRefused() {
    SectorTerms.Builder builder = new SectorTerms.Builder();
    builder.add(7, 0, 1, TokenAmount.ZERO);
    assertThatThrownBy(() -> builder.add(7, 0, 1, TokenAmount.ZERO))
        .hasMessage("sector 7 behind sector 7");
    assertThat(builder.build(HEAD).size()).isEqualTo(1);
  }
}
