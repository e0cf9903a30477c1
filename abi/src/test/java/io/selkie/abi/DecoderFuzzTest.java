package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Decoders on changed known inputs: they refuse with their own kind of exception, take little
 * memory, and what they accept they write again as it was. Each run tries one seed that never
 * changes and one of the clock, which is printed.
 */
class DecoderFuzzTest {

  private static final long FIXED_SEED = 20260131;
  private static final int ROUNDS = 20_000;

  /**
   * What one input may take, bytes. Inputs have a few hundred; a length that is believed before the
   * input is looked at would be far beyond. The first comparison loads classes of four megabytes.
   */
  private static final long MAX_ALLOCATED = 16 << 20;

  private static List<byte[]> corpus(String name, boolean hex) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(DecoderFuzzTest.class.getResourceAsStream("corpus/" + name))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        lines.add(hex ? HexFormat.of().parseHex(line) : line.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return lines;
  }

  /**
   * One to four changes: a byte flipped, dropped, doubled, replaced, a piece of another spliced.
   */
  private static byte[] mutated(byte[] from, List<byte[]> corpus, Random random) {
    byte[] now = from;
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
            default -> Arrays.copyOfRange(other, cut, Math.min(other.length, cut + 16));
          };
      int rest = Math.min(now.length, at + random.nextInt(3));
      ByteBuffer next = ByteBuffer.allocate(at + middle.length + now.length - rest);
      next.put(now, 0, at).put(middle).put(now, rest, now.length - rest);
      now = next.array();
    }
    return now;
  }

  /** Feeds a decoder; it may throw what a caller expects, and nothing else. */
  private static void fuzz(List<byte[]> corpus, Consumer<byte[]> decoder) {
    var memory =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    for (long seed : new long[] {FIXED_SEED, System.nanoTime()}) {
      System.out.println("fuzz seed " + seed);
      Random random = new Random(seed);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] seedInput = corpus.get(random.nextInt(corpus.size()));
        byte[] input = mutated(seedInput, corpus, random);
        long before = memory.getCurrentThreadAllocatedBytes();
        try {
          decoder.accept(input);
        } catch (IllegalArgumentException refused) {
          assertThat(refused.getMessage())
              .as("seed %d, input %s", seed, HexFormat.of().formatHex(input))
              .isNotBlank();
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
          throw new AssertionError(
              "seed " + seed + ", input " + HexFormat.of().formatHex(input) + ": " + e, e);
        }
        assertThat(memory.getCurrentThreadAllocatedBytes() - before)
            .as("seed %d, input %s", seed, HexFormat.of().formatHex(input))
            .isLessThan(MAX_ALLOCATED);
      }
    }
  }

  @Test
  void cid_changedText_isRefusedOrWrittenAgain() throws IOException {
    fuzz(
        corpus("cids.txt", false),
        input -> {
          Cid cid = Cid.parse(new String(input, StandardCharsets.ISO_8859_1));
          assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
          assertThat(Cid.ofBytes(cid.bytes())).isEqualTo(cid);
        });
  }

  @Test
  void cid_changedBytes_areRefusedOrWrittenAgain() throws IOException {
    List<byte[]> binary = new ArrayList<>();
    for (byte[] text : corpus("cids.txt", false).subList(0, 4)) {
      binary.add(Cid.parse(new String(text, StandardCharsets.US_ASCII)).bytes());
    }
    fuzz(binary, input -> assertThat(Cid.ofBytes(input).bytes()).isEqualTo(input));
  }

  @Test
  void address_changedText_isRefusedOrWrittenAgain() throws IOException {
    fuzz(
        corpus("addresses.txt", false),
        input -> {
          Address address = Address.parse(new String(input, StandardCharsets.ISO_8859_1));
          String text = address.text(Address.Network.MAINNET);
          assertThat(Address.parse(text)).isEqualTo(address);
          assertThat(Address.ofBytes(address.bytes())).isEqualTo(address);
        });
  }

  @Test
  void cbor_changedBytes_areRefusedOrCanonical() throws IOException {
    fuzz(
        corpus("cbor.txt", true),
        input -> {
          DagCborReader.validate(input);
          DagCborReader reader = new DagCborReader(input);
          assertThat(reader.skip()).isEqualTo(input);
          reader.end();
        });
  }

  @Test
  void cbor_changedBytes_areReadAsEveryKind() throws IOException {
    List<Consumer<DagCborReader>> kinds =
        List.of(
            DagCborReader::integer,
            DagCborReader::natural,
            DagCborReader::unsigned,
            in -> in.bytes(100),
            in -> in.text(100),
            DagCborReader::bool,
            DagCborReader::cid,
            DagCborReader::amount,
            DagCborReader::address,
            in -> in.tuple(3),
            in -> in.map(10, _ -> in.skip()));
    fuzz(
        corpus("cbor.txt", true),
        input -> {
          for (Consumer<DagCborReader> kind : kinds) {
            try {
              kind.accept(new DagCborReader(input));
            } catch (DagCborException refused) {
              assertThat(refused.offset()).isBetween(0, input.length);
            }
          }
        });
  }

  @Test
  void rlePlus_changedBytes_areRefusedOrWrittenAgain() throws IOException {
    fuzz(
        corpus("rleplus.txt", true),
        input -> {
          BitField field = BitField.ofRlePlus(input);
          assertThat(field.toRlePlus()).isEqualTo(input);
          assertThat(BitField.ofRunLengths(field.toRunLengths())).isEqualTo(field);
        });
  }
}
