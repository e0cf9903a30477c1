package io.selkie.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Cid;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.client.JsonRpcClient;
import io.selkie.rpc.client.MinerEndpoint;
import io.selkie.rpc.client.ZeroStream;
import io.selkie.rpc.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What a running node serves, held to the reference's list of methods and structures, and to the
 * document that it gives of itself.
 */
final class ServedMethodsTest {

  private static final Pattern ROW =
      Pattern.compile(
          "\\| `([A-Za-z0-9]+\\.[A-Za-z0-9]+)` \\| [^|]+ \\| (\\w+) \\| (.*) \\| [^|]* \\|");
  private static final Pattern NEEDS = Pattern.compile("(?:.* )?Needs the permission '(\\w+)'\\.");

  /** They need a WebSocket, and say so before anything else. */
  private static final Set<String> CHANNELS =
      Set.of("Closing", "SectorsSubscribe", "SectorsStatusBatch");

  /** What {@code null} does not stand for; every other parameter takes it as its zero value. */
  private static Object sample(String type) {
    return switch (type) {
      case "storiface.Data" -> new ZeroStream(0);
      case "big.Int" -> "0";
      case "cid.Cid" -> Cid.parse("bafy2bzacecfi47jcc7eqqp6oqpiqfcvjyggdzd3pgmkqb3v7xstpgkrskyyby");
      default -> JsonValue.Null.VALUE;
    };
  }

  @TempDir private static Path home;

  private static SealedRepo.@Nullable Running node;
  private static Map<String, Method> documented = Map.of();

  private record Method(String permission, List<String> params) {}

  @BeforeAll
  static void start() throws Exception {
    SealedRepo repo = SealedRepo.inDirectory(home);
    node = repo.start();
    documented = documented(document());
  }

  @AfterAll
  static void stop() {
    running().close();
  }

  private static SealedRepo.Running running() {
    return Objects.requireNonNull(node);
  }

  private static JsonNode document() throws RpcFault, IOException, InterruptedException {
    return running().client().call("rpc.discover");
  }

  private static Map<String, Method> documented(JsonNode document) {
    Map<String, Method> methods = new TreeMap<>();
    for (JsonNode method : document.get("methods")) {
      Matcher needs = NEEDS.matcher(method.get("description").asString());
      assertThat(needs.matches()).as(method.get("description").asString()).isTrue();
      assertThat(method.get("summary").asString()).as(method.get("name").asString()).endsWith(".");
      List<String> params = new ArrayList<>();
      method.get("params").forEach(param -> params.add(param.get("description").asString()));
      Method before =
          methods.put(method.get("name").asString(), new Method(needs.group(1), params));
      assertThat(before).as("a method named twice").isNull();
    }
    return methods;
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = ServedMethodsTest.class.getResourceAsStream(resource)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  @Test
  void methods_ofTheReference_areServedWithTheirPermissionsAndParametersAndNoOthers()
      throws IOException {
    Map<String, Method> reference = new TreeMap<>();
    for (String line : lines("reference-methods.txt")) {
      List<String> words = List.of(line.split(" "));
      reference.put(
          "Filecoin." + words.getFirst(), new Method(words.get(1), words.subList(2, words.size())));
    }
    Map<String, Method> served = new TreeMap<>(documented);
    served.keySet().removeIf(name -> !name.startsWith("Filecoin."));
    assertThat(served).isEqualTo(reference);
  }

  /** The page is generated from the annotations, so this finds an interface nobody serves. */
  @Test
  void methods_ofTheDocument_areThoseOfTheReferencePage() throws IOException {
    Map<String, Method> page = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("..", "docs", "api.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        List<String> params =
            Stream.of(row.group(3).split(", "))
                .filter(text -> !text.isBlank())
                .map(text -> text.substring(text.lastIndexOf("` ") + 2))
                .toList();
        page.put(row.group(1), new Method(row.group(2), params));
      }
    }
    assertThat(documented).isEqualTo(page);
  }

