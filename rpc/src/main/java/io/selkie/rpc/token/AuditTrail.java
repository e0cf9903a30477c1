package io.selkie.rpc.token;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.AuditApi;
import io.selkie.rpc.json.JsonValue;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable record of calls: lines of JSON in files of the repository that are only ever written
 * at their end, two for each call. The first is on disk before the call runs. Thread-safe.
 *
 * <p>A failed write ends the file: nothing behind it could be trusted, and calls are refused until
 * the node is started anew.
 */
public final class AuditTrail implements CallAudit, AuditApi, AutoCloseable {

  /**
   * Bytes of one file, after which another is begun, and how many are kept: half a gigabyte in all,
   * more than a million calls.
   *
   * @param fileBytes the size of a file
   * @param files how many there may be
   */
  public record Limits(long fileBytes, int files) {

    /** Those of a node in service. */
    public static final Limits DEFAULT = new Limits(8 << 20, 64);
  }

  /** Sectors of one call whose states are recorded. */
  static final int MAX_SECTORS = 16;

  /** Records in an answer, unless fewer are asked for. */
  static final int MAX_PAGE = 1000;

  private static final int USUAL_PAGE = 100;
  private static final String ANONYMOUS = "anonymous";
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

  private final AuditFiles files;
  private final InstantSource clock;
  private final LongFunction<String> states;
  private final Limits limits;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock forcing = new ReentrantLock();

  /** Files that are written no more, but may be being forced. */
  private final List<FileOutputStream> full = new ArrayList<>();

  private FileOutputStream out;
  private long fileBytes;
  private long next;
  private long appended;
  private volatile long forced;
  private volatile boolean broken;

  private AuditTrail(
      AuditFiles files, InstantSource clock, LongFunction<String> states, Limits limits, long next)
      throws IOException {
    this.files = files;
    this.clock = clock;
    this.states = states;
    this.limits = limits;
    this.next = next;
    Optional<Path> left = files.unfinished(limits.fileBytes());
    this.out = left.isPresent() ? AuditFiles.reopen(left.get()) : begin();
    this.fileBytes = left.isPresent() ? Files.size(left.get()) : 0;
  }

