package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The memory of requests: how much of it there is, and who gets it. */
class HeldBodiesTest {

  private static final Caller READER = new Caller(Set.of("read"), "test");
  private static final Caller STRANGER = new Caller(Set.of(), "test");

  /** Eight megabytes, one large body at once, one middling one. */
  private static final ServerLimits LIMITS =
      TestServer.SMALL
          .with(new ServerLimits.Requests(8 << 20, 1000, 1, 100, 1, 1))
          .with(
              new ServerLimits.Times(
                  Duration.ofSeconds(1),
                  Duration.ofMillis(500),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(1),
                  RpcWebSocket.PING_INTERVAL,
                  ServerLimits.SILENCE_TIMEOUT,
                  ServerLimits.MAX_CALL_TIME));

  private final HeldBodies held = new HeldBodies(LIMITS);
  private final BodyReader bodies = new BodyReader(LIMITS, held);

  private int read(int length) throws IOException, HeldBodies.Refused, InterruptedException {
    int[] read = {0};
    bodies.read(
        new ByteArrayInputStream(new byte[length]), -1, READER, body -> read[0] = body.length);
    return read[0];
  }

  @Test
  void largeBodies_beyondTheNumberHeldAtOnce_waitAndAreRefused() throws Exception {
    try (HeldBodies.Hold first = held.hold()) {
      first.grow(3 << 20);
      assertThatThrownBy(() -> read(3 << 20))
          .isInstanceOf(HeldBodies.Refused.class)
          .hasMessage("more than 1 large requests at once");
      // A large one holds no middling place, and small ones none at all.
      assertThat(read(100_000)).isEqualTo(100_000);
      assertThat(read(100)).isEqualTo(100);
    }
    assertThat(read(3 << 20)).isEqualTo(3 << 20);
    assertThat(read(3 << 20)).isEqualTo(3 << 20);
  }

  @Test
  void middlingBodies_beyondTheNumberHeldAtOnce_areRefused() throws Exception {
    try (HeldBodies.Hold first = held.hold()) {
      first.grow(100_000);
      assertThatThrownBy(() -> read(100_000)).hasMessage("more than 1 requests at once");
      assertThat(read(10_000)).isEqualTo(10_000);
    }
    assertThat(read(100_000)).isEqualTo(100_000);
  }

  @Test
  void hold_closedWhileItGrows_keepsNoPlace() throws Exception {
    HeldBodies.Hold closed = held.hold();
    closed.close();
    closed.grow(3 << 20);
    assertThat(read(3 << 20)).isEqualTo(3 << 20);
  }

  /** Gives away how much of it was read. */
  private static final class Endless extends InputStream {
    private long given;

    @Override
    public int read() {
      given++;
      return 'a';
    }

    @Override
    public int read(byte[] into, int offset, int count) {
      given += count;
      return count;
    }
  }

  @Test
  void body_ofOneWhoMayDoNothing_isRefusedBeforeMuchIsRead() {
    assertThatThrownBy(
            () -> bodies.read(new ByteArrayInputStream(new byte[0]), 1001, STRANGER, _ -> {}))
        .hasMessage("request bigger than maximum 1000 allowed without a token");
    Endless endless = new Endless();
    assertThatThrownBy(() -> bodies.read(endless, -1, STRANGER, _ -> {}))
        .hasMessage("request bigger than maximum 1000 allowed without a token");
    assertThat(endless.given).isLessThan(10_000);
  }

  @Test
  void message_isPutTogetherFromItsParts_orRefusedBeforeItIsKept() throws Exception {
    MessageIntake intake = new MessageIntake(LIMITS, held, STRANGER);
    assertThat(intake.take("{\"a\":".getBytes(java.nio.charset.StandardCharsets.UTF_8), false))
        .isEmpty();
    Optional<MessageIntake.Message> whole = intake.take(new byte[] {'1', '}'}, true);
    assertThat(whole.orElseThrow().text()).isEqualTo("{\"a\":1}");
    assertThat(intake.overdue()).isEmpty();
    assertThat(intake.take(new byte[1000], false)).isEmpty();
    assertThatThrownBy(() -> intake.take(new byte[1], false))
        .hasMessage("request bigger than maximum 1000 allowed without a token");
    Thread.sleep(700);
    assertThat(intake.overdue()).contains("request took longer than 500 ms to arrive");
  }

  @Test
  void messages_holdPlaces_untilTheyAreAnsweredOrGivenUp() throws Exception {
    MessageIntake intake = new MessageIntake(LIMITS, held, READER);
    MessageIntake.Message large = intake.take(new byte[3 << 20], true).orElseThrow();
    assertThatThrownBy(() -> read(3 << 20)).hasMessage("more than 1 large requests at once");
    large.hold().close();
    assertThat(intake.take(new byte[3 << 20], false)).isEmpty();
    intake.drop();
    assertThat(read(3 << 20)).isEqualTo(3 << 20);
  }
}
