package io.selkie.abi;

import java.util.ArrayList;
import java.util.List;

/**
 * What a method that takes many sectors returns: how many succeeded, and why the others did not.
 *
 * <p>Source: FIP-0076; go-state-types batch/return.go.
 *
 * @param successCount sectors that succeeded
 * @param failures the others, by rising index
 */
public record BatchReturn(int successCount, List<Failure> failures) {

  private static final int MAX = ProveCommitSectors3Params.MAX_SECTORS;

  /** Copies the list. */
  public BatchReturn {
    failures = List.copyOf(failures);
  }

  /**
   * A sector that failed.
   *
   * @param index its place in the parameters, from 0
   * @param exitCode why
   */
  public record Failure(int index, long exitCode) {}

  /** The DAG-CBOR. */
  public byte[] encode() {
    DagCborWriter out = new DagCborWriter().array(2).integer(successCount).array(failures.size());
    for (Failure failure : failures) {
      out.array(2).integer(failure.index()).integer(failure.exitCode());
    }
    return out.toByteArray();
  }

  /**
   * Reads {@link #encode}.
   *
   * @throws DagCborException for anything else
   */
  public static BatchReturn decode(byte[] bytes) {
    DagCborReader in = new DagCborReader(bytes);
    in.tuple(2);
    int successCount = count(in);
    int size = in.array(MAX);
    List<Failure> failures = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      in.tuple(2);
      failures.add(new Failure(count(in), in.natural()));
    }
    in.end();
    return new BatchReturn(successCount, failures);
  }

  private static int count(DagCborReader in) {
    int at = in.offset();
    long value = in.natural();
    if (value > MAX) {
      throw new DagCborException(at, value + " sectors, at most " + MAX);
    }
    return (int) value;
  }
}
