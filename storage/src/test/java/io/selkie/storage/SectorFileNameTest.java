package io.selkie.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.SectorId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SectorFileNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fetching",
        "s-t01000-3.tmp",
        "s-t01000-03",
        "s-t001000-3",
        "s-f01000-3",
        "s-t01000",
        "s-t01000-",
        "s-t01000--3",
        "s-t01000-3/../x",
        "../s-t01000-3",
        "s-t01000-3\n",
        " s-t01000-3",
        "s-t09223372036854775808-1",
        "s-t01000-99999999999999999999",
        "S-t01000-3",
        "s-t0\u0661-1"
      })
  void parse_nameWeWouldNotWrite_isEmpty(String name) {
    assertThat(SectorFileName.parse(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s-t01000-3", "s-t00-0", "s-t09223372036854775807-9223372036854775807"})
  void parse_nameWeWrite_isItsSector(String name) {
    assertThat(SectorFileName.parse(name).map(SectorId::fileName)).contains(name);
  }

  @Test
  void fileName_ofSector_isTheReferences() {
    assertThat(SectorFileName.parse("s-t01000-3")).contains(SectorId.of(1000, 3));
  }
}
