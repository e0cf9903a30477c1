package io.selkie.node.console;

import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Results on standard output: JSON for machines, aligned lines for people. */
public final class Output {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Output() {}

  /** Prints the members in their order. */
  public static void print(Map<String, ?> result, boolean json) {
    if (json) {
      System.out.println(toJson(result));
      return;
    }
    int width = result.keySet().stream().mapToInt(String::length).max().orElse(0);
    result.forEach((name, value) ->
        System.out.println(
            name.replace('_', ' ')
                + " ".repeat(width - name.length() + 2)
                + (value instanceof Map<?, ?> || value instanceof Iterable<?>
                    ? toJson(value)
                    : value)));
  }

  /** The value on one line. */
  public static String toJson(Object value) {
    return JSON.writeValueAsString(value);
  }
}
