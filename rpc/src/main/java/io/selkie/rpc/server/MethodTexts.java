package io.selkie.rpc.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What each method of the API does, in words: the documentation comments of {@code rpc.api}, which
 * are not in the classes. The resource is generated from them, {@code MethodTextsTest} holds it to
 * them.
 *
 * <p>A line is {@code Interface.method}, the first sentence, and the rest if there is one, parted
 * by tabs.
 */
final class MethodTexts {

  private static final String RESOURCE = "method-texts.txt";

  /**
   * A method's text.
   *
   * @param summary its first sentence
   * @param rest what follows, empty for nothing
   */
  record Text(String summary, String rest) {}

  private final Map<String, Text> texts;

  private MethodTexts(Map<String, Text> texts) {
    this.texts = texts;
  }

  static MethodTexts load() {
    try (InputStream in = MethodTexts.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not beside " + MethodTexts.class);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  private static MethodTexts parse(String lines) {
    Map<String, Text> texts = new HashMap<>();
    lines
        .lines()
        .forEach(line -> {
          String[] parts = line.split("\t", 3);
          if (parts.length < 2) {
            throw new IllegalStateException(RESOURCE + ": no text in '" + line + "'");
          }
          texts.put(parts[0], new Text(parts[1], parts.length < 3 ? "" : parts[2]));
        });
    return new MethodTexts(texts);
  }

  /** The text of a method; empty for one that is not of {@code rpc.api}. */
  Optional<Text> of(Method method) {
    return Optional.ofNullable(
        texts.get(method.getDeclaringClass().getSimpleName() + "." + method.getName()));
  }
}
