package io.selkie.node.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The process's log. */
class NodeLogTest {

  private static String line(Level level, String message) {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    var appender = (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
    var encoder = (PatternLayoutEncoder) appender.getEncoder();
    LoggingEvent event = new LoggingEvent("test", root, level, message, null, null);
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  /** What callers send is logged here and there; it must not look like another line. */
  @Test
  void message_withControlCharacters_isOneLine() {
    String line =
        line(Level.WARN, "no file x\n2026-01-01 ERROR forged\r\u001b[31mred\u0000, 0x1f of it");
    assertThat(line)
        .endsWith(" no file x 2026-01-01 ERROR forged [31mred , 0x1f of it \n")
        .hasLineCount(1);
  }
}