  @Test
  void everyMethod_withoutAToken_namesThePermissionOfTheDocument() throws Exception {
    MinerEndpoint anonymous =
        new MinerEndpoint(running().client().endpoint().base(), Optional.empty());
    try (JsonRpcClient nobody = new JsonRpcClient(anonymous)) {
      for (var each : documented.entrySet()) {
        String bare = each.getKey().substring(each.getKey().indexOf('.') + 1);
        Object[] params =
            each.getValue().params().stream().map(ServedMethodsTest::sample).toArray();
        assertThatThrownBy(() -> nobody.call(each.getKey(), params))
            .as(each.getKey())
            .isInstanceOf(RpcFault.class)
            .hasMessage(
                CHANNELS.contains(bare)
                    ? "method '"
                        + each.getKey()
                        + "' not supported in this mode (no out channel support)"
                    : "missing permission to invoke '"
                        + bare
                        + "' (need '"
                        + each.getValue().permission()
                        + "')");
      }
    }
  }

  @Test
  void everyMethod_withOneArgumentTooMany_countsThoseOfTheDocument() {
    documented.forEach((name, method) -> {
      if (CHANNELS.contains(name.substring(name.indexOf('.') + 1))) {
        return;
      }
      Object[] tooMany = new Object[method.params().size() + 1];
      assertThatThrownBy(() -> running().client().call(name, tooMany))
          .as(name)
          .hasMessage(
              "wrong param count (method '%s'): %d != %d"
                  .formatted(name, tooMany.length, tooMany.length - 1));
    });
  }

  @Test
  void structures_ofTheReference_haveItsMembersInItsOrder() throws Exception {
    Map<String, List<String>> shown = new TreeMap<>();
    for (var schema : document().at("/components/schemas").properties()) {
      String name = schema.getKey().substring(schema.getKey().lastIndexOf('.') + 1);
      shown.put(name, List.copyOf(schema.getValue().get("properties").propertyNames()));
    }
    for (String line : lines("reference-structures.txt")) {
      List<String> words = List.of(line.split(" "));
      assertThat(shown.get(words.getFirst()))
          .as(words.getFirst())
          .isEqualTo(words.subList(1, words.size()));
    }
  }

  /** The rules of OpenRPC 1.2.6 that a generator can break. */
  @Test
  void document_isAWholeOpenRpcDocument() throws Exception {
    JsonNode document = document();
    assertThat(document.get("openrpc").asString()).isEqualTo("1.2.6");
    assertThat(document.at("/info/title").asString()).isEqualTo("Lotus RPC API");
    assertThat(document.at("/info/version").asString()).isEqualTo("1.5.0");
    for (JsonNode method : document.get("methods")) {
      String name = method.get("name").asString();
      Set<String> names = new HashSet<>();
      for (JsonNode param : method.get("params")) {
        assertThat(names.add(param.get("name").asString())).as(name + ": a name twice").isTrue();
        assertThat(param.get("schema").isObject()).as(name).isTrue();
      }
      assertThat(method.at("/result/name").asString()).as(name).isNotEmpty();
      assertThat(method.at("/result/schema").isObject()).as(name).isTrue();
    }
    Set<String> referred = new TreeSet<>();
    collectReferences(document, referred);
    Set<String> defined = new TreeSet<>(document.at("/components/schemas").propertyNames());
    assertThat(referred).isEqualTo(defined);
    assertThat(defined).allMatch(name -> name.matches("[A-Za-z0-9._-]+"));
    for (JsonNode schema : document.at("/components/schemas")) {
      assertThat(schema.get("type").asString()).isEqualTo("object");
      assertThat(schema.get("properties").isObject()).isTrue();
    }
  }

  private static void collectReferences(JsonNode node, Set<String> into) {
    if (node.isObject() && node.has("$ref")) {
      String target = node.get("$ref").asString();
      assertThat(target).startsWith("#/components/schemas/");
      into.add(target.substring("#/components/schemas/".length()));
    }
    node.forEach(child -> collectReferences(child, into));
  }
}
