package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireType;
import io.selkie.rpc.json.WireTypes;
import io.selkie.rpc.json.WireWriter;
import io.selkie.rpc.token.CallAudit;
import io.selkie.rpc.token.Permission;
import io.selkie.rpc.token.Tokens;
import io.selkie.rpc.token.TouchedState;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every method there is, called in every way that ends differently: what needs more than reading is
 * on record, and nothing else is.
 */
class AuditCoverageTest {

  /** Remembers methods with how they went. */
  private static final class Recorder implements CallAudit {
    final List<String> lines = new ArrayList<>();

    @Override
    public Running begin(Call call) {
      lines.add("begun " + call.method());
      return (outcome, _) -> lines.add((outcome.isEmpty() ? "done " : "failed ") + call.method());
    }

    @Override
    public void refused(Call call, String why) {
      lines.add("refused " + call.method());
    }
  }

  private final Recorder audit = new Recorder();
  private final Tokens tokens = Tokens.of(new byte[Tokens.SECRET_BYTES]);
  private final WireTypes types = new WireTypes();
  private final ApiTable table = new ApiTable(types);
  private final Dispatcher dispatcher =
      new Dispatcher(
          table,
          new WireWriter(Address.Network.TESTNET, types),
          new StreamArguments(
              new PushStreams(PushStreams.MAX_STREAMS, Duration.ofMillis(1)), _ -> false),
          new Dispatcher.Watchers(
              new CallGate(tokens, Optional.empty()),
              audit,
              (_, _, _) -> {},
              new RunningCalls(Duration.ofSeconds(30), System::nanoTime)));

  private static <T> void add(ApiTable table, Class<T> api) {
    Object target =
        Proxy.newProxyInstance(
            api.getClassLoader(),
            new Class<?>[] {api},
            (_, _, _) -> {
              throw new RpcFault("not today");
            });
    table.add(api, api.cast(target));
  }

  private List<String> recorded(ApiTable.Entry entry, String params, Permission last)
      throws Exception {
    audit.lines.clear();
    Caller caller = Caller.of(tokens.grant(tokens.create(last)), "test");
    JsonValue request =
        JsonValue.parse(
                "{\"id\":1,\"method\":\"" + entry.wireName() + "\",\"params\":" + params + "}")
            .orElseThrow();
    String body =
        String.valueOf(dispatcher.answer(RpcRequest.draft(request), caller, () -> 1).body());
    assertThat(body).as(entry.wireName()).contains("\"error\"");
    return List.copyOf(audit.lines);
  }

  /** The least that each parameter takes. */
  private static String nothing(ApiTable.Entry entry) {
    return entry.params().stream()
        .map(each ->
            switch (each.type()) {
              case WireType.Reader _ -> "{\"Type\":\"null\",\"Info\":\"1\"}";
              case WireType.Link _ ->
                  "{\"/\":\"bafy2bzacecfi47jcc7eqqp6oqpiqfcvjyggdzd3pgmkqb3v7xstpgkrskyyby\"}";
              default -> "null";
            })
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void methods_aboveReading_areOnRecordHoweverTheyEnd() throws Exception {
    for (Class<?> api : ApiReferenceTest.APIS) {
      add(table, api);
    }
    int above = 0;
    for (ApiTable.Entry entry : table.all()) {
      String name = entry.wireName();
      boolean reads = entry.permission() == Permission.READ;
      above += reads ? 0 : 1;
      String tooMany =
          Stream.generate(() -> "1").limit(20).collect(Collectors.joining(",", "[", "]"));
      assertThat(recorded(entry, tooMany, Permission.ADMIN))
          .as("%s with faulty arguments", name)
          .isEqualTo(reads ? List.of() : List.of("refused " + name));
      assertThat(recorded(entry, nothing(entry), Permission.ADMIN))
          .as("%s by an administrator", name)
          .isEqualTo(reads ? List.of() : List.of("begun " + name, "failed " + name));
      if (!reads) {
        assertThat(recorded(entry, nothing(entry), Permission.READ))
            .as("%s by a reader", name)
            .containsExactly("refused " + name);
      }
    }
    assertThat(above).isGreaterThan(60);
  }

  /** Above reading, and change nothing. */
  private static final Set<String> ONLY_READ =
      Set.of(
          "Filecoin.LogList",
          "Filecoin.LogAlerts",
          "Filecoin.SectorTerminatePending",
          "Filecoin.SectorPreCommitPending",
          "Filecoin.SectorCommitPending",
          "Filecoin.StorageList",
          "Filecoin.StorageLocal",
          "Filecoin.StorageInfo",
          "Filecoin.StorageStat",
          "Filecoin.StorageBestAlloc",
          "Filecoin.StorageGetLocks",
          "Filecoin.WorkerStats",
          "Filecoin.WorkerJobs",
          "Filecoin.SealingSchedDiag",
          "Filecoin.ComputeWindowPoSt",
          "Selkie.TokenList",
          "Selkie.TrashList",
          "Selkie.AuditQuery");

  private static boolean namesSectors(WireType type) {
    return switch (type) {
      case WireType.Whole(String goName, _, _) -> goName.equals("abi.SectorNumber");
      case WireType.Struct struct ->
          struct.goName().equals("abi.SectorID")
              || struct.members().stream().anyMatch(each -> namesSectors(each.type()));
      case WireType.ListOf list -> namesSectors(list.element());
      case WireType.Absent absent -> namesSectors(absent.inner());
      default -> false;
    };
  }

  @Test
  void methods_thatChangeSomething_haveItOnRecord() {
    for (Class<?> api : ApiReferenceTest.APIS) {
      table.describe(api);
    }
    Set<String> rows =
        TouchedState.ROWS.stream().map(TouchedState.Row::method).collect(Collectors.toSet());
    List<String> silent = new ArrayList<>();
    for (ApiTable.Entry entry : table.all()) {
      boolean told =
          entry.permission() == Permission.READ
              || entry.params().stream().anyMatch(each -> namesSectors(each.type()))
              || rows.contains(entry.wireName())
              || TouchedState.TOLD_BY_THEIR_ANSWERERS.contains(entry.wireName())
              || ONLY_READ.contains(entry.wireName());
      if (!told) {
        silent.add(entry.wireName());
      }
    }
    assertThat(silent).as("no row of TouchedState").isEmpty();
    assertThat(rows).doesNotContainAnyElementsOf(TouchedState.TOLD_BY_THEIR_ANSWERERS);
    for (String method : TouchedState.TOLD_BY_THEIR_ANSWERERS) {
      assertThat(table.find(method)).as(method).isPresent();
    }
    for (TouchedState.Row row : TouchedState.ROWS) {
      assertThat(table.find(row.method())).as(row.method()).isPresent();
      if (!row.reader().equals("answer")) {
        assertThat(table.find(row.reader()).orElseThrow().params())
            .as(row.toString())
            .hasSameSizeAs(row.arguments());
      }
    }
  }
}
