package io.selkie.node.proofs;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes on a part of what is written: some bytes are skipped, then so many are taken. */
final class CutStream extends FilterOutputStream {

  private long skipBytes;
  private long takeBytes;

  /**
   * @param skipBytes dropped first
   * @param takeBytes passed on after them; what follows is dropped
   */
  CutStream(OutputStream to, long skipBytes, long takeBytes) {
    super(to);
    this.skipBytes = skipBytes;
    this.takeBytes = takeBytes;
  }

  @Override
  public void write(int each) throws IOException {
    write(new byte[] {(byte) each}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    int skipped = (int) Math.min(skipBytes, length);
    int taken = (int) Math.min(takeBytes, length - skipped);
    out.write(from, offset + skipped, taken);
    skipBytes -= skipped;
    takeBytes -= taken;
  }
}
