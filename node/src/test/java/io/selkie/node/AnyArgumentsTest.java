package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.json.JsonValue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method of a running node, with arguments that have the types its document tells and the
 * values nobody thought of: it may refuse them, it may not crash.
 */
final class AnyArgumentsTest {

  private static final int ROUNDS = 4;
  private static final int MAX_DEPTH = 5;

  /** What ends the node, seals sectors or writes outside its repository. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "Filecoin.Shutdown",
          "Filecoin.PledgeSector",
          "Filecoin.CreateBackup",
          "Filecoin.LogSetLevel",
          "Filecoin.StorageAddLocal",
          "Selkie.StorageInit");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "7",
          "1000",
          "2147483648",
          "4611686018427387904",
          "9223372036854775807",
          "-9223372036854775808",
          "18446744073709551615");

  private static final List<String> TEXTS =
      List.of(
          "",
          "x",
          "0",
          "f01000",
          "Proving",
          "\u0000",
          "..",
          "a".repeat(3000),
          "bafy2bzacecfi47jcc7eqqp6oqpiqfcvjyggdzd3pgmkqb3v7xstpgkrskyyby",
          "baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq",
          "2026-01-01T00:00:00Z",
          "8d0f6a0e-3f9d-4c6c-9e25-5c7d1d0a9d11");

  @TempDir private Path home;

  private final long seed = Long.getLong("selkie.fuzz.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private JsonValue document = JsonValue.Null.VALUE;

  private static JsonValue member(JsonValue of, String name) {
    return of instanceof JsonValue.Obj object
        ? object.get(name).orElse(JsonValue.Null.VALUE)
        : JsonValue.Null.VALUE;
  }

  private static List<JsonValue> items(JsonValue of) {
    return of instanceof JsonValue.Arr(List<JsonValue> items) ? items : List.of();
  }

  private static String text(JsonValue of) {
    return of instanceof JsonValue.Str(String value) ? value : "";
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** What a schema's reference points at; the schema itself if it is none. */
  private JsonValue resolved(JsonValue schema) {
    JsonValue at = schema;
    for (String to = text(member(at, "$ref")); !to.isEmpty(); to = text(member(at, "$ref"))) {
      at = document;
      for (String name : to.substring("#/".length()).split("/", -1)) {
        at = member(at, name);
      }
    }
    return at;
  }

  /** A value of the right type in which everything is null: members, items. */
  private JsonValue hollow(JsonValue given) {
    JsonValue schema = resolved(given);
    List<JsonValue> choice = items(member(schema, "anyOf"));
    if (!choice.isEmpty()) {
      return hollow(choice.getFirst());
    }
    JsonValue type = member(schema, "type");
    return switch (items(type).isEmpty() ? text(type) : text(items(type).getFirst())) {
      case "array" -> new JsonValue.Arr(List.of(JsonValue.Null.VALUE));
      case "object" -> {
        JsonValue.Builder made = JsonValue.object();
        if (member(schema, "properties") instanceof JsonValue.Obj(List<JsonValue.Member> all)) {
          all.forEach(each -> made.put(each.name(), JsonValue.Null.VALUE));
        }
        yield made.build();
      }
      default -> JsonValue.Null.VALUE;
    };
  }

  private JsonValue value(JsonValue given, int depth) {
    JsonValue schema = resolved(given);
    if (depth > MAX_DEPTH || random.nextInt(20) == 0) {
      return JsonValue.Null.VALUE;
    }
    List<JsonValue> choice = items(member(schema, "anyOf"));
    if (!choice.isEmpty()) {
      return value(any(choice), depth);
    }
    JsonValue type = member(schema, "type");
    return switch (items(type).isEmpty() ? text(type) : text(any(items(type)))) {
      case "integer", "number" -> new JsonValue.Num(any(NUMBERS));
      case "string" -> JsonValue.text(any(TEXTS));
      case "boolean" -> new JsonValue.Bool(random.nextBoolean());
      case "array" -> {
        List<JsonValue> made = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          made.add(value(member(schema, "items"), depth + 1));
        }
        yield new JsonValue.Arr(made);
      }
      case "object" -> {
        JsonValue.Builder made = JsonValue.object();
        if (member(schema, "properties") instanceof JsonValue.Obj(List<JsonValue.Member> all)) {
          all.forEach(each -> made.put(each.name(), value(each.value(), depth + 1)));
        }
        yield made.build();
      }
      default -> any(List.of(JsonValue.Null.VALUE, JsonValue.text("x"), new JsonValue.Num("5")));
    };
  }

  @Test
  void methods_withAnyArguments_doNotCrash() throws Exception {
    System.out.println("fuzz seed " + seed);
    int rounds = ROUNDS * Integer.getInteger("selkie.fuzz.runs", 1);
    callAll(Collections.nCopies(rounds, schema -> value(schema, 0)));
  }

  @Test
  void methods_withNullWhereSomethingIsExpected_doNotCrash() throws Exception {
    callAll(List.of(_ -> JsonValue.Null.VALUE, this::hollow));
  }

  /** Calls every method once for each way to make a parameter from its schema. */
  private void callAll(List<UnaryOperator<JsonValue>> ways) throws Exception {
    SealedRepo repo = SealedRepo.inDirectory(home);
    try (SealedRepo.Running node = repo.start();
        HttpClient http = HttpClient.newHttpClient()) {
      JsonRpcClient client = node.client();
      String token = Files.readString(repo.root.resolve("token"));
      document = JsonValue.parse(client.call("Filecoin.Discover").toString()).orElseThrow();
      List<JsonValue> methods = items(member(document, "methods"));
      assertThat(methods).hasSizeGreaterThan(100);
      for (UnaryOperator<JsonValue> way : ways) {
        for (JsonValue method : methods) {
          String name = text(member(method, "name"));
          if (!LEFT_OUT.contains(name)) {
            String request = request(name, items(member(method, "params")), way);
            assertThat(answer(http, client.endpoint().rpc(), token, request))
                .as("seed %d, request %s", seed, request)
                .doesNotContain("\"error\":{\"code\":" + RpcFault.CRASH + ",");
          }
        }
      }
    }
  }

  private static String request(String name, List<JsonValue> params, UnaryOperator<JsonValue> way) {
    List<JsonValue> given = new ArrayList<>();
    params.forEach(each -> given.add(way.apply(member(each, "schema"))));
    return JsonValue.object()
        .put("id", JsonValue.number(1))
        .put("method", name)
        .put("params", new JsonValue.Arr(given))
        .build()
        .toJson();
  }

  private static String answer(HttpClient http, URI to, String token, String request)
      throws Exception {
    return http.send(
            HttpRequest.newBuilder(to)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
