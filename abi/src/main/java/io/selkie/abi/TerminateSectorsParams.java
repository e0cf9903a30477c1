package io.selkie.abi;

import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of {@code TerminateSectors}: sectors to end before their time, by where they are
 * proven.
 *
 * <p>Source: go-state-types builtin/v16/miner, TerminateSectorsParams.
 *
 * @param declarations at most {@link #MAX_DECLARATIONS} when read
 */
public record TerminateSectorsParams(List<Declaration> declarations) {

  /** The method's number on the miner actor. */
  public static final long METHOD = 9;

  /** The most declarations in one message (builtin-actors policy, declarations_max). */
  public static final int MAX_DECLARATIONS = 3000;

  /** Copies the list. */
  public TerminateSectorsParams {
    declarations = List.copyOf(declarations);
  }

  /**
   * Sectors of one partition.
   *
   * @param deadline the deadline's index
   * @param partition the partition's index in it
   * @param sectors their numbers
   */
  public record Declaration(long deadline, long partition, BitField sectors) {}

  /** The DAG-CBOR. */
  public byte[] encode() {
    DagCborWriter out = new DagCborWriter().array(1).array(declarations.size());
    for (Declaration each : declarations) {
      out.array(3)
          .integer(each.deadline())
          .integer(each.partition())
          .bytes(each.sectors().toRlePlus());
    }
    return out.toByteArray();
  }

  /**
   * Reads {@link #encode}.
   *
   * @throws DagCborException for anything else
   */
  public static TerminateSectorsParams decode(byte[] params) {
    DagCborReader in = new DagCborReader(params);
    in.tuple(1);
    int count = in.array(MAX_DECLARATIONS);
    List<Declaration> declarations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      in.tuple(3);
      long deadline = in.natural();
      long partition = in.natural();
      int at = in.offset();
      byte[] sectors = in.bytes(BitField.MAX_ENCODED_BYTES);
      try {
        declarations.add(new Declaration(deadline, partition, BitField.ofRlePlus(sectors)));
      } catch (IllegalArgumentException e) {
        throw new DagCborException(at, "sectors of declaration " + i + ": " + e.getMessage());
      }
    }
    in.end();
    return new TerminateSectorsParams(declarations);
  }
}
