package io.selkie.proofs.codec;

import java.nio.charset.StandardCharsets;

/**
 * JSON as serde_json writes it: no blanks, bytes as arrays of numbers, text in UTF-8 with only
 * quote, backslash and control characters escaped.
 */
public final class JsonWriter implements StructureWriter {
  private static final String SHORT_ESCAPES = "btn\0fr";

  private final GrowingBytes out = new GrowingBytes();
  private boolean comma;

  @Override
  public void begin() {
    open('{');
  }

  @Override
  public void field(String name) {
    quoted(name);
    out.put(':');
    comma = false;
  }

  @Override
  public void end() {
    close('}');
  }

  @Override
  public void sequence(int count) {
    open('[');
  }

  @Override
  public void endSequence() {
    close(']');
  }

  @Override
  public void variant(int index, String name) {
    begin();
    field(name);
  }

  @Override
  public void endVariant() {
    end();
  }

  @Override
  public void phantom(String name) {
    field(name);
    literal("null");
  }

  @Override
  public void node(byte[] node) {
    open('[');
    for (int i = 0; i < node.length; i++) {
      if (i > 0) {
        out.put(',');
      }
      byteValue(node[i] & 0xff);
    }
    close(']');
  }

  private void byteValue(int value) {
    if (value >= 100) {
      out.put('0' + value / 100);
    }
    if (value >= 10) {
      out.put('0' + value / 10 % 10);
    }
    out.put('0' + value % 10);
  }

  @Override
  public void u32(long value) {
    literal(Long.toString(value));
  }

  @Override
  public void u64(long value) {
    literal(Long.toString(value));
  }

  @Override
  public void someU64(long value) {
    u64(value);
  }

  @Override
  public void text(String text) {
    quoted(text);
    comma = true;
  }

  @Override
  public byte[] toBytes() {
    return out.toBytes();
  }

  private void open(char bracket) {
    separate();
    out.put(bracket);
    comma = false;
  }

  private void close(char bracket) {
    out.put(bracket);
    comma = true;
  }

  private void literal(String ascii) {
    separate();
    out.put(ascii.getBytes(StandardCharsets.US_ASCII));
    comma = true;
  }

  private void separate() {
    if (comma) {
      out.put(',');
    }
  }

  private void quoted(String text) {
    separate();
    out.put('"');
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b == '"' || b == '\\') {
        out.put('\\');
        out.put(b);
      } else if (b >= 0 && b < 0x20) {
        escapeControl(b);
      } else {
        out.put(b);
      }
    }
    out.put('"');
  }

  private void escapeControl(int b) {
    out.put('\\');
    if (b >= '\b' && b <= '\r' && b != 0x0b) {
      out.put(SHORT_ESCAPES.charAt(b - '\b'));
    } else {
      out.put(String.format("u%04x", b).getBytes(StandardCharsets.US_ASCII));
    }
  }
}
