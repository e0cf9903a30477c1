package io.selkie.proofs.hashers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.proofs.field.Fr;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * {@code tables.json} holds digests of the tables of each arity as published for Filecoin's
 * Poseidon; {@code hashes.json} outputs of rust-fil-proofs, API 19.1.0.
 */
final class PoseidonTest {

  private static final PoseidonKernel SCALAR = new PoseidonScalar();
  private static final PoseidonKernel DEFERRED = new PoseidonDeferred();

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 11, 16, 24, 36})
  void constants_ofEachArity_haveThePublishedDigests(int arity) {
    JsonNode known = resource("tables.json").get(Integer.toString(arity));
    PoseidonConstants constants = PoseidonConstants.ofArity(arity);
    assertThat(constants.width()).isEqualTo(known.get("width").intValue());
    assertThat(constants.partialRounds()).isEqualTo(known.get("partial_rounds").intValue());
    assertThat("0x" + Fr.value(constants.roundConstants(), 0).toString(16))
        .isEqualTo(known.get("rc_first").stringValue());
    assertThat(sha256(constants.roundConstants())).isEqualTo(known.get("rc_sha256").stringValue());
    assertThat(sha256(constants.mixingMatrix())).isEqualTo(known.get("mds_sha256").stringValue());
    assertThat(sha256(constants.compressedConstants()))
        .isEqualTo(known.get("compressed_sha256").stringValue());
    assertThat(sha256(constants.preSparseMatrix()))
        .isEqualTo(known.get("pre_sparse_sha256").stringValue());
    assertThat(sha256(constants.sparseMatrices()))
        .isEqualTo(known.get("sparse_sha256").stringValue());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 11, 16, 24, 36})
  void hash_ofCountingNodes_isThePublishedDigest(int arity) {
    byte[][] nodes = new byte[arity][Fr.BYTES];
    for (int i = 0; i < arity; i++) {
      nodes[i][0] = (byte) i;
    }
    String known =
        resource("tables.json").get(Integer.toString(arity)).get("digest_0_to_n").stringValue();
    for (PoseidonKernel kernel : new PoseidonKernel[] {SCALAR, DEFERRED}) {
      assertThat(HexFormat.of().formatHex(Poseidon.ofArity(arity, kernel).hash(nodes)))
          .as(kernel.name())
          .isEqualTo(known);
    }
  }

  @Test
  void hash_ofEachKnownAnswer_isTheReferencesDigest() {
    int checked = 0;
    for (JsonNode known : resource("hashes.json")) {
      int arity = known.get("arity").intValue();
      BigInteger tag = plain(known.get("domain_tag").stringValue());
      byte[][] nodes = new byte[arity][];
      for (int i = 0; i < arity; i++) {
        nodes[i] = HexFormat.of().parseHex(known.get("preimage_le").get(i).stringValue());
      }
      byte[] digest = Poseidon.ofTag(arity, tag, SCALAR).hash(nodes);
      assertThat(HexFormat.of().formatHex(digest))
          .as("arity %d, tag %s", arity, tag)
          .isEqualTo(known.get("digest_le").stringValue());
      if (known.get("hash_type").stringValue().equals("merkle_tree")) {
        assertThat(Poseidon.ofArity(arity).hash(nodes)).isEqualTo(digest);
      }
      checked++;
    }
    assertThat(checked).isEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 11, 16})
  void hashMany_ofRandomNodes_agreesWithThePlainDefinition(int arity) {
    int count = 5;
    MemorySegment in = randomNodes(arity * count);
    MemorySegment out = MemorySegment.ofArray(new byte[count * Fr.BYTES + 5]);
    Poseidon.ofArity(arity, SCALAR).hashMany(in, 0, out, 5, count);
    PoseidonDefinition definition = new PoseidonDefinition(PoseidonConstants.ofArity(arity));
    for (int i = 0; i < count; i++) {
      BigInteger[] row = new BigInteger[arity];
      for (int j = 0; j < arity; j++) {
        row[j] = node(in, (long) (i * arity + j) * Fr.BYTES);
      }
      BigInteger tag = BigInteger.ONE.shiftLeft(arity).subtract(BigInteger.ONE);
      assertThat(node(out, 5 + (long) i * Fr.BYTES)).isEqualTo(definition.digest(tag, row));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 11, 16})
  void deferredKernel_onEdgesAndRandomNodes_equalsTheScalarTwin(int arity) {
    BigInteger[] edges = {BigInteger.ZERO, BigInteger.ONE, Fr.MODULUS.subtract(BigInteger.ONE)};
    int count = edges.length + 40;
    MemorySegment in = randomNodes(arity * count);
    for (int i = 0; i < edges.length * arity; i++) {
      Fr.write(Fr.limbs(edges[i / arity]), 0, in, (long) i * Fr.BYTES);
    }
    for (int rows : new int[] {0, 1, count}) {
      MemorySegment slow = MemorySegment.ofArray(new byte[rows * Fr.BYTES]);
      MemorySegment fast = MemorySegment.ofArray(new byte[rows * Fr.BYTES]);
      Poseidon.ofArity(arity, SCALAR).hashMany(in, 0, slow, 0, rows);
      Poseidon.ofArity(arity, DEFERRED).hashMany(in, 0, fast, 0, rows);
      assertThat(fast.mismatch(slow)).isEqualTo(-1);
    }
  }

  @Test
  void hashColumns_ofLayersAtOffsets_hashesNodeByNode() {
    int count = 6;
    Poseidon poseidon = Poseidon.ofArity(11, SCALAR);
    MemorySegment[] layers = new MemorySegment[11];
    long[] offsets = new long[11];
    for (int j = 0; j < 11; j++) {
      layers[j] = randomNodes(count + j);
      offsets[j] = (long) j * Fr.BYTES;
    }
    MemorySegment out = MemorySegment.ofArray(new byte[count * Fr.BYTES]);
    poseidon.hashColumns(layers, offsets, out, 0, count);
    for (int i = 0; i < count; i++) {
      byte[][] row = new byte[11][];
      for (int j = 0; j < 11; j++) {
        row[j] = bytes(layers[j], offsets[j] + (long) i * Fr.BYTES);
      }
      assertThat(bytes(out, (long) i * Fr.BYTES)).isEqualTo(poseidon.hash(row));
    }
  }

  @Test
  void hashMany_overItsOwnInput_isTheSameAsBesideIt() {
    Poseidon poseidon = Poseidon.ofArity(2);
    MemorySegment in = randomNodes(40);
    MemorySegment beside = MemorySegment.ofArray(new byte[20 * Fr.BYTES]);
    poseidon.hashMany(in, 0, beside, 0, 20);
    poseidon.hashMany(in, 0, in, 0, 20);
    assertThat(in.asSlice(0, 20 * Fr.BYTES).mismatch(beside)).isEqualTo(-1);
  }

  @Test
  void ofCustomType_one_hasTheTagTwoToTheForty() {
    byte[] zero = new byte[Fr.BYTES];
    BigInteger tag = BigInteger.ONE.shiftLeft(40);
    assertThat(Poseidon.ofCustomType(2, 1).hash(zero, zero))
        .isEqualTo(Poseidon.ofTag(2, tag, SCALAR).hash(zero, zero))
        .isNotEqualTo(Poseidon.ofArity(2, SCALAR).hash(zero, zero));
  }

  @Test
  void badArguments_areRefused() {
    assertThatThrownBy(() -> Poseidon.ofArity(3)).isInstanceOf(IllegalArgumentException.class);
    Poseidon poseidon = Poseidon.ofArity(2, SCALAR);
    byte[] node = new byte[Fr.BYTES];
    byte[] tooLarge = new byte[Fr.BYTES];
    Arrays.fill(tooLarge, (byte) 0xff);
    assertThatThrownBy(() -> poseidon.hash(node)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> poseidon.hash(node, new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> poseidon.hash(node, tooLarge))
        .isInstanceOf(IllegalArgumentException.class);
    MemorySegment short3 = MemorySegment.ofArray(new byte[3 * Fr.BYTES]);
    assertThatThrownBy(() -> poseidon.hashMany(short3, 0, short3, 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static MemorySegment randomNodes(int count) {
    long seed = System.nanoTime();
    System.out.println("PoseidonTest seed " + seed);
    Random random = new Random(seed);
    MemorySegment nodes = MemorySegment.ofArray(new byte[count * Fr.BYTES]);
    for (int i = 0; i < count; i++) {
      BigInteger value = new BigInteger(300, random).mod(Fr.MODULUS);
      Fr.write(Fr.limbs(value), 0, nodes, (long) i * Fr.BYTES);
    }
    return nodes;
  }

  private static BigInteger node(MemorySegment s, long off) {
    long[] limbs = new long[Fr.LIMBS];
    Fr.read(s, off, limbs, 0);
    return Fr.value(limbs, 0);
  }

  private static byte[] bytes(MemorySegment s, long off) {
    return s.asSlice(off, Fr.BYTES).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  private static BigInteger plain(String littleEndianHex) {
    return node(MemorySegment.ofArray(HexFormat.of().parseHex(littleEndianHex)), 0);
  }

  private static String sha256(long[] elements) {
    byte[] bytes = new byte[elements.length * Long.BYTES];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < elements.length; i += Fr.LIMBS) {
      Fr.write(elements, i, segment, (long) i * Long.BYTES);
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode resource(String name) {
    try (InputStream in = PoseidonTest.class.getResourceAsStream("/poseidon/" + name)) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in, name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
