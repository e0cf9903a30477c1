package io.selkie.node.repo;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Addresses to listen at, as the command line ({@code HOST:PORT}) and the configuration
 * (multiaddress) spell them.
 */
public final class ListenAddress {

  private ListenAddress() {}

  /**
   * The address {@code HOST:PORT}; IPv6 hosts in brackets.
   *
   * @throws IllegalArgumentException if it is none, or the host has no address
   */
  public static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("'" + text + "' is no HOST:PORT");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return of(host, text.substring(colon + 1), text);
  }

  /**
   * The address of a multiaddress such as {@code /ip4/127.0.0.1/tcp/2345/http}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static InetSocketAddress ofMultiaddress(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length < 5
        || !parts[0].isEmpty()
        || !(parts[1].equals("ip4") || parts[1].equals("ip6") || parts[1].startsWith("dns"))
        || !parts[3].equals("tcp")) {
      throw new IllegalArgumentException(
          "'" + text + "' is no multiaddress such as " + MinerConfig.DEFAULT_LISTEN);
    }
    return of(parts[2], parts[4], text);
  }

  /** {@code HOST:PORT}. */
  public static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static InetSocketAddress of(String host, String port, String text) {
    if (host.isBlank()) {
      throw new IllegalArgumentException("'" + text + "' names no host");
    }
    if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new IllegalArgumentException(
          "port '" + port + "' of '" + text + "' is not in 0..65535");
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
    } catch (UnknownHostException unknown) {
      throw new IllegalArgumentException(
          "host '" + host + "' of '" + text + "' has no address", unknown);
    }
  }
}
