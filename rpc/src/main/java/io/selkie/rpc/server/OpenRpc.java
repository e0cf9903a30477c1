package io.selkie.rpc.server;

import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireType;
import io.selkie.rpc.json.WireTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Describes the API in a machine-readable document (OpenRPC 1.2.6), from its annotations and
 * comments.
 */
public final class OpenRpc {

  private static final String REF = "#/components/schemas/";

  private final ApiTable table;
  private final MethodTexts texts = MethodTexts.load();
  private final Map<String, JsonValue> schemas = new LinkedHashMap<>();

  private OpenRpc(ApiTable table) {
    this.table = table;
  }

  /**
   * The document of these interfaces.
   *
   * @param apis interfaces of the contract
   * @param version the API's version, such as {@code 1.5.0}
   */
  public static JsonValue document(List<Class<?>> apis, String version) {
    ApiTable table = new ApiTable(new WireTypes());
    apis.forEach(api -> table.describe(api));
    return document(table, version);
  }

  static JsonValue document(ApiTable table, String version) {
    return new OpenRpc(table).document(version);
  }

  private JsonValue document(String version) {
    List<JsonValue> methods = new ArrayList<>();
    table.all().forEach(entry -> methods.add(method(entry)));
    JsonValue.Builder shared = JsonValue.object();
    schemas.forEach(shared::put);
    return JsonValue.object()
        .put("openrpc", "1.2.6")
        .put(
            "info",
            JsonValue.object().put("title", "Lotus RPC API").put("version", version).build())
        .put("methods", new JsonValue.Arr(methods))
        .put("components", JsonValue.object().put("schemas", shared.build()).build())
        .build();
  }

  private JsonValue method(ApiTable.Entry entry) {
    List<JsonValue> params = new ArrayList<>();
    for (ApiTable.Param param : entry.params()) {
      params.add(
          JsonValue.object()
              .put("name", param.name())
              .put("description", param.type().goName())
              .put("required", new JsonValue.Bool(true))
              .put("schema", schema(param.type()))
              .build());
    }
    String result = entry.result().goName();
    Optional<MethodTexts.Text> text = texts.of(entry.method());
    String rest = text.map(MethodTexts.Text::rest).orElse("");
    String needs = "Needs the permission '" + entry.permission().wireName() + "'.";
    return JsonValue.object()
        .put("name", entry.wireName())
        .put("summary", text.map(MethodTexts.Text::summary).orElse(""))
        .put("description", rest.isEmpty() ? needs : rest + " " + needs)
        .put("paramStructure", "by-position")
        .put("params", new JsonValue.Arr(params))
        .put(
            "result",
            JsonValue.object()
                .put("name", result.isEmpty() ? "Null" : result)
                .put("schema", schema(entry.result()))
                .build())
        .put("deprecated", new JsonValue.Bool(false))
        .build();
  }

  private JsonValue schema(WireType type) {
    return switch (type) {
      case WireType.Absent absent -> nullable(schema(absent.inner()));
      case WireType.Whole whole -> whole(whole);
      case WireType.Nanos _ -> titled("integer", type);
      case WireType.Real _ -> titled("number", type);
      case WireType.Truth _ -> typed("boolean").build();
      case WireType.Text _, WireType.Addr _, WireType.Amount _ -> titled("string", type);
      case WireType.Bytes _ -> typed("string").put("contentEncoding", "base64").build();
      case WireType.Time _ -> typed("string").put("format", "date-time").build();
      case WireType.Uuid _ -> typed("string").put("format", "uuid").build();
      case WireType.Link _ -> link();
      case WireType.Bits _ ->
          typed("array").put("title", "run lengths").put("items", typed("integer").build()).build();
      case WireType.ListOf list -> typed("array").put("items", schema(list.element())).build();
      case WireType.MapOf map ->
          typed("object").put("additionalProperties", schema(map.value())).build();
      case WireType.Struct struct -> reference(struct);
      case WireType.Channel channel -> schema(channel.element());
      case WireType.Reader _ -> reader();
      case WireType.Any _ -> JsonValue.object().build();
      case WireType.Nothing _ -> typed("null").build();
    };
  }

  private static JsonValue.Builder typed(String type) {
    return JsonValue.object().put("type", type);
  }

  private static JsonValue titled(String jsonType, WireType type) {
    return typed(jsonType).put("title", type.goName()).build();
  }

  private static JsonValue whole(WireType.Whole whole) {
    JsonValue.Builder schema = typed("integer").put("title", whole.goName());
    if (whole.unsigned()) {
      schema.put("minimum", JsonValue.number(0));
    }
    return schema.build();
  }

  private static JsonValue nullable(JsonValue schema) {
    return JsonValue.object()
        .put("oneOf", new JsonValue.Arr(List.of(schema, typed("null").build())))
        .build();
  }

  private static JsonValue link() {
    JsonValue properties = JsonValue.object().put("/", typed("string").build()).build();
    return typed("object").put("title", "Content Identifier").put("properties", properties).build();
  }

  private static JsonValue reader() {
    JsonValue properties =
        JsonValue.object()
            .put("Type", typed("string").build())
            .put("Info", typed("string").build())
            .build();
    return typed("object").put("title", "stream").put("properties", properties).build();
  }

  private JsonValue reference(WireType.Struct struct) {
    String name = struct.goName();
    if (!schemas.containsKey(name)) {
      schemas.put(name, JsonValue.Null.VALUE);
      JsonValue.Builder properties = JsonValue.object();
      for (WireType.Member member : struct.members()) {
        properties.put(member.name(), schema(member.type()));
      }
      schemas.put(name, typed("object").put("properties", properties.build()).build());
    }
    return JsonValue.object().put("$ref", REF + name).build();
  }
}
