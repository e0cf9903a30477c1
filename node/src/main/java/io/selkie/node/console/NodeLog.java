package io.selkie.node.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** The level of the process's log. */
public final class NodeLog {

  private NodeLog() {}

  /** Warnings and errors only: somebody is looking at something else. */
  public static void quiet() {
    level(Level.WARN);
  }

  private static void level(Level level) {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(level);
  }
}
