package io.selkie.rpc.suite;

import io.selkie.rpc.json.JsonValue;
import java.util.List;
import java.util.Optional;

/** Members of a case, by name and kind. A member of another kind than expected is a faulty file. */
final class CaseData {

  private CaseData() {}

  static Optional<String> text(JsonValue.Obj data, String member) {
    return data.get(member).map(each -> ((JsonValue.Str) each).value());
  }

  static Optional<Long> number(JsonValue.Obj data, String member) {
    return data.get(member).map(each -> Long.parseLong(((JsonValue.Num) each).literal()));
  }

  static boolean flag(JsonValue.Obj data, String member) {
    return data.get(member).map(each -> ((JsonValue.Bool) each).value()).orElse(false);
  }

  static Optional<JsonValue.Obj> object(JsonValue.Obj data, String member) {
    return data.get(member).map(each -> (JsonValue.Obj) each);
  }

  static List<JsonValue> items(JsonValue.Obj data, String member) {
    return data.get(member).map(each -> ((JsonValue.Arr) each).items()).orElse(List.of());
  }

  static List<String> texts(JsonValue.Obj data, String member) {
    return items(data, member).stream().map(each -> ((JsonValue.Str) each).value()).toList();
  }
}
