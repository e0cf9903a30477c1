package io.selkie.node.repo;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Which addresses this node asks on a caller's word: those that begin as the operator's {@code
 * API.FetchFrom} says, none unless set. Otherwise whoever may administer the miner could make it
 * ask anything that it reaches and the caller does not.
 *
 * @param prefixes with scheme and host, such as {@code http://sealer.example:2345/remote}
 */
public record AllowedUrls(List<URI> prefixes) implements Predicate<URI> {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** Keeps an unmodifiable copy. */
  public AllowedUrls {
    prefixes = List.copyOf(prefixes);
  }

  /**
   * A prefix as it is written.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static URI prefix(String text) {
    URI prefix;
    try {
      prefix = URI.create(text);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("'" + text + "' is no URL: " + malformed.getMessage());
    }
    if (!isPlain(prefix) || prefix.getRawQuery() != null || prefix.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "'" + text + "' is no URL such as https://host:port/path, without user and query");
    }
    return prefix;
  }

  @Override
  public boolean test(URI url) {
    return isPlain(url) && prefixes.stream().anyMatch(prefix -> begins(url, prefix));
  }

  /** With a host and nothing before it: a user in front of it is easily taken for the host. */
  private static boolean isPlain(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    return (scheme.equals("http") || scheme.equals("https"))
        && url.getHost() != null
        && url.getRawUserInfo() == null;
  }

  private static boolean begins(URI url, URI prefix) {
    if (!url.getScheme().equalsIgnoreCase(prefix.getScheme())
        || !url.getHost().equalsIgnoreCase(prefix.getHost())
        || port(url) != port(prefix)) {
      return false;
    }
    String path = Objects.requireNonNullElse(url.getRawPath(), "");
    String start = Objects.requireNonNullElse(prefix.getRawPath(), "");
    String whole = start.endsWith("/") ? start.substring(0, start.length() - 1) : start;
    // Dots and escapes are resolved by the other side in its own way: then nothing is known.
    boolean winds = path.contains("/..") || path.contains("/./") || path.contains("%2");
    return !winds && (path.equals(whole) || path.startsWith(whole + "/"));
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return url.getScheme().equalsIgnoreCase("https") ? HTTPS : HTTP;
  }
}
