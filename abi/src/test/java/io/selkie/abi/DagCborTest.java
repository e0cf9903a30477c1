package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DagCborTest {

  /** The integers of RFC 8949 appendix A. */
  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "10, 0a",
    "23, 17",
    "24, 1818",
    "100, 1864",
    "1000, 1903e8",
    "1000000, 1a000f4240",
    "1000000000000, 1b000000e8d4a51000",
    "9223372036854775807, 1b7fffffffffffffff",
    "-1, 20",
    "-10, 29",
    "-100, 3863",
    "-1000, 3903e7",
    "-9223372036854775808, 3b7fffffffffffffff"
  })
  void integer_ofRfc8949_isWrittenAndRead(long value, String hex) {
    assertThat(new DagCborWriter().integer(value).toByteArray()).isEqualTo(bytes(hex));
    DagCborReader in = new DagCborReader(bytes(hex));
    assertThat(in.integer()).isEqualTo(value);
    in.end();
  }

  @Test
  void values_ofEveryKind_comeBack() {
    Cid cid = Cid.ofDagCbor(new byte[] {1});
    byte[] encoded =
        new DagCborWriter()
            .array(8)
            .bytes(new byte[] {1, 2})
            .text("s\u00e9l")
            .bool(true)
            .bool(false)
            .nul()
            .cid(cid)
            .unsigned(-1)
            .amount(TokenAmount.of(-300))
            .toByteArray();
    DagCborReader in = new DagCborReader(encoded);
    in.tuple(8);
    assertThat(in.bytes(2)).containsExactly(1, 2);
    assertThat(in.text(4)).isEqualTo("s\u00e9l");
    assertThat(in.bool()).isTrue();
    assertThat(in.bool()).isFalse();
    assertThat(in.nul()).isTrue();
    assertThat(in.cid()).isEqualTo(cid);
    assertThat(in.unsigned()).isEqualTo(-1);
    assertThat(in.amount()).isEqualTo(TokenAmount.of(-300));
    assertThat(in.atEnd()).isTrue();
    DagCborReader.validate(encoded);
  }

  @Test
  void map_inAnyOrder_isWrittenShortKeysFirst() {
    byte[] one = {1};
    byte[] encoded =
        new DagCborWriter().map(Map.of("b", one, "aa", one, "a", one, "B", one)).toByteArray();
    assertThat(HexFormat.of().formatHex(encoded)).isEqualTo("a461420161610161620162616101");
    List<String> keys = new ArrayList<>();
    DagCborReader in = new DagCborReader(encoded);
    in.map(
        4,
        key -> {
          keys.add(key);
          assertThat(in.integer()).isEqualTo(1);
        });
    assertThat(keys).containsExactly("B", "a", "b", "aa");
  }

  /** Longer forms, indefinite lengths, foreign tags, floats, undefined, disorder, cut ends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1800",
        "1817",
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff",
        "9fff",
        "5fff",
        "bfff",
        "c100",
        "d82a00",
        "d82a40",
        "d82a4100",
        "d82a420001",
        "f7",
        "f4f4",
        "f93c00",
        "fb3ff0000000000000",
        "f820",
        "81",
        "8201",
        "41",
        "61ff",
        "62c328",
        "a2616201616101",
        "a2616101616101",
        "a10101",
        "1c",
        "fc",
        "9b7fffffffffffffff",
        "5b7fffffffffffffff",
        "9bffffffffffffffff",
        "bb00000001000000000000",
        "d82b4100"
      })
  void validate_ofWhatIsNotCanonical_isRefused(String hex) {
    assertThatThrownBy(() -> DagCborReader.validate(bytes(hex)))
        .isInstanceOf(DagCborException.class)
        .hasMessageStartingWith("byte ");
  }

  @Test
  void error_deepInside_namesItsOffset() {
    assertThatThrownBy(() -> DagCborReader.validate(bytes("8301021800")))
        .isInstanceOfSatisfying(DagCborException.class, e -> assertThat(e.offset()).isEqualTo(3))
        .hasMessage("byte 3: integer is not in its shortest form");
    assertThatThrownBy(() -> new DagCborReader(bytes("43000000")).bytes(2))
        .hasMessage("byte 0: byte string of 3 bytes, at most 2 allowed");
    assertThatThrownBy(() -> new DagCborReader(bytes("43")).bytes(9))
        .hasMessage("byte 0: byte string of 3 bytes with 0 bytes left");
    assertThatThrownBy(() -> new DagCborReader(bytes("8101")).tuple(2))
        .hasMessage("byte 0: array of 1 items, expected 2");
    assertThatThrownBy(() -> new DagCborReader(bytes("f6")).bool())
        .hasMessage("byte 0: expected true or false, found null");
    assertThatThrownBy(() -> new DagCborReader(bytes("00")).text(9))
        .hasMessage("byte 0: expected a text, found an unsigned integer");
  }

  @Test
  void validate_ofDeepNesting_stopsAtTheLimit() {
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) 0x81);
    assertThatThrownBy(() -> DagCborReader.validate(deep)).hasMessageContaining("deeper than 64");
    byte[] allowed = new byte[DagCborReader.MAX_DEPTH + 1];
    Arrays.fill(allowed, (byte) 0x81);
    allowed[allowed.length - 1] = (byte) 0x80;
    DagCborReader.validate(allowed);
  }

  @Test
  void validate_ofRandomTrees_acceptsThemAndNoChangedByteBreaksIt() {
    long seed = System.nanoTime();
    System.out.println("DagCborTest seed " + seed);
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      byte[] tree = tree(random, 0);
      DagCborReader.validate(tree);
      byte[] hostile = tree.clone();
      hostile[random.nextInt(hostile.length)] = (byte) random.nextInt();
      try {
        DagCborReader.validate(hostile);
      } catch (DagCborException e) {
        assertThat(e.offset()).as("seed %d", seed).isBetween(0, hostile.length);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void validate_ofGarbage_throwsNothingElse() {
    long seed = System.nanoTime();
    System.out.println("DagCborTest garbage seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 50_000; round++) {
      byte[] garbage = new byte[random.nextInt(40)];
      random.nextBytes(garbage);
      try {
        DagCborReader.validate(garbage);
      } catch (DagCborException e) {
        assertThat(e.offset()).as("seed %d", seed).isBetween(0, garbage.length);
      }
    }
  }

  private static byte[] tree(Random random, int depth) {
    DagCborWriter out = new DagCborWriter();
    return switch (random.nextInt(depth > 4 ? 5 : 7)) {
      case 0 -> out.integer(random.nextLong() >> random.nextInt(64)).toByteArray();
      case 1 -> out.bytes(new byte[random.nextInt(300)]).toByteArray();
      case 2 -> out.text("\u03b2".repeat(random.nextInt(20))).toByteArray();
      case 3 -> out.cid(Cid.ofDagCbor(new byte[random.nextInt(9)])).toByteArray();
      case 4 -> random.nextBoolean() ? out.nul().toByteArray() : out.bool(true).toByteArray();
      case 5 -> {
        int count = random.nextInt(5);
        out.array(count);
        for (int i = 0; i < count; i++) {
          out.raw(tree(random, depth + 1));
        }
        yield out.toByteArray();
      }
      default ->
          out.map(Map.of("k" + random.nextInt(99), tree(random, depth + 1), "z", new byte[] {0}))
              .toByteArray();
    };
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
