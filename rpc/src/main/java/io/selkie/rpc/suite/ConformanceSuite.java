package io.selkie.rpc.suite;

import io.selkie.rpc.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** All cases of {@code conformance/cases}, which travel in the jar. */
public final class ConformanceSuite {

  private final List<ConformanceCase> cases;

  private ConformanceSuite(List<ConformanceCase> cases) {
    this.cases = cases;
  }

  /** Reads the files that {@code index.json} lists. */
  public static ConformanceSuite load() {
    List<ConformanceCase> cases = new ArrayList<>();
    JsonValue.Arr index = (JsonValue.Arr) read("index.json");
    for (JsonValue each : index.items()) {
      String file = ((JsonValue.Str) each).value();
      for (JsonValue data : CaseData.items((JsonValue.Obj) read(file), "cases")) {
        cases.add(new ConformanceCase(file, (JsonValue.Obj) data));
      }
    }
    cases.sort(Comparator.comparingInt(ConformanceCase::number));
    return new ConformanceSuite(List.copyOf(cases));
  }

  private static JsonValue read(String file) {
    try (InputStream in = ConformanceSuite.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the suite has no file " + file);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return JsonValue.parse(text)
          .orElseThrow(() -> new IllegalStateException("the suite's " + file + " is no JSON"));
    } catch (IOException e) {
      throw new UncheckedIOException("the suite's " + file + " cannot be read", e);
    }
  }

  /** Every case, in the order in which they are played. */
  public List<ConformanceCase> cases() {
    return cases;
  }

  /**
   * These cases and the ones whose effects they build on, in order.
   *
   * @throws IllegalArgumentException if there is no case of a number
   */
  public List<ConformanceCase> with(List<Integer> numbers) {
    Map<Integer, ConformanceCase> byNumber = new HashMap<>();
    cases.forEach(each -> byNumber.put(each.number(), each));
    TreeSet<Integer> wanted = new TreeSet<>();
    List<Integer> open = new ArrayList<>(numbers);
    while (!open.isEmpty()) {
      int number = open.removeLast();
      ConformanceCase each = byNumber.get(number);
      if (each == null) {
        throw new IllegalArgumentException("the suite has no case " + number);
      }
      if (wanted.add(number)) {
        open.addAll(each.after());
      }
    }
    return wanted.stream().map(byNumber::get).toList();
  }
}
