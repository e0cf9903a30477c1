package io.selkie.rpc.server;

import io.selkie.rpc.json.JsonValue;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Flow;

/**
 * What {@link io.selkie.rpc.api.CommonApi#closing} answers with: it sends nothing and completes
 * when told to.
 */
public final class ShutdownSignal implements Flow.Publisher<JsonValue> {

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

  /** Completes everybody who listens, and everybody who will. */
  public void signal() {
    Set<Listener> told;
    synchronized (listeners) {
      signalled = true;
      told = Set.copyOf(listeners);
      listeners.clear();
    }
    told.forEach(each -> each.subscriber.onComplete());
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
