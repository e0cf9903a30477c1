package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectorsQueryTest extends CommandLineTest {

  private static final String PAGE =
      """
      {"Sectors":[{"SectorID":7,"State":"WaitSeed","LastError":"no \\"room\\", again"},
      {"SectorID":9,"State":"Proving"}],"Cursor":"","Height":0}
      """;

  @TempDir Path files;

  @Test
  void query_options_areSent() {
    node.onSelkie("SectorsQuery", PAGE);
    assertThat(
            run("sectors", "query", "--state", "WaitSeed,Proving", "--min-age", "2h", "--deal", "5")
                .out())
        .contains("SectorID", "WaitSeed", "Proving");
    assertThat(node.callsOfSelkie("SectorsQuery").getFirst().get(0).toString())
        .contains("\"States\":[\"WaitSeed\",\"Proving\"]")
        .contains("\"Deal\":5")
        .contains("\"MinAge\":7200000000000");
    assertThat(run("sectors", "query", "--min-age", "2x").err()).contains("'2x' is no age");
    assertThat(run("sectors", "query", "--format", "parquet").err())
        .contains("--format is table, csv or jsonl");
  }

  @Test
  void query_asCsv_isQuotedAndWrittenWhole() throws IOException {
    node.onSelkie("SectorsQuery", PAGE);
    Path file = files.resolve("sectors.csv");
    String[] line = {
      "sectors", "query", "--fields", "SectorID,LastError", "--format", "csv", "--to", "" + file
    };
    assertThat(run(line).err()).isEmpty();
    assertThat(file).hasContent("SectorID,LastError\r\n7,\"no \"\"room\"\", again\"\r\n9,\r\n");
    try (var left = Files.list(files)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void query_asJsonLines_isOneObjectPerLine() {
    node.onSelkie("SectorsQuery", PAGE);
    assertThat(run("sectors", "query", "--format", "jsonl").out().lines())
        .hasSize(2)
        .allMatch(row -> row.startsWith("{\"SectorID\":"));
  }

  @Test
  void countAndForecast_always_showTables() {
    node.onSelkie("SectorsCount", "[{\"Keys\":[\"Proving\"],\"Count\":12}]")
        .onSelkie(
            "SectorsForecast",
            """
            [{"From":10,"To":20,"Begins":"2026-03-01T12:00:00Z","Sectors":2,
            "Pledge":"2000000000000000000","Bytes":4096}]
            """);
    assertThat(run("sectors", "count").out()).isEqualTo("State    Count\nProving  12   \n");
    assertThat(run("sectors", "forecast", "--per", "week").out())
        .contains("2026-03-01T12:00:00Z", "2 FIL", "4 KiB");
  }

  @Test
  void historyAndDiff_points_areEntriesOrTimes() {
    node.onSelkie("SectorHistory", "{\"Sequence\":2}")
        .onSelkie(
            "SectorDifference",
            """
            {"From":1,"To":2,"Changes":[{"Field":"State","Before":"A","After":"B"}],"Entries":
            [{"Sequence":2,"At":"2026-03-01T12:00:00Z","Kind":"event;x","State":"B","Message":""}]}
            """);
    assertThat(run("sectors", "history", "7", "2").out()).contains("\"Sequence\" : 2");
    assertThat(node.callsOfSelkie("SectorHistory").getFirst().get(1).toString())
        .isEqualTo("{\"At\":null,\"Sequence\":2}");
    assertThat(run("sectors", "diff", "7", "2026-03-01T12:00:00Z").out())
        .isEqualTo("State: \"A\" -> \"B\"\n2. 2026-03-01T12:00:00Z event;x -> B\n");
    assertThat(node.callsOfSelkie("SectorDifference").getFirst().toString())
        .isEqualTo(
            "[7,{\"At\":\"2026-03-01T12:00:00Z\",\"Sequence\":0},{\"At\":null,\"Sequence\":0}]");
    assertThat(run("sectors", "history", "7", "then").err()).contains("neither the number");
  }
}
