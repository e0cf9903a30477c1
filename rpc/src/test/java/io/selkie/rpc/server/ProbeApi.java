package io.selkie.rpc.server;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;
import java.io.IOException;
import java.io.InputStream;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Methods that do on purpose what a test needs. */
@RpcNamespace("Probe")
interface ProbeApi {

  /** Returns its argument. */
  @RpcMethod(Permission.READ)
  JsonValue echo(JsonValue value) throws RpcFault;

  /** Returns after this many milliseconds. */
  @RpcMethod(Permission.READ)
  boolean sleep(@Wire(type = "int64") long millis) throws InterruptedException;

  /** Returns once two callers are here. */
  @RpcMethod(Permission.READ)
  boolean meet() throws Exception;

  /** Fails in a way nobody planned. */
  @RpcMethod(Permission.READ)
  void crash();

  /** Counts the bytes of a stream. */
  @RpcMethod(Permission.WRITE)
  long count(InputStream data) throws RpcFault;

  /** Looks at no byte of a stream. */
  @RpcMethod(Permission.WRITE)
  void ignore(InputStream data);

  /** Sends the numbers 1 to {@code last}. */
  @RpcMethod(Permission.READ)
  Flow.Publisher<Long> numbers(@Wire(type = "int64") long last);

  /** Sends nothing, and never ends. */
  @RpcMethod(Permission.READ)
  Flow.Publisher<Long> forever();

  /** Sends nothing; whoever asks for a value waits until the channel is cancelled. */
  @RpcMethod(Permission.READ)
  Flow.Publisher<Long> stubborn();

  /** Sends what is no number. */
  @RpcMethod(Permission.READ)
  Flow.Publisher<Long> mistyped();

  /** Answers with what cannot be written. */
  @RpcMethod(Permission.READ)
  List<String> unwritable();

  /** Counts the bytes of a stream, resting for so many milliseconds after the first. */
  @RpcMethod(Permission.WRITE)
  long countSlowly(@Wire(type = "int64") long millis, InputStream data)
      throws RpcFault, InterruptedException;

  /** Does nothing, for an administrator. */
  @RpcMethod(Permission.ADMIN)
  void govern(List<String> what, @Nullable String why);

  /** Answers them. */
  final class Probe implements ProbeApi {

    final CountDownLatch interrupted = new CountDownLatch(1);
    final CountDownLatch asleep = new CountDownLatch(1);
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();

    /** The most calls of {@link #sleep} that were at work at once. */
    final AtomicInteger most = new AtomicInteger();

    private final CyclicBarrier both = new CyclicBarrier(2);

    @Override
    public JsonValue echo(JsonValue value) {
      return value;
    }

    @Override
    public boolean sleep(long millis) throws InterruptedException {
      int asleepNow = begun.incrementAndGet() - ended.get();
      most.accumulateAndGet(asleepNow, Math::max);
      asleep.countDown();
      try {
        TimeUnit.MILLISECONDS.sleep(millis);
      } catch (InterruptedException e) {
        interrupted.countDown();
        throw e;
      } finally {
        ended.incrementAndGet();
      }
      return true;
    }

    @Override
    public boolean meet() throws Exception {
      both.await(10, TimeUnit.SECONDS);
      return true;
    }

    @Override
    public void crash() {
      throw new IllegalStateException("boom <1>");
    }

    @Override
    public long count(InputStream data) throws RpcFault {
      try {
        return data.transferTo(java.io.OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new RpcFault("reading stream: " + e.getMessage());
      }
    }

    @Override
    public void ignore(InputStream data) {}

    @Override
    public Flow.Publisher<Long> numbers(long last) {
      return subscriber -> {
        SubmissionPublisher<Long> publisher = new SubmissionPublisher<>();
        publisher.subscribe(subscriber);
        Thread.ofVirtual()
            .start(() -> {
              for (long i = 1; i <= last; i++) {
                publisher.submit(i);
              }
              publisher.close();
            });
      };
    }

    @Override
    public Flow.Publisher<Long> forever() {
      return subscriber ->
          subscriber.onSubscribe(
              new Flow.Subscription() {
                @Override
                public void request(long count) {}

                @Override
                public void cancel() {}
              });
    }

    @Override
    public Flow.Publisher<Long> stubborn() {
      return subscriber -> {
        CountDownLatch cancelled = new CountDownLatch(1);
        subscriber.onSubscribe(
            new Flow.Subscription() {
              @Override
              public void request(long count) {
                try {
                  cancelled.await();
                } catch (InterruptedException _) {
                  Thread.currentThread().interrupt();
                }
              }

              @Override
              public void cancel() {
                cancelled.countDown();
              }
            });
      };
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // the mistake is the point
    public Flow.Publisher<Long> mistyped() {
      return subscriber -> {
        SubmissionPublisher publisher = new SubmissionPublisher();
        publisher.subscribe(subscriber);
        publisher.submit("one");
      };
    }

    @Override
    public List<String> unwritable() {
      return new AbstractList<>() {
        @Override
        public String get(int index) {
          throw new IllegalStateException("there is no item " + index);
        }

        @Override
        public int size() {
          return 1;
        }
      };
    }

    @Override
    public long countSlowly(long millis, InputStream data) throws RpcFault, InterruptedException {
      try {
        int first = data.read();
        TimeUnit.MILLISECONDS.sleep(millis);
        return count(data) + (first < 0 ? 0 : 1);
      } catch (IOException e) {
        throw new RpcFault("reading stream: " + e.getMessage());
      }
    }

    @Override
    public void govern(List<String> what, @Nullable String why) {}
  }
}
