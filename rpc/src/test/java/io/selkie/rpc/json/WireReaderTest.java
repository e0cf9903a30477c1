package io.selkie.rpc.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Address;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.WireSectorId;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The leniency and the error texts of Go's decoder. */
class WireReaderTest {

  private final WireTypes types = new WireTypes();
  private final WireReader reader = new WireReader();

  private static JsonValue json(String text) {
    return ((JsonReader.Outcome.Value) new JsonReader(1_000_000).read(text)).value();
  }

  private Object read(Class<?> record, String text) throws WireReader.Mismatch {
    return Objects.requireNonNull(reader.read(types.struct(record), json(text)));
  }

  private String again(Object value) {
    StringBuilder out = new StringBuilder();
    new WireWriter(Address.Network.MAINNET, types).plain(out, value);
    return out.toString();
  }

  @Test
  void members_inAnyCaseAndOrder_lastOneWins() throws Exception {
    assertThat(read(WireSectorId.class, "{\"NUMBER\":1,\"number\":2,\"miner\":3,\"x\":[{}]}"))
        .isEqualTo(new WireSectorId(3, 2));
    assertThat(read(SectorRef.class, "{\"id\":null}"))
        .isEqualTo(new SectorRef(new WireSectorId(0, 0), 0));
    assertThat(again(read(WireSectorId.class, "{\"Miner\":18446744073709551615}")))
        .isEqualTo("{\"Miner\":18446744073709551615,\"Number\":0}");
  }

