package io.selkie.rpc.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Whom connections are counted with: an IPv4 address, or the first 64 bits of an IPv6 address,
 * which are one network (RFC 4291, section 2.5.4): whoever has one address of it has them all.
 *
 * @param prefix its bytes in hexadecimal digits
 */
record RemoteNet(String prefix) {

  private static final int NETWORK_BYTES = 8;

  static RemoteNet of(InetAddress address) {
    byte[] bytes = address.getAddress();
    byte[] kept = address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes;
    return new RemoteNet(HexFormat.of().formatHex(kept));
  }
}
