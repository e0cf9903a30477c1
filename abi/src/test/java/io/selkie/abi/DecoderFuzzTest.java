package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Decoders on changed known inputs: they refuse with their own kind of exception, take little
 * memory, and what they accept they write again as it was.
 */
class DecoderFuzzTest {

  private static final int ROUNDS = 20_000;

  private static List<byte[]> corpus(String name, boolean hex) throws IOException {
    return Fuzzer.corpus(DecoderFuzzTest.class, name, hex);
  }

  /** Feeds a decoder; it may throw what a caller expects, and nothing else. */
  private static void fuzz(List<byte[]> corpus, Consumer<byte[]> decoder) {
    new Fuzzer(corpus, ROUNDS)
        .run(input -> {
          try {
            decoder.accept(input);
          } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
          }
        });
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
    fuzz(
        binary,
        input -> {
          assertThat(Cid.ofBytes(input).bytes()).isEqualTo(input);
          byte[] longer = Arrays.copyOf(input, input.length + 1);
          assertThatThrownBy(() -> Cid.ofBytes(longer))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void address_changedText_isRefusedOrWrittenAgain() throws IOException {
    fuzz(
        corpus("addresses.txt", false),
        input -> {
          String given = new String(input, StandardCharsets.ISO_8859_1);
          Address address = Address.parse(given);
          String text = address.text(Address.Network.MAINNET);
          if (!given.isEmpty() && !address.isId()) {
            // The checksum; a namespace may have zeros in front of it, as in the reference.
            assertThat(given).endsWith(text.substring(text.length() - 6));
          }
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
  void cbor_changedBytes_areWrittenAgainAsEveryKind() throws IOException {
    List<Function<DagCborReader, DagCborWriter>> kinds =
        List.of(
            in -> new DagCborWriter().integer(in.integer()),
            in -> new DagCborWriter().integer(in.natural()),
            in -> new DagCborWriter().unsigned(in.unsigned()),
            in -> new DagCborWriter().bytes(in.bytes(100)),
            in -> new DagCborWriter().text(in.text(100)),
            in -> new DagCborWriter().bool(in.bool()),
            in -> new DagCborWriter().cid(in.cid()),
            in -> new DagCborWriter().amount(in.amount()),
            in -> new DagCborWriter().address(in.address()),
            in -> new DagCborWriter().array(in.array(100)),
            in -> {
              Map<String, byte[]> entries = new LinkedHashMap<>();
              in.map(10, key -> entries.put(key, in.skip()));
              return new DagCborWriter().map(entries);
            });
    fuzz(
        corpus("cbor.txt", true),
        input -> {
          for (Function<DagCborReader, DagCborWriter> kind : kinds) {
            try {
              DagCborReader reader = new DagCborReader(input);
              byte[] again = kind.apply(reader).toByteArray();
              assertThat(again).isEqualTo(Arrays.copyOf(input, reader.offset()));
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
