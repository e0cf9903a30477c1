package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidTest {

  private static final String MESSAGE =
      "bafy2bzacebhh24kzrnt7dljehao5bnbf4ezcj3mv4tbqtvvibk4kwtcdysmao";

  @Test
  void parse_ofRecordedCids_printsThemAgain() throws IOException {
    List<String> cids = recorded();
    assertThat(cids).hasSizeGreaterThan(20);
    for (String text : cids) {
      Cid cid = Cid.parse(text);
      assertThat(cid).hasToString(text);
      assertThat(cid.bytes())
          .isEqualTo(new Base32().decode(text.substring(1).toUpperCase(Locale.ROOT)));
      assertThat(Cid.ofBytes(cid.bytes())).isEqualTo(cid);
      assertThat(Cid.of(cid.codec(), cid.hashFunction(), cid.digest())).isEqualTo(cid);
      assertThat(cid.commitment().isPresent()).isEqualTo(text.startsWith("bag"));
    }
  }

  @Test
  void parse_ofMessageCid_knowsItsParts() {
    Cid cid = Cid.parse(MESSAGE);
    assertThat(cid.version()).isEqualTo(1);
    assertThat(cid.codec()).isEqualTo(Cid.DAG_CBOR);
    assertThat(cid.hashFunction()).isEqualTo(Cid.BLAKE2B_256);
    assertThat(cid.digest()).hasSize(32);
  }

  @Test
  void parse_ofEveryMultibase_isTheSameCid() {
    byte[] bytes = Cid.parse(MESSAGE).bytes();
    String hex = HexFormat.of().formatHex(bytes);
    for (String text :
        List.of(
            MESSAGE.toUpperCase(Locale.ROOT),
            "f" + hex,
            "F" + hex.toUpperCase(Locale.ROOT),
            "z" + Multibase.encodeBase58(bytes),
            "k" + new BigInteger(1, bytes).toString(36),
            "m" + Base64.getEncoder().withoutPadding().encodeToString(bytes),
            "M" + Base64.getEncoder().encodeToString(bytes),
            "u" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            "U" + Base64.getUrlEncoder().encodeToString(bytes))) {
      assertThat(Cid.parse(text)).as(text).hasToString(MESSAGE);
    }
  }

  @Test
  void parse_ofVersion0_staysVersion0() {
    // The directory of IPFS's own documentation, known since go-ipfs 0.2.
    String text = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
    Cid cid = Cid.parse(text);
    assertThat(cid).hasToString(text);
    assertThat(cid.version()).isZero();
    assertThat(cid.codec()).isEqualTo(Cid.DAG_PB);
    assertThat(cid.hashFunction()).isEqualTo(Cid.SHA2_256);
    assertThat(cid.digest()).hasSize(32);
    assertThat(Cid.ofBytes(cid.bytes())).isEqualTo(cid);
  }

  @ParameterizedTest
  @CsvSource({
    "'', cid too short",
    "x, cid too short",
    "xx, selected encoding not supported",
    "f0171, cid too short",
    "f0271a0e40200, 'expected 1 as the cid version number, got: 2'",
    "f0155120100ff, trailing bytes in data buffer passed to cid Cast",
    "f0155122000, length greater than remaining number of bytes in buffer: 32 > 1",
    "b1, illegal base32 data at input byte 0"
  })
  void parse_ofBadText_saysWhy(String text, String why) {
    assertThatThrownBy(() -> Cid.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("invalid cid: " + why);
  }

  @Test
  void parse_ofOverlongText_isRefusedBeforeDecoding() {
    assertThatThrownBy(() -> Cid.parse("z" + "1".repeat(Cid.MAX_TEXT)))
        .hasMessage("invalid cid: text of 1025 characters, at most 1024");
  }

  @Test
  void parse_ofVersion0InMultibase_isRefused() {
    String hex = "f1220" + "00".repeat(32);
    assertThatThrownBy(() -> Cid.parse(hex))
        .hasMessage("invalid cid: expected 1 as the cid version number, got: 18");
  }

  @Test
  void parse_ofGarbage_throwsNothingElse() {
    long seed = System.nanoTime();
    System.out.println("CidTest seed " + seed);
    Random random = new Random(seed);
    String alphabet = "bBzfFkKmMuUQ0123456789abcdefXYZ+/=-_~\u00e9";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      if (random.nextBoolean()) {
        text.append(MESSAGE);
        text.setCharAt(random.nextInt(text.length()), (char) (32 + random.nextInt(96)));
      } else {
        for (int i = random.nextInt(60); i > 0; i--) {
          text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
      }
      try {
        Cid cid = Cid.parse(text.toString());
        assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d: %s", seed, text).hasMessageStartingWith("invalid cid: ");
      }
    }
  }

  @Test
  void ofBytes_ofGarbage_throwsNothingElse() {
    long seed = System.nanoTime();
    System.out.println("CidTest bytes seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = Cid.parse(MESSAGE).bytes();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      try {
        Cid cid = Cid.ofBytes(bytes);
        assertThat(cid.bytes()).isEqualTo(bytes);
        assertThat(cid.digest().length).isLessThan(bytes.length);
        assertThat(cid.commitment()).isEmpty();
      } catch (IllegalArgumentException e) {
        assertThat(e).as("seed %d", seed).hasMessageStartingWith("invalid cid: ");
      }
    }
  }

  private static List<String> recorded() throws IOException {
    try (var in = CidTest.class.getResourceAsStream("/lotus/cids.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(l -> !l.startsWith("#")).toList();
    }
  }
}
