package io.selkie.pipeline;

import java.util.List;
import java.util.Optional;

/**
 * Where the parts of a sector that was sealed elsewhere come from, and who seals on. Addresses may
 * hold passwords and headers do, so this is kept beside the record and never shown: {@link
 * SectorRecord.Imported} is what may be seen of it.
 *
 * @param unsealed the data
 * @param sealed the replica; empty if there is none yet
 * @param cache its cache; empty if there is none yet
 * @param commit1 the address that computes the first half of the commit proof; empty for here
 * @param commit2 the address that computes the second half; empty for here
 * @param done the address that is told when sealing has ended; empty for nobody
 */
public record ImportSources(
    Optional<Location> unsealed,
    Optional<Location> sealed,
    Optional<Location> cache,
    String commit1,
    String commit2,
    String done) {

  /**
   * Where one kind of file is.
   *
   * @param local whether it lies on a path of this machine already
   * @param url otherwise, what to ask for it
   * @param headers to ask with
   */
  public record Location(boolean local, String url, List<Header> headers) {

    /** Keeps an unmodifiable copy. */
    public Location {
      headers = List.copyOf(headers);
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
      return shown();
    }

    String shown() {
      return local ? SectorRecord.Imported.LOCAL : withoutSecrets(url);
    }
  }

  /** A field of a request's header; the value is a secret. */
  public record Header(String key, String value) {
    @Override
    public String toString() {
      return key + ": …";
    }
  }

  /** The same, once the files are here. */
  ImportSources arrived() {
    return new ImportSources(
        Optional.empty(), Optional.empty(), Optional.empty(), commit1, commit2, done);
  }

  boolean hasFiles() {
    return unsealed.isPresent() || sealed.isPresent() || cache.isPresent();
  }

  boolean hasEndpoints() {
    return !commit1.isEmpty() || !commit2.isEmpty() || !done.isEmpty();
  }

  SectorRecord.Imported shown() {
    return new SectorRecord.Imported(
        unsealed.map(Location::shown).orElse(""),
        sealed.map(Location::shown).orElse(""),
        cache.map(Location::shown).orElse(""),
        withoutSecrets(commit1),
        withoutSecrets(commit2),
        withoutSecrets(done));
  }

  /** Without what may be secret. */
  @Override
  public String toString() {
    return shown().toString();
  }

  /** An address without user, query and fragment, in which passwords are put. */
  public static String withoutSecrets(String url) {
    int end = url.length();
    for (char mark : new char[] {'?', '#'}) {
      int at = url.indexOf(mark);
      end = at < 0 ? end : Math.min(end, at);
    }
    String shown = url.substring(0, end);
    int scheme = shown.indexOf("://");
    int authority = scheme < 0 ? 0 : scheme + 3;
    int path = shown.indexOf('/', authority);
    int user = shown.lastIndexOf('@', path < 0 ? shown.length() : path);
    return user < authority ? shown : shown.substring(0, authority) + shown.substring(user + 1);
  }
}
