package io.selkie.pipeline.unseal;

import io.selkie.abi.Cid;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.Wire;
import io.selkie.pipeline.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The stored form of unsealing jobs: UTF-8 JSON under the key {@code unseal/} and the id in 19
 * digits, so that keys are in order of ids. Progress is not stored: it would be written too often,
 * and a restart begins again anyway. Instants are Unix milliseconds, 0 = none.
 */
final class UnsealJobCodec {

  /** What every key starts with. */
  static final String PREFIX = "unseal/";

  /** The version written, and the highest one read. */
  private static final int VERSION = 1;

  private record Stored(
      @Wire("V") int version,
      @Wire("ID") long id,
      SectorId sector,
      RegisteredSealProof proof,
      OpaqueBytes ticket,
      Cid commD,
      long offset,
      long size,
      int priority,
      List<String> requestedBy,
      String state,
      int started,
      int failed,
      String lastError,
      long createdAtMs,
      long startedAtMs,
      long endedAtMs,
      long nextTryAtMs) {}

  private UnsealJobCodec() {}

  static String key(long id) {
    return PREFIX + "%019d".formatted(id);
  }

  /**
   * The id in a key.
   *
   * @throws IllegalArgumentException if it is no job's key
   */
  static long idOf(String key) {
    String digits = key.substring(PREFIX.length());
    if (!digits.matches("[0-9]{19}")) {
      throw new IllegalArgumentException("'" + key + "' is no key of an unsealing job");
    }
    return Long.parseLong(digits);
  }

  static byte[] encode(UnsealJob job) {
    UnsealRequest request = job.request();
    return WireJson.write(
            new Stored(
                VERSION,
                job.id(),
                request.sector().id(),
                request.sector().proof(),
                request.ticket(),
                Cid.ofUnsealed(request.commD()),
                request.range().offsetBytes(),
                request.range().sizeBytes(),
                request.priority(),
                job.requestedBy(),
                job.state().wireName(),
                job.tries().started(),
                job.tries().failed(),
                job.lastError(),
                job.times().created().toEpochMilli(),
                ms(job.times().started()),
                ms(job.times().ended()),
                ms(job.times().nextTry())))
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The job of a stored form.
   *
   * @throws IllegalArgumentException if these bytes are none, or of a newer version
   */
  static UnsealJob decode(byte[] bytes) {
    Stored stored = WireJson.read(new String(bytes, StandardCharsets.UTF_8), Stored.class);
    if (stored.version() < 1 || stored.version() > VERSION) {
      throw new IllegalArgumentException(
          "stored unsealing job of version "
              + stored.version()
              + ", this program reads 1 to "
              + VERSION);
    }
    UnsealState state =
        UnsealState.ofWireName(stored.state())
            .orElseThrow(() ->
                new IllegalArgumentException("'" + stored.state() + "' is no state of a job"));
    UnsealRequest request =
        new UnsealRequest(
            new SectorRef(stored.sector(), stored.proof()),
            stored.ticket(),
            stored
                .commD()
                .commitment()
                .orElseThrow(() -> new IllegalArgumentException(stored.commD() + " is no CommD")),
            new UnpaddedRange(stored.offset(), stored.size()),
            stored.priority(),
            stored.requestedBy().isEmpty() ? "" : stored.requestedBy().getFirst());
    return new UnsealJob(
        stored.id(),
        request,
        stored.requestedBy(),
        state,
        UnsealJob.Reached.NOTHING,
        new UnsealJob.Tries(stored.started(), stored.failed()),
        stored.lastError(),
        new UnsealJob.Times(
            Instant.ofEpochMilli(stored.createdAtMs()),
            instant(stored.startedAtMs()),
            instant(stored.endedAtMs()),
            instant(stored.nextTryAtMs())));
  }

  private static long ms(Optional<Instant> instant) {
    return instant.map(Instant::toEpochMilli).orElse(0L);
  }

  private static Optional<Instant> instant(long ms) {
    return ms == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ms));
  }
}
