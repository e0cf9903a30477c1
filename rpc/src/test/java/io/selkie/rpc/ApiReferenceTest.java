package io.selkie.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/api.md} equal to the annotations. Where it differs the test writes what it
 * ought to be to {@code target/api.md} and fails; copy it over.
 */
class ApiReferenceTest {

  static final List<Class<?>> APIS =
      List.of(
          CommonApi.class,
          AuthApi.class,
          TokenListApi.class,
          AuditApi.class,
          SectorsApi.class,
          StorageApi.class,
          WorkersApi.class,
          WorkerReturnsApi.class,
          ProvingApi.class,
          MarketApi.class,
          BackupApi.class,
          MiningApi.class,
          ExplainApi.class,
          ProvingViewApi.class,
          UnsealApi.class,
          RecoveryApi.class,
          TrashApi.class,
          StoragePathApi.class,
          SectorControlApi.class,
          SectorQueryApi.class,
          SectorHistoryApi.class,
          SectorFeedApi.class,
          SectorBatchApi.class,
          DevnetApi.class);

  @Test
  void reference_equalsTheAnnotations() throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # API reference

            Generated from the annotations in `rpc`; `ApiReferenceTest` fails when this page differs. What the types look like as JSON is in the
            document that `Filecoin.Discover` answers. A node answers `method 'Filecoin.X' not found` for an interface it does not serve.
            """);
    for (Class<?> api : APIS) {
      ApiTable table = new ApiTable(new WireTypes());
      table.describe(api);
      text.append("\n## ").append(api.getSimpleName()).append("\n\n");
      text.append("| method | needs | parameters | result |\n|---|---|---|---|\n");
      table.all().forEach(entry -> text.append(row(entry)));
    }
    Path committed = Path.of("..", "docs", "api.md");
    if (!Files.exists(committed) || !Files.readString(committed).equals(text.toString())) {
      Files.writeString(Path.of("target", "api.md"), text);
    }
    assertThat(committed).content().isEqualTo(text.toString());
  }

  private static String row(ApiTable.Entry entry) {
    String params =
        entry.params().stream()
            .map(param -> "`" + param.name() + "` " + param.type().goName())
            .collect(Collectors.joining(", "));
    String result = entry.result().goName();
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            entry.wireName(),
            entry.permission().wireName(),
            params,
            result.isEmpty() ? "null" : result);
  }
}
