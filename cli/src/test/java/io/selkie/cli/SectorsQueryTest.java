package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

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
    assertThat(run("sectors", "query", "--format", "xml").err())
        .contains("--format is table, csv, jsonl or parquet");
    assertThat(run("sectors", "query", "--format", "parquet").err()).contains("needs --to FILE");
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
        .contains("2026-03-01T12:00:00Z", "2 FIL", "4 KiB")
        .doesNotContain("->");
    node.onSelkie(
        "SectorsForecast",
        """
        [{"From":10,"To":20,"Begins":"2026-03-01T12:00:00Z","Sectors":2,
        "Pledge":"2000000000000000000","Bytes":4096,"SupposedSectors":0,"SupposedPledge":"0",
        "SupposedBytes":0}]
        """);
    assertThat(run("sectors", "forecast", "--what-if", "30:all").out())
        .isEqualTo(
            """
            Begins                Epoch  Sectors  Pledge  Space  -> Sectors  -> Pledge  -> Space
            2026-03-01T12:00:00Z  10     2        2 FIL   4 KiB  0           0 FIL      0 B    \s
            """);
  }

  @Test
  void historyAndDiff_points_areEntriesOrTimes() {
    node.onSelkie(
            "SectorHistory",
            """
            {"Sequence":2,"At":"2026-03-01T12:00:00Z",
             "Sector":{"SectorID":7,"State":"B","CommD":null,"Log":[]}}
            """)
        .onSelkie(
            "SectorDifference",
            """
            {"From":1,"To":2,"Changes":[{"Field":"State","Before":"A","After":"B"}],"Entries":
            [{"Sequence":2,"At":"2026-03-01T12:00:00Z","Kind":"event;x","State":"B","Message":""}]}
            """);
    assertThat(run("sectors", "history", "7", "2", "--json").out()).contains("\"Sequence\" : 2");
    assertThat(node.callsOfSelkie("SectorHistory").getFirst().get(1).toString())
        .isEqualTo("{\"At\":null,\"Sequence\":2}");
    assertThat(run("sectors", "history", "7", "2").out())
        .isEqualTo("After entry 2, 2026-03-01T12:00:00Z\nSectorID: 7\nState: B\nCommD: null\n");
    assertThat(run("sectors", "diff", "7", "2026-03-01T12:00:00Z").out())
        .isEqualTo("State: \"A\" -> \"B\"\n2. 2026-03-01T12:00:00Z event;x -> B\n");
    assertThat(node.callsOfSelkie("SectorDifference").getFirst().toString())
        .isEqualTo(
            "[7,{\"At\":\"2026-03-01T12:00:00Z\",\"Sequence\":0},{\"At\":null,\"Sequence\":0}]");
    assertThat(run("sectors", "history", "7", "then").err()).contains("neither the number");
  }

  @Test
  void forecast_suppositions_areSentAsQueries() {
    node.onSelkie("SectorsForecast", "[]");
    String[] line = {
      "sectors",
      "forecast",
      "--state",
      "Proving",
      "--what-if",
      "5500000:20-22,30",
      "--what-if",
      "6000000:all",
      "--what-if",
      "0:state=Proving,Faulty;deal=7;expires-before=9"
    };
    assertThat(run(line).err()).isEmpty();
    JsonNode sent = node.callsOfSelkie("SectorsForecast").getFirst().get(2);
    assertThat(sent.get(0).path("Expiration").asLong()).isEqualTo(5_500_000);
    assertThat(sent.get(0).path("Sectors").path("Numbers").toString()).isEqualTo("[20,21,22,30]");
    assertThat(sent.get(1).path("Sectors").path("States").toString()).isEqualTo("[\"Proving\"]");
    assertThat(sent.get(2).path("Sectors").toString())
        .contains("\"States\":[\"Proving\",\"Faulty\"]", "\"Deal\":7", "\"ExpiresBefore\":9");
    assertThat(run("sectors", "forecast", "--what-if", "20-25").err())
        .contains("write EPOCH:WHICH");
    assertThat(run("sectors", "forecast", "--what-if", "5:colour=red").err())
        .contains("'colour=red' is no condition");
    assertThat(run("sectors", "forecast", "--what-if", "5:deal=x").err())
        .contains("needs a whole number");
  }

  @Test
  void summaryAt_oneOrTwoPoints_areTables() {
    node.onSelkie("SectorsSummaryAt", "{\"WaitSeed\":3,\"Proving\":12}");
    assertThat(run("sectors", "summary-at", "4711").out())
        .isEqualTo("State     Sectors\nProving   12     \nWaitSeed  3      \n");
    assertThat(node.callsOfSelkie("SectorsSummaryAt").getFirst().get(0).toString())
        .isEqualTo("{\"At\":null,\"Sequence\":4711}");
    assertThat(run("sectors", "summary-at", "4711", "4712").out())
        .contains("Proving   12    12", "Change");
    assertThat(run("sectors", "summary-at", "1", "2026-03-01T12:00:00Z", "--json").json())
        .hasToString(
            "{\"From\":{\"WaitSeed\":3,\"Proving\":12},\"To\":{\"WaitSeed\":3,\"Proving\":12}}");
  }
}
