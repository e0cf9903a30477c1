package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FormatTest {

  @Test
  void size_variousBytes_hasFourDigits() {
    assertThat(Format.size(0)).isEqualTo("0 B");
    assertThat(Format.size(2048)).isEqualTo("2 KiB");
    assertThat(Format.size(1536)).isEqualTo("1.5 KiB");
    assertThat(Format.size(196_065_256_243L)).isEqualTo("182.6 GiB");
    assertThat(Format.size(34_359_738_368L)).isEqualTo("32 GiB");
  }

  @Test
  void epoch_beforeAtAfterHead_readsInWords() {
    OptionalLong head = OptionalLong.of(222);
    assertThat(Format.epoch(222, head)).isEqualTo("222 (now)");
    assertThat(Format.epoch(444, head)).isEqualTo("444 (in 1 hour 51 minutes)");
    assertThat(Format.epoch(0, head)).isEqualTo("0 (1 hour 51 minutes ago)");
    assertThat(Format.epoch(5, OptionalLong.empty())).isEqualTo("5");
  }

  @Test
  void fil_longAndShort_keepTheirUnits() {
    assertThat(Format.fil("5")).isEqualTo("0.000000000000000005 FIL");
    assertThat(Format.fil("0")).isEqualTo("0 FIL");
    assertThat(Format.shortFil("0")).isEqualTo("0");
    assertThat(Format.shortFil("5")).isEqualTo("5 aFIL");
    assertThat(Format.shortFil("1500000000000000000")).isEqualTo("1.5 FIL");
    assertThat(Format.shortFil("999999999999999999")).isEqualTo("999.999 mFIL");
    assertThat(Format.shortFil("2500000000000000000000")).isEqualTo("2500 FIL");
  }

  @Test
  void goDuration_wholeSeconds_isGos() {
    assertThat(Format.goDuration(Duration.ofSeconds(5))).isEqualTo("5s");
    assertThat(Format.goDuration(Duration.ofMinutes(1))).isEqualTo("1m0s");
    assertThat(Format.goDuration(Duration.ofHours(1))).isEqualTo("1h0m0s");
    assertThat(Format.goDuration(Duration.ofSeconds(90_061))).isEqualTo("25h1m1s");
  }
}
