package io.selkie.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Asks for the status of many sectors, some at the same time, and hands the answers out in order.
 * Never more are asked than the window is wide: who stops reading early has not asked for the rest.
 */
final class StatusWindow implements AutoCloseable {

  /** Opening a connection for every place in the window would delay the first answer. */
  private static final int FIRST_WIDTH = 16;

  private final Api api;
  private final long[] numbers;
  private final boolean withChain;
  private final int width;
  private final ExecutorService threads;
  private final Deque<Future<Answer>> asked = new ArrayDeque<>();
  private int next;
  private int allowed = FIRST_WIDTH;

  /** A sector's status, or why there is none. */
  record Answer(long number, @Nullable JsonNode status, String error) {}

  /**
   * @param numbers the sectors, in the order of the answers
   * @param withChain whether the node is to look at the chain too
   * @param width how many sectors are asked about at the same time, once the answers come
   */
  StatusWindow(Api api, long[] numbers, boolean withChain, int width) {
    this.api = api;
    this.numbers = numbers.clone();
    this.withChain = withChain;
    this.width = width;
    this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());
  }

  boolean hasNext() {
    return next < numbers.length || !asked.isEmpty();
  }

  /**
   * The next sector's answer.
   *
   * @throws CommandFailed if the command was interrupted
   */
  Answer next() throws CommandFailed {
    while (asked.size() < Math.min(width, allowed) && next < numbers.length) {
      long number = numbers[next++];
      asked.add(threads.submit(() -> status(number)));
    }
    allowed++;
    try {
      return asked.remove().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    } catch (ExecutionException e) {
      throw new CommandFailed("asking for the sectors: " + e.getMessage(), e);
    }
  }

  private Answer status(long number) {
    try {
      return new Answer(number, api.call("SectorsStatus", number, withChain), "");
    } catch (CommandFailed e) {
      return new Answer(number, null, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
