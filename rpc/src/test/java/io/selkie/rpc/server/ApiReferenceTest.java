package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.api.AuditApi;
import io.selkie.rpc.api.AuthApi;
import io.selkie.rpc.api.BackupApi;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.ExplainApi;
import io.selkie.rpc.api.MarketApi;
import io.selkie.rpc.api.MiningApi;
import io.selkie.rpc.api.ProvingApi;
import io.selkie.rpc.api.ProvingViewApi;
import io.selkie.rpc.api.RecoveryApi;
import io.selkie.rpc.api.SectorBatchApi;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.api.SectorFeedApi;
import io.selkie.rpc.api.SectorHistoryApi;
import io.selkie.rpc.api.SectorQueryApi;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.StorageApi;
import io.selkie.rpc.api.StoragePathApi;
import io.selkie.rpc.api.TokenListApi;
import io.selkie.rpc.api.TrashApi;
import io.selkie.rpc.api.UnsealApi;
import io.selkie.rpc.api.WorkerReturnsApi;
import io.selkie.rpc.api.WorkersApi;
import io.selkie.rpc.json.WireTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/api.md} equal to annotations and comments. Where it differs the test writes
 * what it ought to be to {@code target/api.md} and fails; copy it over.
 */
class ApiReferenceTest {

  private static final MethodTexts TEXTS = MethodTexts.load();

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
  void reference_equalsAnnotationsAndComments() throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # API reference

            Generated from annotations and comments in `rpc`; `ApiReferenceTest` fails when this page differs. What the types look like as JSON is in the
            document that `Filecoin.Discover` answers. A node answers `method 'Filecoin.X' not found` for an interface it does not serve.
            """);
    for (Class<?> api : APIS) {
      ApiTable table = new ApiTable(new WireTypes());
      table.describe(api);
      text.append("\n## ").append(api.getSimpleName()).append("\n\n");
      text.append(
          "| method | what it does | needs | parameters | result |\n|---|---|---|---|---|\n");
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
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(
            entry.wireName(),
            TEXTS.of(entry.method()).orElseThrow().summary().replace("|", "\\|"),
            entry.permission().wireName(),
            params,
            result.isEmpty() ? "null" : result);
  }
}
