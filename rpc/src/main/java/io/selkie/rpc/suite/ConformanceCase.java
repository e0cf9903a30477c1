package io.selkie.rpc.suite;

import io.selkie.rpc.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * A request and what it is answered with, as {@code conformance/cases/README.md} describes it.
 *
 * @param file the file it stands in
 * @param data its members
 */
public record ConformanceCase(String file, JsonValue.Obj data) {

  /** The fixture that cases start from unless they name another one. */
  public static final String DEFAULT_FIXTURE = "F1";

  /** What an implementation may answer. */
  record Answer(
      int status, Optional<JsonValue.Obj> headers, String body, boolean anyOrder, long withinMs) {

    static Answer of(JsonValue.Obj data) {
      return new Answer(
          (int) CaseData.number(data, "status").orElse(200L).longValue(),
          CaseData.object(data, "headers"),
          CaseData.text(data, "body").orElse(""),
          CaseData.flag(data, "anyOrder"),
          CaseData.number(data, "withinMs").orElse(0L));
    }
  }

  /** Its number; the cases are played in the order of their numbers. */
  public int number() {
    return (int) CaseData.number(data, "number").orElseThrow().longValue();
  }

  /** What it shows. */
  public String title() {
    return CaseData.text(data, "title").orElseThrow();
  }

  /** Where the behaviour is described. */
  public String source() {
    return CaseData.text(data, "source").orElse("");
  }

  /** Number and title. */
  public String name() {
    return number() + " " + title();
  }

  /** What the server holds when the first case is played. */
  public String fixture() {
    return named().orElse(DEFAULT_FIXTURE);
  }

  /** Whether it holds on this fixture: the one that it names, or any if it names none. */
  public boolean isFor(String fixture) {
    return named().map(fixture::equals).orElse(true);
  }

  private Optional<String> named() {
    return CaseData.object(data, "before").flatMap(before -> CaseData.text(before, "fixture"));
  }

  /** The cases whose effects this one builds on. */
  public List<Integer> after() {
    return CaseData.object(data, "before")
        .map(before ->
            CaseData.items(before, "cases").stream()
                .map(each -> Integer.parseInt(((JsonValue.Num) each).literal()))
                .toList())
        .orElse(List.of());
  }

  /** Whether unsealing has to take a few seconds on the server. */
  public boolean needsUnsealDelay() {
    return CaseData.object(data, "before")
        .map(before -> CaseData.flag(before, "unsealDelay"))
        .orElse(false);
  }

  boolean isWebSocket() {
    return CaseData.text(data, "transport").orElse("http").equals("websocket");
  }

  boolean isOnSameConnection() {
    return CaseData.flag(data, "sameConnection");
  }

  JsonValue.Obj request() {
    return CaseData.object(data, "request").orElseGet(() -> JsonValue.object().build());
  }

  Answer answer() {
    return Answer.of(CaseData.object(data, "answer").orElseThrow());
  }

  /** Answers that are as good: where the reference crashes, or its text leaves a choice. */
  List<Answer> alternatives() {
    return CaseData.items(data, "alternatives").stream()
        .map(each -> Answer.of((JsonValue.Obj) each))
        .toList();
  }

  List<JsonValue.Obj> steps() {
    return CaseData.items(data, "steps").stream().map(each -> (JsonValue.Obj) each).toList();
  }
}
