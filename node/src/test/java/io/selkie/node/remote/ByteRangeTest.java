package io.selkie.node.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Fuzzer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Range headers; the answers are those of net/http's parseRange of Go 1.24. */
class ByteRangeTest {

  private static final int ROUNDS = 50_000;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "bytes=0-          | 0    | 2047",
        "bytes=0-0         | 0    | 0",
        "bytes=16-31       | 16   | 31",
        "bytes=2047-5000   | 2047 | 2047",
        "bytes=-1          | 2047 | 2047",
        "bytes=-5000       | 0    | 2047",
        "bytes=-9223372036854775807  | 0 | 2047",
        "bytes=7-9223372036854775807 | 7 | 2047",
        "\"bytes= 1 - 2 ,\"  | 1 | 2",
        "\"bytes=4096-,5-6\" | 5 | 6",
      })
  void range_withinTheFile_isThatPart(String header, long first, long last) {
    assertThat(ByteRange.of(header, 2048)).isEqualTo(new ByteRange.Part(first, last));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bytes=", "bytes=,", "bytes= , ", "bytes=0-1,4-5"})
  void range_ofNothingOrSeveral_isTheWhole(String header) {
    assertThat(ByteRange.of(header, 2048)).isEqualTo(new ByteRange.Whole());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=2048-", "bytes=9223372036854775807-", "bytes=4096-1", "bytes=-0"})
  void range_behindTheEnd_isOutside(String header) {
    assertThat(ByteRange.of(header, 2048)).isEqualTo(new ByteRange.Outside());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0-1",
        "Bytes=0-1",
        "items=0-1",
        " bytes=0-1",
        "bytes=5-3",
        "bytes=-",
        "bytes=--1",
        "bytes=+1-2",
        "bytes=1-2-3",
        "bytes=0x1-2",
        "bytes=1.0-2",
        "bytes=9223372036854775808-",
        "bytes=-18446744073709551616",
        "bytes=\u0661-\u0662",
        "bytes=0-1,x"
      })
  void range_thatIsNone_isGarbled(String header) {
    assertThat(ByteRange.of(header, 2048)).isEqualTo(new ByteRange.Garbled());
  }

  @Test
  void range_ofAnEmptyFile_isTheWhole() {
    assertThat(ByteRange.of("bytes=0-", 0)).isEqualTo(new ByteRange.Whole());
    assertThat(ByteRange.of("bytes=-5", 0)).isEqualTo(new ByteRange.Whole());
  }

  @Test
  void range_ofMoreThanThereMayBe_isGarbled() {
    assertThat(ByteRange.of("bytes=" + "0-0,".repeat(ByteRange.MAX_RANGES), 2048))
        .isEqualTo(new ByteRange.Garbled());
  }

  @Test
  void changedHeader_isRefusedOrLiesWithinTheFile() throws Exception {
    int[] parts = {0};
    new Fuzzer(Fuzzer.corpus(getClass(), "ranges.txt", false), ROUNDS)
        .run(input -> {
          String header = new String(input, StandardCharsets.UTF_8);
          for (long size : new long[] {0, 1, 2048, Long.MAX_VALUE}) {
            if (ByteRange.of(header, size) instanceof ByteRange.Part part) {
              parts[0]++;
              assertThat(part.first()).isBetween(0L, part.last());
              assertThat(part.last()).isLessThan(size);
              assertThat(part.length()).isPositive();
            }
          }
        });
    assertThat(parts[0]).isPositive();
  }
}
