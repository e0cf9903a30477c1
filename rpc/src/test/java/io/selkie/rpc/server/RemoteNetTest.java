package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class RemoteNetTest {

  private static RemoteNet net(String address) throws UnknownHostException {
    return RemoteNet.of(InetAddress.getByName(address));
  }

  @Test
  void addresses_ofOneNetwork_countTogether() throws UnknownHostException {
    assertThat(net("192.0.2.7")).isEqualTo(net("192.0.2.7")).isNotEqualTo(net("192.0.2.8"));
    assertThat(net("::ffff:192.0.2.7")).isEqualTo(net("192.0.2.7"));
    assertThat(net("2001:db8:1:2::7")).isEqualTo(net("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assertThat(net("2001:db8:1:2::7")).isNotEqualTo(net("2001:db8:1:3::7"));
    // Four bytes and eight are never the same.
    assertThat(net("0.0.0.0")).isNotEqualTo(net("::"));
  }
}
