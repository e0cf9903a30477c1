package io.selkie.testkit.simulation;

import io.selkie.pipeline.Timekeeper;
import io.selkie.pipeline.WorkThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One thread that does everything, in an order drawn at random. A run goes on to its end, but
 * whatever it asks of the world may let other things happen first, inside of it.
 */
final class Scheduler {

  /** So deep may runs lie inside each other. */
  private static final int MAX_DEPTH = 4;

  private static final class Task implements WorkThreads.Run {
    private final Life life;
    private final @Nullable Task before;
    private final Runnable body;
    private boolean interrupted;
    private boolean ended;
    private boolean late;

    Task(Life life, @Nullable Task before, Runnable body) {
      this.life = life;
      this.before = before;
      this.body = body;
    }

    boolean isReady() {
      return before == null || before.ended;
    }

    @Override
    public void interrupt() {
      interrupted = true;
    }

    @Override
    public boolean join(Duration atMost) {
      return ended;
    }
  }

  private record Due(Instant at, long order, Task task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final RandomGenerator random;
  private final Runnable happening;
  private final List<Task> tasks = new ArrayList<>();
  private final PriorityQueue<Due> alarms = new PriorityQueue<>();
  private Instant now;
  private @Nullable Task current;
  private int depth;
  private long order;
  private long events;

  /**
   * A scheduler with nothing to do.
   *
   * @param happening what the world does when it is its turn
   */
  Scheduler(RandomGenerator random, Instant now, Runnable happening) {
    this.random = random;
    this.now = now;
    this.happening = happening;
  }

  long events() {
    return events;
  }

  Instant now() {
    return now;
  }

  /** Whether what runs now was told to end. */
  boolean isInterrupted() {
    return isInterrupted(current);
  }

  /** Whether what runs now began when its process should do nothing any more. */
  boolean isLate() {
    return current != null && current.late;
  }

  /** Whether this is asked from inside of a run, or of something else that waits. */
  boolean isRunning() {
    return current != null || depth > 0;
  }

  boolean isIdle() {
    return tasks.isEmpty();
  }

  Optional<Instant> nextAlarm() {
    return Optional.ofNullable(alarms.peek()).map(Due::at);
  }

  /** Lets the time pass; alarms that come due are runs like others from then on. */
  void advanceTo(Instant then) {
    now = then.isAfter(now) ? then : now;
    while (!alarms.isEmpty() && !alarms.peek().at().isAfter(now)) {
      Due due = alarms.remove();
      if (!due.task().life.isOver()) {
        tasks.add(due.task());
      }
    }
  }

  /** One event: a run, or something in the world. */
  void step() {
    events++;
    Task next = random.nextInt(4) > 0 ? takeReady() : null;
    if (next == null) {
      happening.run();
    } else {
      run(next);
    }
  }

  /**
   * The current run waits for an answer of the world; other things happen meanwhile.
   *
   * @param patience how many at the most
   * @return whether the run was interrupted
   */
  boolean pause(Life life, int oneIn, int patience) {
    if (depth < MAX_DEPTH && !life.isOver() && random.nextInt(oneIn) == 0) {
      int count = 1 + random.nextInt(patience);
      Task waiting = current;
      for (int i = 0; i < count && !life.isOver() && !isInterrupted(waiting); i++) {
        depth++;
        try {
          step();
        } finally {
          depth--;
        }
      }
    }
    return isInterrupted(current);
  }

  /** What of this life has not begun never will. */
  void forget(Life life) {
    tasks.removeIf(task -> task.life == life);
    alarms.removeIf(alarm -> alarm.task().life == life);
  }

  private static boolean isInterrupted(@Nullable Task task) {
    return task != null && task.interrupted;
  }

  private @Nullable Task takeReady() {
    int size = tasks.size();
    if (size == 0) {
      return null;
    }
    int from = random.nextInt(size);
    for (int i = 0; i < size; i++) {
      Task task = tasks.get((from + i) % size);
      if (task.isReady()) {
        tasks.remove(task);
        return task;
      }
    }
    return null;
  }

  private void run(Task task) {
    if (task.life.isOver()) {
      return;
    }
    Task outer = current;
    current = task;
    task.late = task.life.standsStill();
    try {
      task.body.run();
    } finally {
      task.ended = true;
      current = outer;
    }
  }

  /** The threads of one life. */
  WorkThreads threadsOf(Life life) {
    return new WorkThreads() {
      @Override
      public Run start(String name, @Nullable Run before, Runnable body) {
        Task task = new Task(life, before instanceof Task earlier ? earlier : null, body);
        if (!life.isOver()) {
          tasks.add(task);
        }
        return task;
      }

      @Override
      public boolean interrupted() {
        boolean was = isInterrupted(current);
        if (current != null) {
          current.interrupted = false;
        }
        return was;
      }

      @Override
      public <T> T call(String name, Callable<T> work)
          throws InterruptedException, ExecutionException {
        T result;
        try {
          result = work.call();
        } catch (Exception e) {
          if (interrupted()) {
            throw new InterruptedException(name);
          }
          throw new ExecutionException(e);
        }
        // An interrupt that comes with the result may win or lose.
        if (random.nextBoolean() && interrupted()) {
          throw new InterruptedException(name);
        }
        return result;
      }
    };
  }

  /** The clock of one life. */
  Timekeeper clockOf(Life life) {
    return new Timekeeper() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public Alarm at(Instant at, Runnable action) {
        boolean[] cancelled = new boolean[1];
        Task task =
            new Task(
                life,
                null,
                () -> {
                  if (!cancelled[0]) {
                    action.run();
                  }
                });
        alarms.add(new Due(at, order++, task));
        advanceTo(now);
        return () -> cancelled[0] = true;
      }

      @Override
      public void close() {}
    };
  }
}