  @Test
  void mismatch_insideARecord_namesTheInnermostAndThePath() {
    assertThatThrownBy(() -> read(SectorRef.class, "{\"ID\":{\"Miner\":\"x\"}}"))
        .hasMessage(
            "json: cannot unmarshal string into Go struct field SectorID.ID.Miner of type"
                + " abi.ActorID");
    assertThatThrownBy(() -> read(SectorRef.class, "{\"ID\":5}"))
        .hasMessage(
            "json: cannot unmarshal number into Go struct field SectorRef.ID of type abi.SectorID");
    assertThatThrownBy(() -> read(SectorRef.class, "\"x\""))
        .hasMessage("json: cannot unmarshal string into Go value of type storiface.SectorRef");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "9.0|number 9.0",
        "9e0|number 9e0",
        "-1|number -1",
        "\"9\"|string",
        "true|bool",
        "[]|array",
        "{}|object",
        "18446744073709551616|number 18446744073709551616"
      })
  void unsignedNumber_ofAnotherForm_isRefused(String given, String found) {
    WireType type = new WireType.Whole("uint64", true, long.class);
    assertThatThrownBy(() -> reader.read(type, json(given)))
        .hasMessage("json: cannot unmarshal " + found + " into Go value of type uint64");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5|json: cannot unmarshal number into Go value of type string",
        "\"\"|failed to parse big string: '\"\"'",
        "\"0x10\"|failed to parse big string: '\"0x10\"'",
        "null|failed to parse big string: 'null'"
      })
  void amount_thatIsNoDecimalText_isRefused(String given, String message) {
    assertThatThrownBy(() -> reader.read(new WireType.Amount("big.Int"), json(given)))
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null|invalid cid: null where a CID is needed",
        "{}|invalid cid: cid was incorrectly formatted",
        "{\"/\":null}|invalid cid: cid was incorrectly formatted",
        "{\"/\":\"\"}|invalid cid: cid was incorrectly formatted",
        "{\"/\":\"x\"}|invalid cid: invalid cid: cid too short",
        "5|invalid cid: invalid cid json blob",
        "\"b\"|invalid cid: json: cannot unmarshal string into Go value of type struct {"
            + " CidTarget string \"json:\\\"/\\\"\" }"
      })
  void cid_thatIsNone_isRefused(String given, String message) {
    assertThatThrownBy(() -> reader.read(new WireType.Link("cid.Cid"), json(given)))
        .hasMessage(message);
  }

  @Test
  void cid_thatMayBeAbsent_isReadFromNull() throws Exception {
    assertThat(reader.read(new WireType.Absent(new WireType.Link("cid.Cid")), JsonValue.Null.VALUE))
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x|invalid address length",
        "F01000|unknown address network",
        "f91000|unknown address protocol"
      })
  void address_thatIsNone_isRefused(String given, String message) {
    JsonValue text = JsonValue.text(given);
    assertThatThrownBy(() -> reader.read(new WireType.Addr("address.Address"), text))
        .hasMessage(message);
  }

  @Test
  void bitField_ofRunLengths_isReadAndWritten() throws Exception {
    WireType type = new WireType.Bits("bitfield.BitField");
    String[][] cases = {
      {"[20,5]", "[20,5]"},
      {"[0,3,2,1]", "[0,3,2,1]"},
      {"[]", "[0]"},
      {"[0]", "[0]"},
      {"null", "[0]"},
      {"[0,3,7]", "[0,3]"}
    };
    for (String[] each : cases) {
      assertThat(again(Objects.requireNonNull(reader.read(type, json(each[0])))))
          .as(each[0])
          .isEqualTo(each[1]);
    }
    assertThatThrownBy(() -> reader.read(type, json("[1,0,2]")))
        .hasMessage("Cannot have a zero-length run except at start");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "!!|0",
        "AAA|0",
        "AAAA=|4",
        "AA-_|2",
        "A===|1",
        "AA=A|3",
        "AAA=AAAA|4",
        "=|0",
        "AAAAB|4"
      })
  void base64_thatIsNone_namesTheOffset(String given, int offset) {
    assertThatThrownBy(() -> GoBase64.decode(given))
        .hasMessage("illegal base64 data at input byte " + offset);
  }

  @Test
  void base64_withLineBreaksOrAsNumbers_isRead() throws Exception {
    assertThat(GoBase64.decode("AQ\nID\r\n")).containsExactly(1, 2, 3);
    assertThat(GoBase64.decode("AQI=")).containsExactly(1, 2);
    assertThat(GoBase64.decode("AQ==")).containsExactly(1);
    assertThat(GoBase64.decode("")).isEmpty();
    WireType bytes = new WireType.Bytes("[]uint8");
    assertThat((byte[]) reader.read(bytes, json("[1,null,255]"))).containsExactly(1, 0, -1);
    assertThatThrownBy(() -> reader.read(bytes, json("[256]")))
        .hasMessage("json: cannot unmarshal number 256 into Go value of type uint8");
  }

  @Test
  void uuid_ofAnyForm_isRead() throws Exception {
    String hyphens = "11111111-2222-4333-8444-55555555ABCD";
    String plain = hyphens.replace("-", "");
    for (String form : new String[] {hyphens, plain, "{" + hyphens + "}", "urn:uuid:" + hyphens}) {
      assertThat(WireReader.uuid(form)).hasToString("11111111-2222-4333-8444-55555555abcd");
    }
    assertThatThrownBy(() -> WireReader.uuid("")).hasMessage("invalid UUID length: 0");
    assertThatThrownBy(() -> WireReader.uuid("urn:uuix:" + hyphens))
        .hasMessage("invalid urn prefix: \"urn:uuix:\"");
    assertThatThrownBy(() -> WireReader.uuid("x".repeat(32))).hasMessage("invalid UUID format");
  }

  @Test
  void time_isWrittenWithTheDigitsItHas() {
    assertThat(WireWriter.rfc3339(Instant.parse("2026-01-02T03:04:05Z")))
        .isEqualTo("2026-01-02T03:04:05Z");
    assertThat(WireWriter.rfc3339(Instant.parse("2026-01-02T03:04:05.120Z")))
        .isEqualTo("2026-01-02T03:04:05.12Z");
    assertThat(WireWriter.rfc3339(Instant.parse("2026-01-02T03:04:05.000000001Z")))
        .isEqualTo("2026-01-02T03:04:05.000000001Z");
  }
}
