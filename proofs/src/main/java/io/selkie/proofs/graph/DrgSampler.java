package io.selkie.proofs.graph;

/**
 * Base parents: bucket sampling with ChaCha of eight rounds.
 *
 * <p>The keystream's key is the graph's 28-byte seed and the node number, counter and stream start
 * at 0. Five times a bucket {@code b} is drawn, then a distance between {@code 2^(b-1)} and {@code
 * 2^b} in the graph with five times the nodes: near and far parents are equally likely on a
 * logarithmic scale. The sixth parent is the node before. Draws are 64 bits, the low word first,
 * reduced by plain remainder. Source: rust-fil-proofs, storage-proofs-core drgraph.rs
 * (BucketGraph::parents); DRSample, Alwen, Blocki, Harsha 2017.
 */
final class DrgSampler {

  /** Two keystream blocks (ten draws take 20 of 32 words) and the working state. */
  static final int SCRATCH_INTS = 48;

  private static final int BLOCK_INTS = 16;
  private static final int STATE = 2 * BLOCK_INTS;
  private static final int DOUBLE_ROUNDS = 4;
  private static final int DRAWN = StackedGraph.BASE_DEGREE - 1;

  private DrgSampler() {}

  /**
   * Samples the six base parents of {@code node}.
   *
   * @param seed seven words
   * @param node below 2^31
   * @param previousLast the first version's order: the node before comes last instead of first
   * @param scratch {@link #SCRATCH_INTS} words, overwritten
   * @param into receives the parents from index 0 on
   */
  static void sample(int[] seed, long node, boolean previousLast, int[] scratch, int[] into) {
    if (node < 2) {
      for (int i = 0; i < StackedGraph.BASE_DEGREE; i++) {
        into[i] = 0;
      }
      return;
    }
    block(seed, (int) node, 0, scratch);
    block(seed, (int) node, 1, scratch);
    long metaNode = node * DRAWN;
    int buckets = Long.SIZE - Long.numberOfLeadingZeros(metaNode - 1);
    int at = previousLast ? 0 : 1;
    for (int i = 0; i < DRAWN; i++) {
      long bucket = Long.remainderUnsigned(draw(scratch, 2 * i), buckets) + 1;
      long high = Math.min(metaNode, 1L << bucket);
      long low = Math.max(2, high / 2);
      long distance = low + Long.remainderUnsigned(draw(scratch, 2 * i + 1), high - low + 1);
      long parent = (metaNode - distance) / DRAWN;
      into[at + i] = (int) (parent == node ? node - 1 : parent);
    }
    into[previousLast ? DRAWN : 0] = (int) (node - 1);
  }

  private static long draw(int[] keystream, int number) {
    return (keystream[2 * number] & 0xffff_ffffL) | ((long) keystream[2 * number + 1] << 32);
  }

  /** Keystream block number {@code counter}, to its place in {@code scratch}. */
  private static void block(int[] seed, int node, int counter, int[] scratch) {
    init(seed, node, counter, scratch, STATE);
    int out = counter * BLOCK_INTS;
    init(seed, node, counter, scratch, out);
    for (int round = 0; round < DOUBLE_ROUNDS; round++) {
      quarterRound(scratch, STATE, STATE + 4, STATE + 8, STATE + 12);
      quarterRound(scratch, STATE + 1, STATE + 5, STATE + 9, STATE + 13);
      quarterRound(scratch, STATE + 2, STATE + 6, STATE + 10, STATE + 14);
      quarterRound(scratch, STATE + 3, STATE + 7, STATE + 11, STATE + 15);
      quarterRound(scratch, STATE, STATE + 5, STATE + 10, STATE + 15);
      quarterRound(scratch, STATE + 1, STATE + 6, STATE + 11, STATE + 12);
      quarterRound(scratch, STATE + 2, STATE + 7, STATE + 8, STATE + 13);
      quarterRound(scratch, STATE + 3, STATE + 4, STATE + 9, STATE + 14);
    }
    for (int i = 0; i < BLOCK_INTS; i++) {
      scratch[out + i] += scratch[STATE + i];
    }
  }

  private static void init(int[] seed, int node, int counter, int[] x, int at) {
    x[at] = 0x61707865; // "expand 32-byte k"
    x[at + 1] = 0x3320646e;
    x[at + 2] = 0x79622d32;
    x[at + 3] = 0x6b206574;
    for (int i = 0; i < 7; i++) {
      x[at + 4 + i] = seed[i];
    }
    x[at + 11] = node;
    x[at + 12] = counter;
    x[at + 13] = 0;
    x[at + 14] = 0;
    x[at + 15] = 0;
  }

  private static void quarterRound(int[] x, int a, int b, int c, int d) {
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = Integer.rotateLeft(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = Integer.rotateLeft(x[b] ^ x[c], 7);
  }
}
