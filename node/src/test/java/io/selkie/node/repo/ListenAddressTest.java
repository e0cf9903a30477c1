package io.selkie.node.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListenAddressTest {

  @Test
  void text_parsed_isTheAddress() {
    long seed = 77;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 1000; i++) {
      String text =
          "%d.%d.%d.%d:%d"
              .formatted(
                  random.nextInt(256),
                  random.nextInt(256),
                  random.nextInt(256),
                  random.nextInt(256),
                  random.nextInt(65_536));
      assertThat(ListenAddress.text(ListenAddress.parse(text))).as("seed %d", seed).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/ip4/127.0.0.1/tcp/2345/http,127.0.0.1:2345",
    "/ip4/0.0.0.0/tcp/0,0.0.0.0:0",
    "/ip6/::1/tcp/80/http,[0:0:0:0:0:0:0:1]:80"
  })
  void ofMultiaddress_isItsHostAndPort(String multiaddress, String address) {
    assertThat(ListenAddress.text(ListenAddress.ofMultiaddress(multiaddress))).isEqualTo(address);
    assertThat(ListenAddress.parse(address)).isEqualTo(ListenAddress.ofMultiaddress(multiaddress));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2345",
        ":2345",
        "[]:1",
        "127.0.0.1:",
        "127.0.0.1:-1",
        "127.0.0.1:65536",
        "127.0.0.1:99999999999",
        "127.0.0.1:x",
        "1.2.3.256.1:80"
      })
  void parse_anythingElse_isRefusedWithTheText(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/ip4/127.0.0.1",
        "/ip4/127.0.0.1/udp/1",
        "/unix/a/tcp/1",
        "/ip4/127.0.0.1/tcp/70000",
        "/ip4//tcp/1",
        "127.0.0.1:2345"
      })
  void ofMultiaddress_anythingElse_isRefusedWithTheText(String text) {
    assertThatThrownBy(() -> ListenAddress.ofMultiaddress(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
