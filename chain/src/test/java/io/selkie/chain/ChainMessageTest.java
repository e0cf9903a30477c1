package io.selkie.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address;
import io.selkie.abi.DagCborException;
import io.selkie.abi.TokenAmount;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ChainMessageTest {

  /** The first pre-commit recorded from lotus-miner 1.36.2-dev on a 2 KiB devnet. */
  private static final ChainMessage RECORDED =
      new ChainMessage(
          Address.parse("t01000"),
          Address.parse(
              "t3wxuamkrwl3ttrsp5kl6nvnexcs7xsiohuoahubqshemvgvgh36jsrsaqg46iqm6ufldwp5uqueco6xdbndbq"),
          1,
          TokenAmount.of(1_115_575_436_773L),
          15_471_636,
          TokenAmount.of(55_964_439),
          TokenAmount.of(99_441),
          28,
          Base64.getDecoder()
              .decode(
                  "gYGHBQLYKlgpAAGC4gOB6AIgVCmJ8lXc7Idj5R7CKOKRqkfe7tvQALGvrveISQxY7Vg5A3KAGgAXpJH2"));

  @Test
  void cid_ofARecordedMessage_isTheRecordedOne() {
    assertThat(RECORDED.cid())
        .hasToString("bafy2bzacebhh24kzrnt7dljehao5bnbf4ezcj3mv4tbqtvvibk4kwtcdysmao");
  }

  @Test
  void decode_ofAnEncodedMessage_givesItsCid() {
    byte[] block = RECORDED.encode();
    assertThat(ChainMessage.decode(block).encode()).isEqualTo(block);
    assertThatThrownBy(() -> ChainMessage.decode(Arrays.copyOf(block, block.length - 1)))
        .isInstanceOf(DagCborException.class);
    block[1] = 1;
    assertThatThrownBy(() -> ChainMessage.decode(block))
        .hasMessage("message version 1, only 0 is known");
  }
}
