package io.selkie.proofs.pieces;

import io.selkie.abi.UnpaddedPieceSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Data of any length as a whole piece: what the source has, then zeros up to the piece's size. A
 * source longer than the piece is cut nowhere: its surplus is handed on, so that the reader refuses
 * it.
 */
public final class ZeroPaddedInputStream extends InputStream {

  private final InputStream source;
  private long missing;
  private boolean sourceEnded;

  /**
   * @param source the data; closed with this stream
   * @param size the piece to fill
   */
  public ZeroPaddedInputStream(InputStream source, UnpaddedPieceSize size) {
    this.source = source;
    this.missing = size.bytes();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!sourceEnded) {
      int read = source.read(into, offset, length);
      if (read >= 0) {
        missing -= read;
        return read;
      }
      sourceEnded = true;
    }
    if (missing <= 0) {
      return -1;
    }
    int zeros = (int) Math.min(missing, length);
    Arrays.fill(into, offset, offset + zeros, (byte) 0);
    missing -= zeros;
    return zeros;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
