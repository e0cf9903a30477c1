package io.selkie.pipeline;

import io.selkie.pipeline.SectorJournal.LogLine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Lines of a sector's log, as clients of the reference read them. */
final class SectorLog {

  /** The reference's class of an error that wraps none. */
  static final String PLAIN_ERROR = "error;*xerrors.noWrapError";

  /** The reference's class of an error that wraps another. */
  static final String WRAPPED_ERROR = "error;*xerrors.wrapError";

  /** A handler that failed in a way nobody foresaw. */
  static final String PANIC = "panic";

  /** Texts are cut at this many bytes of UTF-8, as the reference does with messages. */
  static final int TEXT_LIMIT_BYTES = 8000;

  private static final String CUT = "... truncated";

  private SectorLog() {}

  static LogLine ofEvent(SectorEvent event, Instant now) {
    return new LogLine(
        "event;sealing." + event.wireName(),
        now.getEpochSecond(),
        cut(SectorFsm.reason(event)),
        cut("{\"User\":" + WireJson.write(event) + "}"));
  }

  static LogLine ofError(String kind, String text, Instant now) {
    return new LogLine(kind, now.getEpochSecond(), "", cut("state machine error: " + text));
  }

  static LogLine ofPanic(String text, String trace, Instant now) {
    return new LogLine(PANIC, now.getEpochSecond(), cut(trace), cut("panic: " + text));
  }

  /** An event as the reference prints one inside an error, cut like every text. */
  static String goText(SectorEvent event) {
    return cut("{User:" + WireJson.goText(event) + "}");
  }

  static String cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= TEXT_LIMIT_BYTES) {
      return text;
    }
    return StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes, 0, TEXT_LIMIT_BYTES)) + CUT;
  }
}
