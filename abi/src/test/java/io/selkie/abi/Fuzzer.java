package io.selkie.abi;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Feeds a decoder with changed known inputs.
 *
 * <p>Each run tries one seed that never changes and one of the clock; {@code -Dselkie.fuzz.runs=N}
 * tries N of the clock, {@code -Dselkie.fuzz.seed=S} that one alone. A failure names its seed and
 * its input, which then belongs into the corpus.
 */
public final class Fuzzer {

  private static final String RUNS = "selkie.fuzz.runs";
  private static final String SEED = "selkie.fuzz.seed";
  private static final long FIXED_SEED = 20260131;

  /** Bytes of one splice. */
  private static final int SPLICE = 16;

  /**
   * Inputs have a few hundred bytes. A length that is believed before the input is looked at would
   * be far beyond; the first comparison of a test loads classes of four megabytes.
   */
  private static final long MAX_ALLOCATED = 16 << 20;

  private final List<byte[]> corpus;
  private final int rounds;

  /** What is done with an input; it throws for nothing but a fault. */
  @FunctionalInterface
  public interface Check {

    /** Decodes, and compares what comes out. */
    void accept(byte[] input) throws Exception;
  }

  /**
   * @param corpus known inputs, good and bad
   * @param rounds inputs for each seed
   */
  public Fuzzer(List<byte[]> corpus, int rounds) {
    this.corpus = List.copyOf(corpus);
    this.rounds = rounds;
  }

  /**
   * The lines of a resource beside a class, below {@code corpus/}.
   *
   * @param hex whether they are bytes; else each is the UTF-8 of its text
   */
  public static List<byte[]> corpus(Class<?> beside, String name, boolean hex) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    try (InputStream in = beside.getResourceAsStream("corpus/" + name)) {
      if (in == null) {
        throw new IOException("no corpus " + name + " beside " + beside);
      }
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        lines.add(hex ? HexFormat.of().parseHex(line) : line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return lines;
  }

  /** Feeds the corpus as it is, then changed. */
  public void run(Check check) {
    for (byte[] known : corpus) {
      feed(check, known, "the corpus");
    }
    for (long seed : seeds()) {
      System.out.println("fuzz seed " + seed);
      Random random = new Random(seed);
      for (int round = 0; round < rounds; round++) {
        feed(check, changed(random), "seed " + seed);
      }
    }
  }

  private static void feed(Check check, byte[] input, String from) {
    var memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = memory.getCurrentThreadAllocatedBytes();
    try {
      check.accept(input);
    } catch (Exception | StackOverflowError | AssertionError e) {
      throw new AssertionError(name(input, from) + ": " + e, e);
    }
    long allocated = memory.getCurrentThreadAllocatedBytes() - before;
    if (allocated > MAX_ALLOCATED) {
      throw new AssertionError(name(input, from) + " took " + allocated + " bytes of memory");
    }
  }

  private static String name(byte[] input, String from) {
    return from
        + ", input "
        + HexFormat.of().formatHex(input)
        + " ("
        + new String(input, StandardCharsets.UTF_8)
        + ")";
  }

  private static List<Long> seeds() {
    Long only = Long.getLong(SEED);
    if (only != null) {
      return List.of(only);
    }
    List<Long> seeds = new ArrayList<>();
    seeds.add(FIXED_SEED);
    long clock = System.nanoTime();
    for (int i = Integer.getInteger(RUNS, 1); i > 0; i--) {
      seeds.add(clock++);
    }
    return seeds;
  }

  /**
   * One to four changes: a byte flipped, dropped, doubled, replaced, a piece of another spliced.
   */
  private byte[] changed(Random random) {
    byte[] now = corpus.get(random.nextInt(corpus.size()));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(now.length + 1);
      byte[] other = corpus.get(random.nextInt(corpus.size()));
      int cut = random.nextInt(other.length + 1);
      byte[] middle =
          switch (random.nextInt(6)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> new byte[] {(byte) (0x20 + random.nextInt(95))};
            case 3 -> Arrays.copyOfRange(now, Math.max(0, at - 4), at);
            case 4 ->
                new byte[] {(byte) (at < now.length ? now[at] ^ (1 << random.nextInt(8)) : 0)};
            default -> Arrays.copyOfRange(other, cut, Math.min(other.length, cut + SPLICE));
          };
      int rest = Math.min(now.length, at + random.nextInt(3));
      ByteBuffer next = ByteBuffer.allocate(at + middle.length + now.length - rest);
      next.put(now, 0, at).put(middle).put(now, rest, now.length - rest);
      now = next.array();
    }
    return now;
  }
}
