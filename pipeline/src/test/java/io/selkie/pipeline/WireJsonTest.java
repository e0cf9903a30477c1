package io.selkie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class WireJsonTest {

  @Test
  void write_everyEventOfARecordedLog_givesTheSameBytes() throws IOException {
    // Recorded from lotus-miner 1.36.2-dev on a 2 KiB devnet: a pledged sector, and one with data.
    int lines = 0;
    for (String sector : new String[] {"/sectors-status-2.json", "/sectors-status-3.json"}) {
      for (JsonNode line : recorded(sector).get("result").get("Log")) {
        String name = line.get("Kind").asString().replace("event;sealing.", "");
        String message = line.get("Message").asString();
        String user = message.substring("{\"User\":".length(), message.length() - 1);
        SectorEvent event =
            RecordCodec.decodeEvent(
                ("{\"V\":1,\"Event\":\"" + name + "\",\"User\":" + user + "}")
                    .getBytes(StandardCharsets.UTF_8));
        assertThat("{\"User\":" + WireJson.write(event) + "}").isEqualTo(message);
        lines++;
      }
    }
    assertThat(lines).isEqualTo(29);
  }

  @Test
  void write_piecesOfARecordedSector_givesTheSameBytes() throws IOException {
    JsonNode pieces = recorded("/sectors-status-3.json").get("result").get("Pieces");
    for (JsonNode piece : pieces) {
      assertThat(WireJson.write(WireJson.read(piece.toString(), SectorPiece.class)))
          .isEqualTo(piece.toString());
    }
  }

  @Test
  void write_text_isEscapedAsGoDoes() {
    assertThat(WireJson.write("<a> & \u0001 \u2028 \"é\"\n"))
        .isEqualTo("\"\\u003ca\\u003e \\u0026 \\u0001 \\u2028 \\\"é\\\"\\n\"");
  }

  private static JsonNode recorded(String name) throws IOException {
    try (InputStream in = WireJsonTest.class.getResourceAsStream(name)) {
      return WireJson.parse(
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
