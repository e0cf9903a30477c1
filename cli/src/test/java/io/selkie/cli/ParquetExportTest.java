package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.parquet.ParquetRows;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A query's Parquet file says what its CSV says. */
class ParquetExportTest extends CommandLineTest {

  private static final List<String> FIELDS =
      List.of("SectorID", "State", "EnteredAt", "Deals", "Paths", "Expiration", "InitialPledge");

  private static final String PAGE =
      """
      {"Sectors":[
      {"SectorID":7,"State":"Proving","EnteredAt":"2026-03-01T12:00:00.5Z","Deals":[5,6],
       "Paths":["a","b"],"Expiration":1600000,"InitialPledge":"123456789012345678901234567890"},
      {"SectorID":9223372036854775807,"State":"WaitSeed","EnteredAt":"2026-03-01T12:00:00Z"}
      ],"Cursor":"","Height":0}
      """;

  @TempDir Path files;

  @Test
  void query_asParquet_saysWhatTheCsvSays() throws IOException {
    node.onSelkie("SectorsQuery", PAGE);
    Path file = files.resolve("sectors.parquet");
    Run run =
        run(
            "sectors",
            "query",
            "--fields",
            String.join(",", FIELDS),
            "--format",
            "parquet",
            "--to",
            file.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEmpty();
    List<String> csv =
        run("sectors", "query", "--fields", String.join(",", FIELDS), "--format", "csv")
            .out()
            .lines()
            .skip(1)
            .toList();
    assertThat(ParquetRows.read(file).stream().map(ParquetExportTest::csv))
        .containsExactlyElementsOf(csv);
    try (var left = Files.list(files)) {
      assertThat(left).containsExactly(file);
    }
  }

  private static String csv(Group row) {
    return String.join(",", FIELDS.stream().map(name -> cell(row, name)).toList());
  }

  private static String cell(Group row, String name) {
    if (row.getFieldRepetitionCount(name) == 0) {
      return "";
    }
    return switch (name) {
      case "SectorID", "Expiration" -> Long.toString(row.getLong(name, 0));
      case "State" -> row.getString(name, 0);
      case "EnteredAt" -> {
        Instant at = Instant.EPOCH.plusNanos(row.getLong(name, 0) * 1_000);
        yield at.toString().replace(".500Z", ".5Z");
      }
      case "InitialPledge" -> new BigInteger(row.getBinary(name, 0).getBytes()).toString();
      default -> {
        Group list = row.getGroup(name, 0);
        yield String.join(
            " ",
            IntStream.range(0, list.getFieldRepetitionCount("list"))
                .mapToObj(i -> list.getGroup("list", i).getValueToString(0, 0))
                .toList());
      }
    };
  }
}
