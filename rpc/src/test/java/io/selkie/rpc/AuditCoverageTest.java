package io.selkie.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      return outcome -> lines.add((outcome.isEmpty() ? "done " : "failed ") + call.method());
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
          new StreamArguments(new PushStreams(Duration.ofMillis(1)), _ -> false),
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

  private static String nothing(ApiTable.Entry entry) {
    return entry.params().stream()
        .map(each ->
            each.type() instanceof WireType.Reader ? "{\"Type\":\"null\",\"Info\":\"1\"}" : "null")
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
}
