package io.selkie.node.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PulledPublisherTest {

  /** Whoever reads would wait for ever. */
  @Test
  void bugOfTheSource_isToldToTheReader() throws Exception {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    PulledPublisher<Long> publisher =
        new PulledPublisher<>(
            "test",
            sink -> {
              sink.take(1L);
              throw new IllegalStateException("no second");
            });
    publisher.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(5);
          }

          @Override
          public void onNext(Long value) {
            assertThat(value).isEqualTo(1);
          }

          @Override
          public void onError(Throwable cause) {
            told.complete(cause);
          }

          @Override
          public void onComplete() {
            told.completeExceptionally(new AssertionError("it is not complete"));
          }
        });
    assertThat(told.get(10, TimeUnit.SECONDS)).hasMessage("no second");
  }
}
