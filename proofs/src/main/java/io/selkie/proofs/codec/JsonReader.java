package io.selkie.proofs.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the JSON that {@link JsonWriter} writes. Blanks between tokens are allowed; the order of
 * fields is the written one, and no field may be missing or added. There is no recursion: the depth
 * is what the caller asks for.
 */
public final class JsonReader implements StructureReader {
  private static final int END = -1;

  private final byte[] in;
  private int at;
  private boolean comma;

  /**
   * @param in the bytes, which may be anything; not copied
   */
  public JsonReader(byte[] in) {
    this.in = in;
  }

  @Override
  public void begin() throws MalformedException {
    open('{');
  }

  @Override
  public void field(String name) throws MalformedException {
    separate();
    int start = at;
    String found = quoted(name.length() + 1);
    if (!found.equals(name)) {
      throw new MalformedException(
          "field '" + found + "' at byte " + start + ", expected '" + name + "'");
    }
    expect(':');
    comma = false;
  }

  @Override
  public void end() throws MalformedException {
    close('}');
  }

  @Override
  public void sequence(int count) throws MalformedException {
    open('[');
  }

  @Override
  public void endSequence() throws MalformedException {
    close(']');
  }

  @Override
  public void variant(int index, String name) throws MalformedException {
    begin();
    field(name);
  }

  @Override
  public void endVariant() throws MalformedException {
    end();
  }

  @Override
  public void phantom(String name) throws MalformedException {
    field(name);
    for (char c : new char[] {'n', 'u', 'l', 'l'}) {
      if (c == 'n') {
        expect(c);
      } else if (at >= in.length || in[at++] != c) {
        throw new MalformedException("null expected before byte " + at);
      }
    }
    comma = true;
  }

  @Override
  public byte[] node() throws MalformedException {
    byte[] node = new byte[32];
    open('[');
    for (int i = 0; i < node.length; i++) {
      node[i] = (byte) number(255);
    }
    close(']');
    return node;
  }

  @Override
  public long u32() throws MalformedException {
    return number(0xffffffffL);
  }

  @Override
  public long u64() throws MalformedException {
    return number(Long.MAX_VALUE);
  }

  @Override
  public long someU64() throws MalformedException {
    return u64();
  }

  @Override
  public String text(int maxBytes) throws MalformedException {
    separate();
    String text = quoted(maxBytes);
    comma = true;
    return text;
  }

  @Override
  public void finish() throws MalformedException {
    if (peek() != END) {
      throw new MalformedException("something follows the end at byte " + at);
    }
  }

  private void open(char bracket) throws MalformedException {
    separate();
    expect(bracket);
    comma = false;
  }

  private void close(char bracket) throws MalformedException {
    expect(bracket);
    comma = true;
  }

  private void separate() throws MalformedException {
    if (comma) {
      expect(',');
    }
  }

  private void expect(char c) throws MalformedException {
    int found = peek();
    if (found != c) {
      throw new MalformedException(
          "'" + c + "' expected at byte " + at + ", found " + (found == END ? "the end" : found));
    }
    at++;
  }

  private int peek() {
    while (at < in.length
        && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
      at++;
    }
    return at < in.length ? in[at] & 0xff : END;
  }

  private long number(long limit) throws MalformedException {
    separate();
    peek();
    int start = at;
    long value = 0;
    while (at < in.length && in[at] >= '0' && in[at] <= '9') {
      int digit = in[at] - '0';
      if (value > (limit - digit) / 10) {
        throw new MalformedException("number at byte " + start + " is over " + limit);
      }
      value = value * 10 + digit;
      at++;
    }
    if (at == start || (in[start] == '0' && at > start + 1)) {
      throw new MalformedException("no number at byte " + start);
    }
    comma = true;
    return value;
  }

  private String quoted(int maxBytes) throws MalformedException {
    expect('"');
    int start = at;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (true) {
      int c = next(start);
      if (c == '"') {
        return utf8(text, start);
      }
      if (c < 0x20) {
        throw new MalformedException("control character in the text at byte " + start);
      }
      if (c == '\\') {
        text.writeBytes(escaped(start).getBytes(StandardCharsets.UTF_8));
      } else {
        text.write(c);
      }
      if (text.size() > maxBytes) {
        throw new MalformedException("text at byte " + start + " is over " + maxBytes + " bytes");
      }
    }
  }

  private int next(int start) throws MalformedException {
    if (at >= in.length) {
      throw new MalformedException("the text at byte " + start + " does not end");
    }
    return in[at++] & 0xff;
  }

  private String escaped(int start) throws MalformedException {
    int c = next(start);
    return switch (c) {
      case '"', '\\', '/' -> String.valueOf((char) c);
      case 'b' -> "\b";
      case 't' -> "\t";
      case 'n' -> "\n";
      case 'f' -> "\f";
      case 'r' -> "\r";
      case 'u' -> String.valueOf((char) hex4(start));
      default -> throw new MalformedException("unknown escape in the text at byte " + start);
    };
  }

  /**
   * Four hex digits of a character that needs no pair: the writer escapes control characters only.
   */
  private int hex4(int start) throws MalformedException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(next(start), 16);
      if (digit < 0) {
        throw new MalformedException("bad escape in the text at byte " + start);
      }
      value = value << 4 | digit;
    }
    if (Character.isSurrogate((char) value)) {
      throw new MalformedException("surrogate escaped in the text at byte " + start);
    }
    return value;
  }

  private static String utf8(ByteArrayOutputStream text, int start) throws MalformedException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(text.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("text at byte " + start + " is not UTF-8: " + e.getMessage());
    }
  }
}
