package io.selkie.rpc.token;

import io.selkie.rpc.json.GoJson;
import io.selkie.rpc.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Arguments as an audit record shows them: cut, and without tokens, passwords and queries. */
public final class AuditedParams {

  /** Arguments in one record, characters; a received sector's would be megabytes. */
  static final int MAX_TEXT = 4096;

  /** One text among them, characters. */
  static final int MAX_STRING = 512;

  private static final int MAX_ITEMS = 256;
  private static final Pattern TOKEN =
      Pattern.compile("[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{2,}\\.[A-Za-z0-9_-]{16,}");
  private static final Pattern USER = Pattern.compile("://[^/@\\s]*@");
  private static final Pattern QUERY = Pattern.compile("(://[^\\s?]*)\\?\\S*");

  private AuditedParams() {}

  public static String of(JsonValue params) {
    String text = GoJson.toText(redacted(params));
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "... truncated";
  }

  /** An outcome's text: an error may quote an argument. */
  static String text(String value) {
    String cut = value.length() <= MAX_TEXT ? value : value.substring(0, MAX_TEXT) + "…";
    String tokenless = TOKEN.matcher(cut).replaceAll("[token]");
    String userless = USER.matcher(tokenless).replaceAll("://[user]@");
    return QUERY.matcher(userless).replaceAll("$1?[query]");
  }

  private static JsonValue redacted(JsonValue value) {
    return switch (value) {
      case JsonValue.Null _, JsonValue.Bool _, JsonValue.Num _ -> value;
      case JsonValue.Str(String text) ->
          JsonValue.text(
              text(text.length() <= MAX_STRING ? text : text.substring(0, MAX_STRING) + "…"));
      case JsonValue.Arr(List<JsonValue> items) -> {
        List<JsonValue> shown = new ArrayList<>();
        items.stream().limit(MAX_ITEMS).forEach(each -> shown.add(redacted(each)));
        if (items.size() > MAX_ITEMS) {
          shown.add(JsonValue.text("… " + items.size() + " in all"));
        }
        yield new JsonValue.Arr(shown);
      }
      case JsonValue.Obj(List<JsonValue.Member> members) ->
          new JsonValue.Obj(
              members.stream()
                  .limit(MAX_ITEMS)
                  .map(each -> new JsonValue.Member(text(each.name()), redacted(each.value())))
                  .toList());
    };
  }
}
