package io.selkie.rpc.token;

import io.selkie.rpc.json.JsonReader;
import io.selkie.rpc.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of tokens in the repository, one file for its owner only. A token is known by its
 * SHA-256; its text is never in the list. What was taken back is on disk before the call that took
 * it back is answered. Thread-safe.
 */
public final class TokenBook implements TokenLedger, AutoCloseable {

  /** Tokens in the list; one that has ended leaves it. */
  public static final int MAX_TOKENS = 10_000;

  /** How long a day of last use may be in memory only: it is a help, not a record. */
  private static final Duration SEEN_DELAY = Duration.ofMinutes(1);

  /** The longest file, bytes: as many tokens as there may be, each as long as a header. */
  private static final int MAX_FILE = 96 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(TokenBook.class);

  private final Path file;
  private final InstantSource clock;
  private final int maxTokens;
  private final Map<String, TokenEntry> entries = new ConcurrentHashMap<>();
  private volatile Instant written;
  private volatile boolean unwritten;

  private TokenBook(Path file, InstantSource clock, int maxTokens) {
    this.file = file;
    this.clock = clock;
    this.maxTokens = maxTokens;
    this.written = clock.instant();
  }

  /**
   * Opens the list, which is empty if there is no file.
   *
   * @throws IOException if the file is readable by others or damaged: a node that forgot what was
   *     taken back would let it in again
   */
  public static TokenBook open(Path file, InstantSource clock) throws IOException {
    return open(file, clock, MAX_TOKENS);
  }

  static TokenBook open(Path file, InstantSource clock, int maxTokens) throws IOException {
    TokenBook book = new TokenBook(file, clock, maxTokens);
    if (Files.exists(file)) {
      RepoFiles.requireOwnerOnly("token list " + file, file);
      book.load();
    }
    return book;
  }

  @Override
  public boolean revoked(String hash) {
    TokenEntry entry = entries.get(hash);
    return entry != null && entry.revoked() != null;
  }

  @Override
  public void seen(TokenGrant grant) {
    String today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
    TokenEntry known = entries.get(grant.hash());
    if (known != null && known.lastSeen().equals(today)) {
      return;
    }
    if (known == null && entries.size() >= maxTokens) {
      LOG.warn("token {} is used but not listed: {} are", grant.id(), maxTokens);
      return;
    }
    Instant now = clock.instant();
    entries.compute(
        grant.hash(),
        (_, present) -> (present == null ? TokenEntry.of(grant, now, "") : present).seenOn(today));
    unwritten = true;
    if (!now.isBefore(written.plus(SEEN_DELAY))) {
      writeSeen();
    }
  }

  private synchronized void writeSeen() {
    if (!unwritten) {
      return;
    }
    try {
      write();
    } catch (IOException e) {
      LOG.warn("days of last use of tokens cannot be written to {}", file, e);
    }
  }

  /** Whether a token is in the list, made by another than this one. */
  boolean isOfAnother(String hash, String maker) {
    TokenEntry known = entries.get(hash);
    return known != null && !known.madeBy().equals(maker);
  }

  /**
   * Takes a new token up.
   *
   * @param maker the hash of the token that makes it, or nothing
   */
  synchronized TokenEntry add(TokenGrant grant, String maker) throws IOException {
    if (revoked(maker)) {
      throw new IOException("the token that makes it was revoked");
    }
    if (entries.size() >= maxTokens) {
      dropEnded();
    }
    if (entries.size() >= maxTokens) {
      throw new IOException(
          "the list holds " + entries.size() + " tokens, maximum " + maxTokens + " allowed");
    }
    TokenEntry entry =
        entries.computeIfAbsent(grant.hash(), _ -> TokenEntry.of(grant, clock.instant(), maker));
    write();
    return entry;
  }

  /** The tokens that have not ended, the oldest first. */
  List<TokenEntry> list() {
    Instant now = clock.instant();
    return entries.values().stream()
        .filter(each -> !ended(each, now))
        .sorted(Comparator.comparing(TokenEntry::created).thenComparing(TokenEntry::hash))
        .toList();
  }

  /**
   * Takes a token back, and those that it made; on disk when this returns.
   *
   * @param which its identifier or its hash
   * @param alone whether those that it made stay
   * @return the token, and behind it those that were good until now; none if an identifier is not
   *     in the list
   */
  synchronized List<TokenEntry> revoke(String which, boolean alone) throws IOException {
    boolean isHash = which.matches("[0-9a-f]{64}");
    Optional<TokenEntry> known =
        entries.values().stream()
            .filter(each -> each.hash().equals(which) || each.id().equals(which))
            .findFirst();
    if (known.isEmpty() && !isHash) {
      return List.of();
    }
    Instant now = clock.instant();
    List<TokenEntry> revoked = new ArrayList<>();
    revoked.add(
        known.map(each -> each.revokedAt(now)).orElseGet(() -> TokenEntry.unknown(which, now)));
    if (!alone) {
      for (TokenEntry each : madeBy(revoked.getFirst().hash())) {
        if (each.revoked() == null) {
          revoked.add(each.revokedAt(now));
        }
      }
    }
    // In force at once; if it cannot be written the caller hears so, and may try again.
    revoked.forEach(each -> entries.put(each.hash(), each));
    write();
    return revoked;
  }

