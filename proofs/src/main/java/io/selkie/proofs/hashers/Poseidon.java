package io.selkie.proofs.hashers;

import io.selkie.proofs.field.Fr;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The Poseidon hash over BLS12-381's scalar field for one arity, as Filecoin's trees, columns and
 * commitments use it.
 *
 * <p>Nodes are 32 little-endian bytes below r, and so are digests. Instances are immutable and
 * thread-safe; each call works on the caller's thread alone, so callers split long runs. Long runs
 * are faster per hash than single ones: kernels hash several rows at once.
 *
 * <p>The tag is that of Merkle trees, 2^arity − 1, which column hashes carry too, unless {@link
 * #ofCustomType} says otherwise.
 */
public final class Poseidon {

  /** Tags of custom hash types are multiples of this. */
  private static final int CUSTOM_TYPE_SHIFT = 40;

  /** Tables take milliseconds to derive and never change, so each arity's are kept. */
  private static final ConcurrentMap<Integer, PoseidonConstants> CONSTANTS =
      new ConcurrentHashMap<>();

  private static final ConcurrentMap<Integer, Poseidon> MERKLE = new ConcurrentHashMap<>();

  private final int arity;
  private final PoseidonKernel.Rows rows;

  private Poseidon(int arity, BigInteger tag, PoseidonKernel kernel) {
    this.arity = arity;
    this.rows = kernel.prepare(constants(arity), tag);
  }

  /**
   * The hash with the Merkle tag, by the best kernel of this machine.
   *
   * @param arity 2, 4, 8, 11, 16, 24 or 36
   * @throws IllegalArgumentException for any other arity
   */
  public static Poseidon ofArity(int arity) {
    Poseidon known = MERKLE.get(arity);
    return known != null ? known : MERKLE.computeIfAbsent(arity, a -> ofArity(a, Chosen.KERNEL));
  }

  /** The hash with the Merkle tag, by a kernel of the caller's choice. */
  public static Poseidon ofArity(int arity, PoseidonKernel kernel) {
    return ofTag(arity, BigInteger.ONE.shiftLeft(arity).subtract(BigInteger.ONE), kernel);
  }

  /**
   * The hash with the tag type·2^40: sector updates use type 1 at arity 2 for their randomness.
   *
   * @param type from 1 to 255
   */
  public static Poseidon ofCustomType(int arity, int type) {
    if (type < 1 || type > 255) {
      throw new IllegalArgumentException("Poseidon custom type " + type + ", expected 1 to 255");
    }
    return ofTag(arity, BigInteger.valueOf(type).shiftLeft(CUSTOM_TYPE_SHIFT), Chosen.KERNEL);
  }

  /**
   * The hash with any tag, by a kernel of the caller's choice.
   *
   * @param tag element 0 of the state before the first round, plain value below r
   */
  public static Poseidon ofTag(int arity, BigInteger tag, PoseidonKernel kernel) {
    return new Poseidon(arity, tag, kernel);
  }

  /** The name of the kernel chosen for this machine. */
  public static String kernelName() {
    return Chosen.KERNEL.name();
  }

  /** Field elements hashed at once. */
  public int arity() {
    return arity;
  }

  /**
   * out[i] = hash of the {@code arity} consecutive nodes from in[i·arity] on, {@code count} times.
   *
   * <p>The output may start where the input starts (digests then replace nodes already read) but
   * must not overlap it otherwise. Nodes must be below r; the digest of others is unspecified.
   *
   * @throws IndexOutOfBoundsException if a stretch leaves its segment
   */
  public void hashMany(MemorySegment in, long inOff, MemorySegment out, long outOff, long count) {
    long stride = (long) arity * Fr.BYTES;
    Objects.checkFromIndexSize(inOff, Math.multiplyExact(count, stride), in.byteSize());
    checkOutput(out, outOff, count);
    MemorySegment[] inputs = new MemorySegment[arity];
    long[] offsets = new long[arity];
    Arrays.fill(inputs, in);
    for (int j = 0; j < arity; j++) {
      offsets[j] = inOff + (long) j * Fr.BYTES;
    }
    rows.hash(inputs, offsets, stride, out, outOff, count);
  }

  /**
   * out[i] = hash of node i of each layer, {@code count} times.
   *
   * <p>The output must not overlap a layer. Nodes must be below r; the digest of others is
   * unspecified.
   *
   * @param layers as many as the arity
   * @param layerOffs for each layer the byte offset of its node 0
   * @throws IllegalArgumentException if the number of layers or offsets is not the arity
   * @throws IndexOutOfBoundsException if a stretch leaves its segment
   */
  public void hashColumns(
      MemorySegment[] layers, long[] layerOffs, MemorySegment out, long outOff, long count) {
    if (layers.length != arity || layerOffs.length != arity) {
      throw new IllegalArgumentException(
          layers.length + " layers and " + layerOffs.length + " offsets for arity " + arity);
    }
    for (int j = 0; j < arity; j++) {
      Objects.checkFromIndexSize(
          layerOffs[j], Math.multiplyExact(count, (long) Fr.BYTES), layers[j].byteSize());
    }
    checkOutput(out, outOff, count);
    rows.hash(layers.clone(), layerOffs.clone(), Fr.BYTES, out, outOff, count);
  }

  /**
   * The digest of single nodes.
   *
   * @param nodes as many as the arity, 32 bytes each
   * @throws IllegalArgumentException if their number or a length is wrong, or a value is not below
   *     r
   */
  public byte[] hash(byte[]... nodes) {
    if (nodes.length != arity) {
      throw new IllegalArgumentException(nodes.length + " nodes for arity " + arity);
    }
    byte[] row = new byte[arity * Fr.BYTES];
    MemorySegment in = MemorySegment.ofArray(row);
    for (int j = 0; j < arity; j++) {
      if (nodes[j].length != Fr.BYTES) {
        throw new IllegalArgumentException(
            "node " + j + " has " + nodes[j].length + " bytes, expected " + Fr.BYTES);
      }
      System.arraycopy(nodes[j], 0, row, j * Fr.BYTES, Fr.BYTES);
      if (!Fr.isCanonical(in, (long) j * Fr.BYTES)) {
        throw new IllegalArgumentException("node " + j + " is not below the field's modulus");
      }
    }
    byte[] digest = new byte[Fr.BYTES];
    hashMany(in, 0, MemorySegment.ofArray(digest), 0, 1);
    return digest;
  }

  private static void checkOutput(MemorySegment out, long outOff, long count) {
    Objects.checkFromIndexSize(outOff, Math.multiplyExact(count, (long) Fr.BYTES), out.byteSize());
  }

  private static PoseidonConstants constants(int arity) {
    PoseidonConstants known = CONSTANTS.get(arity);
    return known != null ? known : CONSTANTS.computeIfAbsent(arity, PoseidonConstants::ofArity);
  }

  /**
   * Chosen once, at first use: a faster twin where one works here, the fastest scalar one
   * otherwise.
   */
  private static final class Chosen {

    static final PoseidonKernel KERNEL = choose();

    private static PoseidonKernel choose() {
      for (PoseidonKernel found : ServiceLoader.load(PoseidonKernel.class)) {
        if (found.isPreferred()) {
          return found;
        }
      }
      return new PoseidonDeferred();
    }
  }
}
