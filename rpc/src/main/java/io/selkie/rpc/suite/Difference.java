package io.selkie.rpc.suite;

import io.selkie.rpc.json.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compares what came with what was recorded, and says in one line where they part. */
final class Difference {

  /** Characters of context in a message. */
  private static final int CONTEXT = 60;

  private static final Pattern PLACEHOLDER = Pattern.compile("<(ts|uuid|time|text|any)>");

  private Difference() {}

  /** Empty if the answer is as recorded. */
  static Optional<String> of(ConformanceCase.Answer wanted, RawHttp.Answer came) {
    if (came.status() != wanted.status()) {
      return Optional.of(
          "status " + came.status() + ", not " + wanted.status() + "; body " + quoted(came.body()));
    }
    Optional<String> header =
        wanted
            .headers()
            .flatMap(headers ->
                headers.members().stream()
                    .flatMap(each -> header(each, came).stream())
                    .findFirst());
    if (header.isPresent()) {
      return header;
    }
    String body = withNewline(wanted.body());
    if (wanted.anyOrder()) {
      return sorted(came.body()).equals(sorted(body))
          ? Optional.empty()
          : Optional.of("other elements: " + quoted(came.body()));
    }
    return text(body, came.body());
  }

  private static Optional<String> header(JsonValue.Member wanted, RawHttp.Answer came) {
    Optional<String> found =
        Optional.ofNullable(came.headers().get(wanted.name().toLowerCase(Locale.ROOT)));
    return switch (wanted.value()) {
      case JsonValue.Str(String value) -> {
        if (found.isEmpty()) {
          yield Optional.of("no header " + wanted.name() + ", wanted '" + value + "'");
        }
        yield text(value, found.get()).map(each -> "header " + wanted.name() + ": " + each);
      }
      default -> found.map(value -> "header " + wanted.name() + ": " + value + ", wanted none");
    };
  }

  /** Single answers end with a newline that the cases leave out; batches and silence do not. */
  static String withNewline(String body) {
    boolean whole =
        body.isEmpty() || body.startsWith("[") || body.endsWith("\n") || body.endsWith("<any>");
    return whole ? body : body + "\n";
  }

  /** Empty if the text is as recorded, where placeholders stand for what differs every time. */
  static Optional<String> text(String wanted, String came) {
    if (wanted.equals(came)
        || (PLACEHOLDER.matcher(wanted).find() && pattern(wanted).matcher(came).matches())) {
      return Optional.empty();
    }
    int at = 0;
    while (at < Math.min(wanted.length(), came.length()) && wanted.charAt(at) == came.charAt(at)) {
      at++;
    }
    return Optional.of(
        "from character %d: %s, wanted %s".formatted(at, around(came, at), around(wanted, at)));
  }

  private static Pattern pattern(String wanted) {
    StringBuilder regex = new StringBuilder();
    var matcher = PLACEHOLDER.matcher(wanted);
    int from = 0;
    while (matcher.find()) {
      regex.append(Pattern.quote(wanted.substring(from, matcher.start())));
      regex.append(
          switch (matcher.group(1)) {
            case "ts" -> "[0-9]{10}";
            case "uuid" -> "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
            case "time" ->
                "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[-+]\\d\\d:\\d\\d)";
            case "text" -> "[^\"]+";
            default -> ".*";
          });
      from = matcher.end();
    }
    return Pattern.compile(regex + Pattern.quote(wanted.substring(from)), Pattern.DOTALL);
  }

  private static String around(String text, int at) {
    return at >= text.length()
        ? "the end"
        : quoted(text.substring(at, Math.min(text.length(), at + CONTEXT)));
  }

  private static String quoted(String text) {
    String cut = text.length() <= 2 * CONTEXT ? text : text.substring(0, 2 * CONTEXT) + "…";
    return "'" + cut.replace("\n", "⏎") + "'";
  }

  private static String sorted(String json) {
    return JsonValue.parse(json).map(Difference::sorted).map(JsonValue::toJson).orElse(json);
  }

  private static JsonValue sorted(JsonValue value) {
    return switch (value) {
      case JsonValue.Arr(List<JsonValue> items) ->
          new JsonValue.Arr(
              items.stream()
                  .map(Difference::sorted)
                  .sorted(java.util.Comparator.comparing(JsonValue::toJson))
                  .toList());
      case JsonValue.Obj(List<JsonValue.Member> members) ->
          new JsonValue.Obj(
              members.stream()
                  .map(each -> new JsonValue.Member(each.name(), sorted(each.value())))
                  .toList());
      default -> value;
    };
  }
}
