package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BitFieldTest {

  @ParameterizedTest
  @CsvSource({
    "0, 2048, 041002",
    "1024, 2048, 0010014004",
    "0, 8388608, 04101090",
    "0, 536870912, 0410101050",
    "0, 34359738368, 041010101030",
    "0, 68719476736, 041010101050",
    "5, 5, ''"
  })
  void rlePlus_ofSectorRange_isTheKnownTrailer(long from, long to, String hex) {
    BitField set = BitField.ofRange(from, to);
    assertThat(HexFormat.of().formatHex(set.toRlePlus())).isEqualTo(hex);
    assertThat(BitField.ofRlePlus(HexFormat.of().parseHex(hex))).isEqualTo(set);
  }

  @Test
  void rlePlus_ofTwoRanges_isTheKnownTrailer() {
    BitField set = BitField.ofRange(0, 1024).plus(BitField.ofRange(1536, 2048));
    assertThat(HexFormat.of().formatHex(set.toRlePlus())).isEqualTo("04100140020009");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "34",
        "a4",
        "00",
        "0400",
        "01",
        "04",
        "0c00",
        "0410020100",
        "0480ffffffffffffff7f"
      })
  void rlePlus_notInItsOnlyForm_isRefused(String hex) {
    assertThatThrownBy(() -> BitField.ofRlePlus(HexFormat.of().parseHex(hex)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rlePlus_overTheLimit_isRefused() {
    byte[] big = new byte[BitField.MAX_ENCODED_BYTES + 1];
    big[big.length - 1] = 1;
    assertThatThrownBy(() -> BitField.ofRlePlus(big))
        .hasMessage("RLE+ of 32769 bytes, at most 32768");
  }

  @Test
  void rlePlus_ofAnySet_comesBack() {
    long seed = System.nanoTime();
    System.out.println("BitFieldTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      BitField set = BitField.EMPTY;
      for (int i = random.nextInt(12); i > 0; i--) {
        long from = random.nextLong() >>> (1 + random.nextInt(62));
        long size = 1 + (random.nextLong() >>> (2 + random.nextInt(61)));
        set = set.plus(BitField.ofRange(from, Math.min(Long.MAX_VALUE - from, size) + from));
      }
      assertThat(BitField.ofRlePlus(set.toRlePlus())).as("seed %d", seed).isEqualTo(set);
      assertThat(BitField.ofRunLengths(set.toRunLengths())).as("seed %d", seed).isEqualTo(set);
    }
  }

  @Test
  void rlePlus_ofGarbage_isASetWithThatEncodingOrRefused() {
    long seed = System.nanoTime();
    System.out.println("BitFieldTest garbage seed " + seed);
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] garbage = new byte[random.nextInt(12)];
      random.nextBytes(garbage);
      if (garbage.length > 0) {
        garbage[0] &= (byte) 0xfc;
      }
      try {
        BitField set = BitField.ofRlePlus(garbage);
        assertThat(set.toRlePlus()).as("seed %d", seed).isEqualTo(garbage);
        accepted++;
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageFindingMatch("RLE|varint");
      }
    }
    assertThat(accepted).isPositive();
  }

  @Test
  void setOperations_equalThoseOfATreeSet() {
    long seed = System.nanoTime();
    System.out.println("BitFieldTest sets seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      NavigableSet<Long> a = members(random);
      NavigableSet<Long> b = members(random);
      BitField fieldA = field(a);
      BitField fieldB = field(b);
      NavigableSet<Long> union = new TreeSet<>(a);
      union.addAll(b);
      NavigableSet<Long> difference = new TreeSet<>(a);
      difference.removeAll(b);
      NavigableSet<Long> both = new TreeSet<>(a);
      both.retainAll(b);
      assertThat(fieldA.plus(fieldB)).as("seed %d", seed).isEqualTo(field(union));
      assertThat(fieldA.minus(fieldB)).as("seed %d", seed).isEqualTo(field(difference));
      assertThat(fieldA.intersect(fieldB)).as("seed %d", seed).isEqualTo(field(both));
      assertThat(fieldA.size()).isEqualTo(a.size());
      assertThat(fieldA.end()).isEqualTo(a.isEmpty() ? 0L : a.last() + 1);
      assertThat(fieldA.members(64)).containsExactly(a.stream().mapToLong(i -> i).toArray());
      for (long i = -1; i < 50; i++) {
        assertThat(fieldA.contains(i)).as("%d, seed %d", i, seed).isEqualTo(a.contains(i));
      }
    }
  }

  @Test
  void runLengths_ofTheApiExamples_areTheirMembers() {
    assertThat(BitField.ofRunLengths(20, 5)).isEqualTo(BitField.ofRange(20, 25));
    assertThat(BitField.ofRunLengths(0, 3, 2, 1)).isEqualTo(BitField.of(0, 1, 2, 5));
    assertThat(BitField.EMPTY.toRunLengths()).containsExactly(0);
    assertThat(BitField.of(5, 2, 1, 0, 2).toRunLengths()).containsExactly(0, 3, 2, 1);
    assertThat(BitField.ofRunLengths()).isEqualTo(BitField.EMPTY);
    assertThat(BitField.ofRunLengths(0)).isEqualTo(BitField.EMPTY);
    assertThat(BitField.ofRunLengths(0, 3, 9)).isEqualTo(BitField.ofRange(0, 3));
  }

  @Test
  void runLengths_withZeroInside_areRefusedWithTheApisText() {
    assertThatThrownBy(() -> BitField.ofRunLengths(1, 0, 3))
        .hasMessage("Cannot have a zero-length run except at start");
    assertThatThrownBy(() -> BitField.ofRunLengths(Long.MAX_VALUE, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BitField.ofRunLengths(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void members_overTheLimit_areNotListed() {
    assertThatCode(() -> BitField.ofRange(0, 10).members(10)).doesNotThrowAnyException();
    assertThatThrownBy(() -> BitField.ofRange(0, Long.MAX_VALUE).members(10))
        .hasMessage("bit field of 9223372036854775807 members, at most 10");
  }

  @Test
  void toString_ofRuns_isShort() {
    assertThat(BitField.of(0, 1, 2, 7)).hasToString("{0-2, 7}");
    assertThat(BitField.ofRange(3, 9).containsRange(4, 9)).isTrue();
    assertThat(BitField.ofRange(3, 9).containsRange(4, 10)).isFalse();
  }

  private static NavigableSet<Long> members(Random random) {
    NavigableSet<Long> out = new TreeSet<>();
    for (int i = random.nextInt(30); i > 0; i--) {
      out.add((long) random.nextInt(48));
    }
    return out;
  }

  private static BitField field(NavigableSet<Long> members) {
    return BitField.of(members.stream().mapToLong(i -> i).toArray());
  }

  @Test
  void text_ofNumbersAndRanges_isTheirSet() {
    assertThat(BitField.ofText("7,20-25,3-8,0").runs())
        .containsExactly(new BitField.Run(0, 1), new BitField.Run(3, 9), new BitField.Run(20, 26));
    assertThat(BitField.ofText("999999999999999999").contains(999_999_999_999_999_999L)).isTrue();
    for (String bad :
        List.of("", ",", "1,", "-1", "1-", "a", "1-2-3", "1 2", "1000000000000000000")) {
      assertThatThrownBy(() -> BitField.ofText(bad))
          .as(bad)
          .hasMessageContaining("is neither a number nor a range such as 20-25");
    }
    assertThatThrownBy(() -> BitField.ofText("5-3")).hasMessage("range 5-3 ends before it begins");
  }
}
