package io.selkie.pipeline;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A virtual thread for every run, a platform thread for every long work. */
final class MachineThreads implements WorkThreads {

  /** How long one look for the end of another run takes; it is repeated until that has ended. */
  private static final Duration LONG = Duration.ofDays(1);

  private static final class LightRun implements Run {
    private final Thread thread;

    /** Forgotten once it has ended: runs that follow each other must not hold each other. */
    private @Nullable Run before;

    LightRun(String name, @Nullable Run before, Runnable body) {
      this.before = before;
      this.thread = Thread.ofVirtual().name(name).unstarted(() -> follow(body));
    }

    private void follow(Runnable body) {
      if (before != null) {
        joinWhateverHappens(before);
        before = null;
      }
      body.run();
    }

    @Override
    public void interrupt() {
      thread.interrupt();
    }

    @Override
    public boolean join(Duration atMost) throws InterruptedException {
      return thread.join(atMost);
    }
  }

  private record HeavyRun(Thread thread) implements Run {
    @Override
    public void interrupt() {
      thread.interrupt();
    }

    @Override
    public boolean join(Duration atMost) throws InterruptedException {
      return thread.join(atMost);
    }
  }

  @Override
  public Run start(String name, @Nullable Run before, Runnable body) {
    LightRun run = new LightRun(name, before, body);
    run.thread.start();
    return run;
  }

  @Override
  public boolean interrupted() {
    return Thread.interrupted();
  }

  @Override
  public <T> T call(String name, Callable<T> work) throws InterruptedException, ExecutionException {
    FutureTask<T> future = new FutureTask<>(work);
    Thread thread = Thread.ofPlatform().name(name).daemon().start(future);
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      joinWhateverHappens(new HeavyRun(thread));
      throw e;
    } catch (CancellationException e) {
      throw new ExecutionException(e);
    }
  }

  /** Two handlers of one sector must never touch its files at the same time. */
  private static void joinWhateverHappens(Run run) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = run.join(LONG);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
