package io.selkie.node.query;

import io.selkie.rpc.RpcFault;
import java.io.IOException;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;

/**
 * A publisher whose values are made on a thread of each subscriber's own, the next one only when it
 * is asked for.
 */
final class PulledPublisher<T> implements Flow.Publisher<T> {

  /** Where values go. */
  interface Sink<T> {

    /** One value; returns once it was asked for and given. */
    void take(T value) throws IOException, InterruptedException;
  }

  /** Makes the values. */
  interface Source<T> {

    /** Gives all values to the sink. */
    void run(Sink<T> sink) throws RpcFault, IOException, InterruptedException;
  }

  private final String name;
  private final Source<T> source;

  /**
   * A publisher of the values of a source.
   *
   * @param name of its threads
   */
  PulledPublisher(String name, Source<T> source) {
    this.name = name;
    this.source = source;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    new Pulling(subscriber).start();
  }

  private final class Pulling implements Flow.Subscription, Sink<T> {

    private final Flow.Subscriber<? super T> subscriber;
    private final Semaphore asked = new Semaphore(0);
    private final Thread thread;
    private volatile boolean cancelled;

    Pulling(Flow.Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
      this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    void start() {
      subscriber.onSubscribe(this);
      thread.start();
    }

    private void run() {
      try {
        if (!cancelled) {
          source.run(this);
          subscriber.onComplete();
        }
      } catch (InterruptedException | IOException | RpcFault | RuntimeException e) {
        if (!cancelled) {
          subscriber.onError(e);
        }
      }
    }

    @Override
    public void take(T value) throws InterruptedException {
      asked.acquire();
      subscriber.onNext(value);
    }

    @Override
    public void request(long more) {
      asked.release((int) Math.min(more, Integer.MAX_VALUE / 2));
    }

    @Override
    public void cancel() {
      cancelled = true;
      thread.interrupt();
    }
  }
}
