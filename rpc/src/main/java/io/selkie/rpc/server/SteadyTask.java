package io.selkie.rpc.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done again and again goes on after it has failed: an executor drops a task that throws,
 * in silence.
 *
 * @param what it does, for the log
 */
record SteadyTask(String what, Runnable work) implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(SteadyTask.class);

  @Override
  public void run() {
    try {
      work.run();
    } catch (RuntimeException bug) {
      LOG.error("{} failed; it is tried again", what, bug);
    }
  }
}