  /**
   * Opens the record behind what is there already.
   *
   * @param directory made if it is missing
   * @param states a sector's state; nothing for an unknown sector
   * @throws IOException if it cannot be read or written
   */
  public static AuditTrail open(
      Path directory, InstantSource clock, LongFunction<String> states, Limits limits)
      throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    AuditFiles files = new AuditFiles(directory);
    return new AuditTrail(files, clock, states, limits, files.lastSequence() + 1);
  }

  private FileOutputStream begin() throws IOException {
    fileBytes = 0;
    // Not a file channel: an interrupt would close that for everybody.
    FileOutputStream fresh = files.create(next, clock.instant());
    files.keepNewest(limits.files());
    return fresh;
  }

  @Override
  public Running begin(Call call) throws IOException {
    List<Long> sectors = call.sectors().stream().limit(MAX_SECTORS).toList();
    JsonValue.Builder line = opening(call, sectors);
    line.put("before", now(call, sectors, List.of()));
    long sequence = append(line);
    return (outcome, changes) -> end(sequence, call, sectors, outcome, changes);
  }

  private JsonValue.Builder opening(Call call, List<Long> sectors) {
    String hash = call.caller().token().map(each -> each.grant().hash()).orElse("");
    return JsonValue.object()
        .put("time", clock.instant().toString())
        .put("who", call.caller().token().map(CallerToken::who).orElse(ANONYMOUS))
        .put("token", hash.isEmpty() ? "" : hash.substring(0, TokenGrant.PREFIX))
        .put("remote", call.caller().remote())
        .put("method", call.method())
        .put("params", call.params())
        .put(
            "sectors",
            new JsonValue.Arr(
                sectors.stream()
                    .<JsonValue>map(each -> new JsonValue.Num(Long.toUnsignedString(each)))
                    .toList()));
  }

  /** The states of the sectors, in their order, and behind them whatever else there is. */
  private JsonValue now(Call call, List<Long> sectors, List<String> further) {
    List<JsonValue> found = new ArrayList<>();
    for (long sector : sectors) {
      found.add(JsonValue.text(states.apply(sector)));
    }
    call.touched().get().forEach(each -> found.add(JsonValue.text(each.text())));
    further.forEach(each -> found.add(JsonValue.text(each)));
    return new JsonValue.Arr(found);
  }

  private static List<String> texts(List<Change> changes, Function<Change, String> value) {
    return changes.stream()
        .filter(each -> !value.apply(each).isEmpty())
        .map(each -> new Value(each.what(), AuditedParams.text(value.apply(each))).text())
        .toList();
  }

  private void end(
      long sequence, Call call, List<Long> sectors, String outcome, List<Change> changes) {
    JsonValue.Builder line =
        JsonValue.object()
            .put("of", JsonValue.number(sequence))
            .put("ended", clock.instant().toString())
            .put("outcome", outcome.isEmpty() ? AuditFiles.DONE : AuditFiles.FAILED)
            .put("error", AuditedParams.text(outcome))
            .put(
                "was",
                new JsonValue.Arr(
                    texts(changes, Change::before).stream()
                        .<JsonValue>map(JsonValue::text)
                        .toList()))
            .put("after", now(call, sectors, texts(changes, Change::after)));
    try {
      append(line);
    } catch (IOException e) {
      // The call has run, and its beginning is recorded; from now on no call is let in.
      LOG.error("the end of call {} cannot be recorded", sequence, e);
    }
  }

  /**
   * A refusal changes nothing, so it may go unrecorded; one without a token is not recorded at all:
   * strangers could push everything else out of the files. Nor do they get to fill the log.
   */
  @Override
  public void refused(Call call, String why) {
    if (call.caller().token().isEmpty()) {
      LOG.debug("refused {} to {}: {}", call.method(), call.caller().remote(), why);
      return;
    }
    JsonValue.Builder line = opening(call, call.sectors().stream().limit(MAX_SECTORS).toList());
    line.put("outcome", AuditFiles.REFUSED).put("error", AuditedParams.text(why));
    try {
      append(line);
    } catch (IOException e) {
      LOG.error("the refusal of {} cannot be recorded", call.method(), e);
    }
  }

  /** Writes a line and waits until it is on disk; one force serves everybody who wrote before. */
  private long append(JsonValue.Builder line) throws IOException {
    long sequence;
    long mine;
    writing.lock();
    try {
      requireWhole();
      sequence = next;
      JsonValue.Obj numbered = JsonValue.object().put("seq", JsonValue.number(sequence)).build();
      List<JsonValue.Member> members = new ArrayList<>(numbered.members());
      members.addAll(line.build().members());
      byte[] bytes = (new JsonValue.Obj(members).toJson() + "\n").getBytes(StandardCharsets.UTF_8);
      if (fileBytes > 0 && fileBytes + bytes.length > limits.fileBytes()) {
        turnOver();
      }
      write(bytes);
      next++;
      mine = ++appended;
    } finally {
      writing.unlock();
    }
    force(mine);
    return sequence;
  }

  private void write(byte[] bytes) throws IOException {
    boolean done = false;
    try {
      out.write(bytes);
      fileBytes += bytes.length;
      done = true;
    } finally {
      broken |= !done;
    }
  }

  private void turnOver() throws IOException {
    boolean done = false;
    try {
      out.getFD().sync();
      full.add(out);
      out = begin();
      done = true;
    } finally {
      broken |= !done;
    }
  }

  private void force(long upTo) throws IOException {
    forcing.lock();
    try {
      if (forced >= upTo) {
        return;
      }
      long covered;
      FileOutputStream file;
      List<FileOutputStream> left;
      writing.lock();
      try {
        requireWhole();
        covered = appended;
        file = out;
        left = List.copyOf(full);
        full.clear();
      } finally {
        writing.unlock();
      }
      boolean done = false;
      try {
        // What went to a file before this one was forced when that was left.
        file.getFD().sync();
        forced = covered;
        for (FileOutputStream each : left) {
          each.close();
        }
        done = true;
      } finally {
        broken |= !done;
      }
    } finally {
      forcing.unlock();
    }
  }

  private void requireWhole() throws IOException {
    if (broken) {
      throw new IOException("an earlier record could not be written to " + files.directory());
    }
  }

  @Override
  public AuditPage auditQuery(AuditFilter filter) throws RpcFault {
    if (filter.limit() < 0 || filter.limit() > MAX_PAGE) {
      throw new RpcFault(
          "limit of " + filter.limit() + " records, maximum " + MAX_PAGE + " allowed");
    }
    int limit = filter.limit() == 0 ? USUAL_PAGE : filter.limit();
    try {
      return files.query(filter, limit);
    } catch (IOException e) {
      throw new RpcFault("reading the record of calls: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    forcing.lock();
    try {
      closeOut();
    } finally {
      forcing.unlock();
    }
  }

  private void closeOut() throws IOException {
    writing.lock();
    try {
      broken = true;
      out.getFD().sync();
      out.close();
    } finally {
      writing.unlock();
    }
  }
}
