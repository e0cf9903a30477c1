package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoragePathCommandsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "17, 17",
    "1k, 1024",
    "3KiB, 3072",
    "1.5 MB, 1572864",
    "8TiB, 8796093022208",
    "9223372036854775807, 9223372036854775807"
  })
  void bytes_size_isCountedInPowersOf1024(String text, long bytes) throws CommandFailed {
    assertThat(StoragePathCommands.Attach.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1X", "KiB", "1..5", "8EiB", "9223372036854775808"})
  void bytes_anythingElse_isRefused(String text) {
    assertThatThrownBy(() -> StoragePathCommands.Attach.bytes(text))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining(text);
  }

  @Test
  void bytes_largestUnit_isExact() throws CommandFailed {
    assertThat(StoragePathCommands.Attach.bytes("1EiB")).isEqualTo(1L << 60);
  }
}
