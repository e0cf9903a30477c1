package io.selkie.node.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoDurationTest {

  @Test
  void text_parsed_isTheDuration() {
    long seed = 20_261_122;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      Duration duration = Duration.ofNanos(random.nextLong(Long.MAX_VALUE) >> random.nextInt(63));
      assertThat(GoDuration.parse(GoDuration.text(duration)))
          .as("seed %d, %s", seed, duration)
          .isEqualTo(duration);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "6h,PT6H",
    "1h30m,PT1H30M",
    "100ms,PT0.1S",
    "1.5s,PT1.5S",
    "2us3ns,PT0.000002003S",
    "0s,PT0S"
  })
  void parse_asTheReferenceSpells_isThatLong(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "6", "h", "-6h", "6 h", "6d", "1h x", "x1h", "1..5s", "6H", "٣s"})
  void parse_anythingElse_isRefusedWithTheText(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2562048h", "99999999999999999999999s", "0.5ns"})
  void parse_beyondNanosecondsInALong_isRefusedWithTheLimit(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .hasMessage("duration '" + text + "' is longer than 292 years or finer than 1 ns");
  }
}
