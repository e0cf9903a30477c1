package io.selkie.proofs.post;

import io.selkie.abi.RegisteredPoStProof;
import io.selkie.proofs.codec.BincodeReader;
import io.selkie.proofs.codec.BincodeWriter;
import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.merkle.TreeShape;
import java.util.ArrayList;
import java.util.List;

/**
 * The proof of many sectors as its bytes. Until there are circuits these are the vanilla proofs
 * themselves, cut into partitions as a circuit would take them; this class is the one place that a
 * SNARK replaces.
 */
public final class PostProofBytes {
  private static final long COUNT = Long.BYTES;
  private static final long VARIANT = Integer.BYTES;
  private static final long NODE = TreeShape.NODE_BYTES;

  private PostProofBytes() {}

  /**
   * The bytes: bincode of one sequence of sector proofs for each full partition and one for the
   * rest, one after the other.
   *
   * @param sectors in the order in which they are proven, with as many challenges as {@code type}
   *     has
   */
  public static byte[] toBincode(RegisteredPoStProof type, List<SectorPostProof> sectors) {
    BincodeWriter out = new BincodeWriter();
    int atOnce = type.partitionSectors();
    for (int from = 0; from < sectors.size(); from += atOnce) {
      List<SectorPostProof> partition =
          sectors.subList(from, Math.min(sectors.size(), from + atOnce));
      out.sequence(partition.size());
      partition.forEach(each -> each.write(out));
      out.endSequence();
    }
    return out.toBytes();
  }

  /** How long the bytes of one sector are, to the byte. */
  public static long bytesPerSector(RegisteredPoStProof type) {
    TreeShape shape = TreeShape.of(type.sectorSize());
    long path =
        VARIANT
            + 2 * NODE
            + COUNT
            + shape.baseLevels() * level(TreeShape.BASE_ARITY)
            + upper(shape.subArity())
            + upper(shape.topArity());
    return COUNT + NODE + COUNT + COUNT + type.challenges() * path + 2 * NODE;
  }

  /** The level above base trees, if there is one. */
  private static long upper(int arity) {
    return arity == 0 ? 0 : COUNT + level(arity);
  }

  private static long level(int arity) {
    return COUNT + (arity - 1L) * NODE + COUNT;
  }

  /** Reads the bytes of a proof of this many sectors, in strictly that form. */
  static List<SectorPostProof> read(RegisteredPoStProof type, int count, byte[] bincode)
      throws MalformedException {
    BincodeReader in = new BincodeReader(bincode);
    List<SectorPostProof> sectors = new ArrayList<>();
    while (sectors.size() < count) {
      int partition = Math.min(type.partitionSectors(), count - sectors.size());
      in.sequence(partition);
      for (int i = 0; i < partition; i++) {
        sectors.add(SectorPostProof.read(in, type.sectorSize(), type.challenges()));
      }
      in.endSequence();
    }
    in.finish();
    return List.copyOf(sectors);
  }
}
