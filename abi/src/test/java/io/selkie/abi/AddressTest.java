package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address.Network;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  /** The worker key of a lotus 2 KiB devnet, and examples of go-address and FIP-0048. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "t01000",
        "t00",
        "t09223372036854775807",
        "t3wxuamkrwl3ttrsp5kl6nvnexcs7xsiohuoahubqshemvgvgh36jsrsaqg46iqm6ufldwp5uqueco6xdbndbq",
        "t15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq",
        "t24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i",
        "t410fkkld55ioe7qg24wvt7fu6pbknb56ht7pt4zamxa",
      })
  void parse_ofKnownAddress_printsItAgain(String text) {
    Address address = Address.parse(text);
    assertThat(address.text(Network.TESTNET)).isEqualTo(text);
    assertThat(address).hasToString("f" + text.substring(1));
    assertThat(Address.parse("f" + text.substring(1))).isEqualTo(address);
    assertThat(Address.ofBytes(address.bytes())).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "f0, invalid address length",
    "f, invalid address length",
    "f010000000000000000000, invalid address length",
    "f09223372036854775808, invalid address length",
    "f01x, invalid address payload",
    "x01000, unknown address network",
    "F01000, unknown address network",
    "f51000, unknown address protocol",
    "t15jhq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq, invalid address checksum",
    "t15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pd1q, invalid encoding",
    "t1aaaaaaaaaaaaaaaa, invalid address payload",
    "t1aaaa, invalid address length",
    "t410, invalid address payload",
    "t410f, invalid address length"
  })
  void parse_ofBadText_hasTheApisText(String text, String why) {
    assertThatThrownBy(() -> Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(why);
  }

  @Test
  void parse_ofLeadingZeros_dropsThem() {
    assertThat(Address.parse("f001000")).isEqualTo(Address.ofId(1000)).hasToString("f01000");
  }

  @Test
  void empty_inAndOut_isItsText() {
    assertThat(Address.parse("")).isEqualTo(Address.EMPTY);
    assertThat(Address.parse("<empty>").isEmpty()).isTrue();
    assertThat(Address.EMPTY).hasToString("<empty>");
    assertThat(Address.ofBytes(new byte[0])).isEqualTo(Address.EMPTY);
  }

  @Test
  void bytes_ofMiner1000_areThoseHashedIntoItsRandomness() {
    byte[] entropy = new DagCborWriter().address(Address.ofId(1000)).toByteArray();
    assertThat(HexFormat.of().formatHex(entropy)).isEqualTo("4300e807");
    assertThat(Address.ofId(1000).id()).isEqualTo(new ActorId(1000));
    assertThatThrownBy(() -> Address.ofSecp256k1Hash(new byte[20]).id())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void ofBytes_ofGarbage_isAnAddressWithThoseBytesOrRefused() {
    long seed = System.nanoTime();
    System.out.println("AddressTest seed " + seed);
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 20_000; round++) {
      int[] sizes = {random.nextInt(70), 21, 49, 1 + random.nextInt(11)};
      byte[] bytes = new byte[sizes[random.nextInt(4)]];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) random.nextInt(6);
      }
      try {
        Address address = Address.ofBytes(bytes);
        assertThat(address.bytes()).isEqualTo(bytes);
        assertThat(Address.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
        accepted++;
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d", seed).hasMessageFindingMatch("address (payload|protocol)");
      }
    }
    assertThat(accepted).isPositive();
  }

  @Test
  void parse_ofGarbage_throwsNothingElse() {
    long seed = System.nanoTime();
    System.out.println("AddressTest text seed " + seed);
    Random random = new Random(seed);
    String known = "t410fkkld55ioe7qg24wvt7fu6pbknb56ht7pt4zamxa";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(known);
      for (int i = random.nextInt(3); i >= 0; i--) {
        text.setCharAt(random.nextInt(6), (char) (32 + random.nextInt(96)));
      }
      text.setLength(random.nextInt(text.length() + 1));
      try {
        Address address = Address.parse(text.toString());
        assertThat(Address.parse(address.toString())).as("seed %d", seed).isEqualTo(address);
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d: %s", seed, text).hasMessageFindingMatch("address|encoding");
      }
    }
  }
}