  /** What a token made, what those made, and so on; through those that were revoked before too. */
  private List<TokenEntry> madeBy(String hash) {
    Map<String, List<TokenEntry>> byMaker =
        list().stream().collect(Collectors.groupingBy(TokenEntry::madeBy));
    List<TokenEntry> found = new ArrayList<>();
    Set<String> seen = new HashSet<>(Set.of(hash));
    Deque<String> makers = new ArrayDeque<>(Set.of(hash));
    while (!makers.isEmpty()) {
      for (TokenEntry each : byMaker.getOrDefault(makers.pop(), List.of())) {
        if (seen.add(each.hash())) {
          found.add(each);
          makers.push(each.hash());
        }
      }
    }
    return found;
  }

  private static boolean ended(TokenEntry entry, Instant now) {
    Instant end = entry.expires();
    return end != null && !end.isAfter(now);
  }

  private void dropEnded() {
    Instant now = clock.instant();
    entries.values().removeIf(each -> ended(each, now));
  }

  private synchronized void write() throws IOException {
    dropEnded();
    unwritten = false;
    written = clock.instant();
    List<JsonValue> all = new ArrayList<>();
    list().forEach(each -> all.add(json(each)));
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    String text = JsonValue.object().put("tokens", new JsonValue.Arr(all)).build().toJson() + "\n";
    if (text.length() > MAX_FILE) {
      throw new IOException("token list of " + text.length() + " characters, maximum " + MAX_FILE);
    }
    boolean done = false;
    try {
      RepoFiles.write(file, text, RepoFiles.OWNER_ONLY);
      done = true;
    } finally {
      unwritten = !done;
    }
  }

  private static JsonValue json(TokenEntry entry) {
    return JsonValue.object()
        .put("id", entry.id())
        .put("sha256", entry.hash())
        .put("name", entry.name())
        .put("allow", texts(entry.allow()))
        .put("methods", texts(entry.methods()))
        .put("miner", entry.miner())
        .put("sectors", entry.sectors())
        .put("created", entry.created().toString())
        .put("expires", text(entry.expires()))
        .put("lastSeen", entry.lastSeen())
        .put("revoked", text(entry.revoked()))
        .put("madeBy", entry.madeBy())
        .build();
  }

  private static JsonValue texts(List<String> texts) {
    return new JsonValue.Arr(texts.stream().<JsonValue>map(JsonValue::text).toList());
  }

  private static String text(@Nullable Instant instant) {
    return instant == null ? "" : instant.toString();
  }

  private void load() throws IOException {
    if (Files.size(file) > MAX_FILE) {
      throw new IOException(file + " is longer than " + MAX_FILE + " bytes");
    }
    JsonReader.Outcome read =
        new JsonReader(MAX_FILE).read(Files.readString(file, StandardCharsets.UTF_8));
    if (!(read instanceof JsonReader.Outcome.Value(JsonValue.Obj all))
        || !(all.get("tokens").orElse(JsonValue.Null.VALUE)
            instanceof JsonValue.Arr(List<JsonValue> items))) {
      throw damaged("it holds no tokens");
    }
    for (JsonValue item : items) {
      try {
        TokenEntry entry = entry(item);
        entries.put(entry.hash(), entry);
      } catch (DateTimeParseException | IllegalArgumentException e) {
        throw damaged("entry " + (entries.size() + 1) + ": " + e.getMessage());
      }
    }
  }

  private IOException damaged(String how) {
    return new IOException(
        "token list "
            + file
            + " is damaged: "
            + how
            + "; without it nobody knows which tokens were revoked");
  }

  private static TokenEntry entry(JsonValue item) {
    if (!(item instanceof JsonValue.Obj from)) {
      throw new IllegalArgumentException("no object");
    }
    String hash = text(from, "sha256");
    if (!hash.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("sha256 is no hash");
    }
    return new TokenEntry(
        text(from, "id"),
        hash,
        text(from, "name"),
        texts(from, "allow"),
        texts(from, "methods"),
        text(from, "miner"),
        text(from, "sectors"),
        Instant.parse(text(from, "created")),
        instant(from, "expires"),
        text(from, "lastSeen"),
        instant(from, "revoked"),
        // A list of an earlier build names no makers.
        from.get("madeBy").isPresent() ? text(from, "madeBy") : "");
  }

  private static String text(JsonValue.Obj from, String name) {
    if (from.get(name).orElse(JsonValue.Null.VALUE) instanceof JsonValue.Str(String value)) {
      return value;
    }
    throw new IllegalArgumentException(name + " is no text");
  }

  private static @Nullable Instant instant(JsonValue.Obj from, String name) {
    String value = text(from, name);
    return value.isEmpty() ? null : Instant.parse(value);
  }

  private static List<String> texts(JsonValue.Obj from, String name) {
    if (!(from.get(name).orElse(JsonValue.Null.VALUE)
        instanceof JsonValue.Arr(List<JsonValue> items))) {
      throw new IllegalArgumentException(name + " is no list");
    }
    List<String> texts = new ArrayList<>();
    for (JsonValue item : items) {
      texts.add(item instanceof JsonValue.Str(String value) ? value : "");
    }
    return texts;
  }

  /** Writes what is in memory only. */
  @Override
  public void close() {
    writeSeen();
  }
}
