package io.selkie.rpc.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * Where a node listens and with which token it is spoken to, as in {@code MINER_API_INFO}: {@code
 * TOKEN:/ip4/127.0.0.1/tcp/2345/http}, {@code TOKEN:http://host:port}, or either without token.
 *
 * @param base scheme, host and port, such as {@code http://127.0.0.1:2345}
 * @param token the token, if there is one
 */
public record MinerEndpoint(URI base, Optional<String> token) {

  /** The path of the API. */
  public static final String RPC_PATH = "/rpc/v0";

  /** The path below which streams are pushed. */
  public static final String PUSH_PATH = "/rpc/streams/v0/push/";

  private static final List<String> SCHEMES = List.of("http", "https", "ws", "wss");

  /**
   * Reads the text of the variable; of a comma-separated list the first entry is used.
   *
   * @throws IllegalArgumentException with what is wrong, never with the token
   */
  public static MinerEndpoint parse(String info) {
    String entry = info.split(",", 2)[0].strip();
    int colon = entry.indexOf(':');
    boolean bare = entry.startsWith("/") || isUrl(entry);
    if (bare || colon < 0) {
      return new MinerEndpoint(base(entry), Optional.empty());
    }
    return new MinerEndpoint(
        base(entry.substring(colon + 1)), Optional.of(entry.substring(0, colon)));
  }

  /** The endpoint at this address with this token. */
  public static MinerEndpoint of(String address, String token) {
    return new MinerEndpoint(base(address.strip()), Optional.of(token.strip()));
  }

  /** The URL of the API over HTTP. */
  public URI rpc() {
    return base.resolve(RPC_PATH);
  }

  /** The URL of the API over WebSocket. */
  public URI webSocket() {
    String scheme = base.getScheme().equals("https") ? "wss" : "ws";
    return URI.create(scheme + "://" + base.getRawAuthority() + RPC_PATH);
  }

  /** The URL a stream of this id is pushed to. */
  public URI push(String id) {
    return base.resolve(PUSH_PATH + id);
  }

  /** The address as a multiaddress. */
  public String multiaddress() {
    String host = base.getHost();
    String protocol = host.startsWith("[") ? "ip6" : host.matches("[0-9.]+") ? "ip4" : "dns";
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return "/" + protocol + "/" + plain + "/tcp/" + base.getPort() + "/" + base.getScheme();
  }

  private static boolean isUrl(String text) {
    return SCHEMES.stream().anyMatch(scheme -> text.startsWith(scheme + "://"));
  }

  private static URI base(String address) {
    try {
      return address.startsWith("/") ? ofMultiaddress(address) : ofUrl(address);
    } catch (URISyntaxException | NumberFormatException e) {
      throw new IllegalArgumentException("no address of a node: '" + address + "'", e);
    }
  }

  private static URI ofUrl(String address) throws URISyntaxException {
    URI url = new URI(address);
    if (url.getScheme() == null || url.getHost() == null || !SCHEMES.contains(url.getScheme())) {
      throw new URISyntaxException(address, "neither a multiaddress nor an http or ws URL");
    }
    String scheme =
        switch (url.getScheme()) {
          case "https", "wss" -> "https";
          default -> "http";
        };
    int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
    return new URI(scheme, null, url.getHost(), port, null, null, null);
  }

  private static URI ofMultiaddress(String address) throws URISyntaxException {
    String[] parts = address.substring(1).split("/", -1);
    if (parts.length < 4 || !parts[2].equals("tcp")) {
      throw new URISyntaxException(address, "expected /ip4/ADDRESS/tcp/PORT");
    }
    String host =
        switch (parts[0]) {
          case "ip4", "dns", "dns4", "dns6" -> parts[1];
          case "ip6" -> "[" + parts[1] + "]";
          default -> throw new URISyntaxException(address, "unknown protocol " + parts[0]);
        };
    String last = parts[parts.length - 1];
    String scheme = last.equals("https") || last.equals("wss") ? "https" : "http";
    return new URI(scheme, null, host, Integer.parseInt(parts[3]), null, null, null);
  }
}
