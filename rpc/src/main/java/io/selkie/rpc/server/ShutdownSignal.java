package io.selkie.rpc.server;

import io.selkie.rpc.json.JsonValue;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link io.selkie.rpc.api.CommonApi#closing} answers with: it sends nothing and completes
 * when told to.
 */
public final class ShutdownSignal implements Flow.Publisher<JsonValue> {

  private static final Logger LOG = LoggerFactory.getLogger(ShutdownSignal.class);

  /** How long listeners are waited for who take nothing. */
  private static final long PATIENCE_MS = 1000;

  private final Set<Listener> listeners = new HashSet<>();
  private boolean signalled;

  @Override
  public void subscribe(Flow.Subscriber<? super JsonValue> subscriber) {
    Listener listener = new Listener(subscriber);
    boolean already;
    synchronized (listeners) {
      already = signalled;
      if (!already) {
        listeners.add(listener);
      }
    }
    subscriber.onSubscribe(listener);
    if (already) {
      subscriber.onComplete();
    }
  }

  /**
   * Completes everybody who listens, and everybody who will; returns when they have heard it, or
   * soon without those who are slow.
   */
  public void signal() {
    Set<Listener> told;
    synchronized (listeners) {
      signalled = true;
      told = Set.copyOf(listeners);
      listeners.clear();
    }
    CountDownLatch heard = new CountDownLatch(told.size());
    for (Listener each : told) {
      Thread.ofVirtual()
          .name("closing")
          .start(() -> {
            try {
              each.subscriber.onComplete();
            } finally {
              heard.countDown();
            }
          });
    }
    try {
      if (!heard.await(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
        LOG.debug("{} of {} have not heard of the end yet", heard.getCount(), told.size());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener implements Flow.Subscription {

    private final Flow.Subscriber<? super JsonValue> subscriber;

    Listener(Flow.Subscriber<? super JsonValue> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      // There are no values to ask for.
    }

    @Override
    public void cancel() {
      synchronized (listeners) {
        listeners.remove(this);
      }
    }
  }
}
