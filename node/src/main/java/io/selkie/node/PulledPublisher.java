package io.selkie.node;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorChange;
import java.io.IOException;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;

/** A reader of the change feed that is given a change only when it asks for one. */
final class FeedSubscription implements Flow.Subscription, ChangeFeed.Sink {

  private final ChangeFeed feed;
  private final long fromOffset;
  private final ChangeFeed.Wanted wanted;
  private final Flow.Subscriber<? super SectorChange> subscriber;
  private final Semaphore asked = new Semaphore(0);
  private final Thread thread;
  private volatile boolean cancelled;

  FeedSubscription(
      ChangeFeed feed,
      long fromOffset,
      ChangeFeed.Wanted wanted,
      Flow.Subscriber<? super SectorChange> subscriber) {
    this.feed = feed;
    this.fromOffset = fromOffset;
    this.wanted = wanted;
    this.subscriber = subscriber;
    this.thread = Thread.ofVirtual().name("change-feed").unstarted(this::run);
  }

  void start() {
    subscriber.onSubscribe(this);
    thread.start();
  }

  private void run() {
    try {
      if (!cancelled) {
        feed.read(fromOffset, wanted, this);
        subscriber.onComplete();
      }
    } catch (InterruptedException | IOException | RpcFault e) {
      if (!cancelled) {
        subscriber.onError(e);
      }
    }
  }

  @Override
  public void take(SectorChange change) throws InterruptedException {
    asked.acquire();
    subscriber.onNext(change);
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
