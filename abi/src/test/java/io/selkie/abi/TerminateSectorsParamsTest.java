package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.TerminateSectorsParams.Declaration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TerminateSectorsParamsTest {

  @Test
  void encode_oneSectorOfAPartition_isTheTupleOfItsDeclaration() {
    TerminateSectorsParams params =
        new TerminateSectorsParams(List.of(new Declaration(47, 1, BitField.of(0))));
    String bits = HexFormat.of().formatHex(BitField.of(0).toRlePlus());
    assertThat(HexFormat.of().formatHex(params.encode()))
        .isEqualTo("818183182f014" + bits.length() / 2 + bits);
  }

  @Test
  void decode_whatWasEncoded_isEqual() {
    TerminateSectorsParams params =
        new TerminateSectorsParams(
            List.of(
                new Declaration(0, 0, BitField.of(1, 2, 900)),
                new Declaration(3, 2, BitField.of(5))));
    assertThat(TerminateSectorsParams.decode(params.encode())).isEqualTo(params);
  }

  @Test
  void decode_ofOtherBytes_isRefused() {
    byte[] good =
        new TerminateSectorsParams(List.of(new Declaration(1, 0, BitField.of(7)))).encode();
    byte[] longer = java.util.Arrays.copyOf(good, good.length + 1);
    for (byte[] bad : List.of(longer, new byte[] {(byte) 0x80}, new byte[0])) {
      assertThatThrownBy(() -> TerminateSectorsParams.decode(bad))
          .isInstanceOf(DagCborException.class);
    }
  }
}
