package io.selkie.rpc.server;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** An answer that breaks off when the token of the one who gets it ends or is revoked. */
final class GuardedStream extends FilterOutputStream {

  private final Supplier<Optional<String>> fault;

  /**
   * @param fault why the caller may not have more; empty if he may
   */
  GuardedStream(OutputStream to, Supplier<Optional<String>> fault) {
    super(to);
    this.fault = fault;
  }

  private void check() throws IOException {
    Optional<String> why = fault.get();
    if (why.isPresent()) {
      throw new IOException("answer broken off: " + why.get());
    }
  }

  @Override
  public void write(int single) throws IOException {
    check();
    out.write(single);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    check();
    out.write(bytes, offset, count);
  }
}
