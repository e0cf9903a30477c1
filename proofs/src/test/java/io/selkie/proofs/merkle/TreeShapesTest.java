package io.selkie.proofs.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.SectorSize;
import io.selkie.proofs.Resources;
import io.selkie.proofs.codec.BincodeReader;
import io.selkie.proofs.codec.BincodeWriter;
import io.selkie.proofs.codec.JsonReader;
import io.selkie.proofs.codec.JsonWriter;
import io.selkie.proofs.codec.MalformedException;
import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.hashers.Poseidon;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.SealContext;
import io.selkie.proofs.seal.SealProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Goal: trees with sub and top levels, which only the two largest sector sizes have, are right.
 * Method: the same code on the reference's small test shapes, against a tree built the plain way.
 */
final class TreeShapesTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"1,0,0", "2,0,0", "2,2,0", "2,4,0", "2,8,0", "2,8,2", "3,0,0", "4,0,0"})
  void trees_ofEveryShape_equalThePlainTreeAndProveEveryLeaf(int levels, int sub, int top)
      throws IOException {
    TreeShape shape = new TreeShape(levels, sub, top);
    byte[] leaves = leaves((int) shape.leafCount());
    Path sealed = Files.write(dir.resolve("sealed"), leaves);
    SealContext context = new SealContext(2, dir, SealProgress.NONE);
    byte[] plain = plainRoot(leaves, shape);
    try (NodeFile file = NodeFile.open(sealed, shape.leafCount())) {
      LeafSource source = (first, into, count) -> file.read(first, into, 0, count);
      assertThat(TreeRLast.build(shape, source, dir, context)).isEqualTo(plain);
      TreeC.build(shape, List.of(file, file), dir, context);
    }
    assertThat(dir.resolve(CacheFiles.treeRLast(0, shape.baseTrees())))
        .hasSize(shape.keptNodeCount() * 32);
    try (TreeRLast tree = TreeRLast.open(shape, sealed, dir);
        TreeC columns = TreeC.open(shape, dir)) {
      assertThat(tree.root()).isEqualTo(plain);
      long step = Math.max(1, shape.leafCount() / 100);
      for (long leaf = 0; leaf < shape.leafCount(); leaf += step) {
        InclusionProof proof = tree.prove(leaf);
        assertThat(PathCheck.poseidon(proof, shape, leaf, plain)).isEmpty();
        assertThat(PathCheck.poseidon(proof, shape, leaf ^ 1, plain)).isPresent();
        assertThat(PathCheck.poseidon(columns.prove(leaf), shape, leaf, columns.root())).isEmpty();
      }
      codecsRoundTrip(tree.prove(shape.leafCount() - 1), shape);
    }
  }

  private static void codecsRoundTrip(InclusionProof proof, TreeShape shape) {
    BincodeWriter bincode = new BincodeWriter();
    InclusionProofCodec.write(bincode, proof);
    JsonWriter json = new JsonWriter();
    InclusionProofCodec.write(json, proof);
    try {
      BincodeReader reader = new BincodeReader(bincode.toBytes());
      InclusionProof fromBincode = InclusionProofCodec.read(reader, shape);
      reader.finish();
      JsonReader jsonReader = new JsonReader(json.toBytes());
      InclusionProof fromJson = InclusionProofCodec.read(jsonReader, shape);
      jsonReader.finish();
      for (InclusionProof read : List.of(fromBincode, fromJson)) {
        JsonWriter again = new JsonWriter();
        InclusionProofCodec.write(again, read);
        assertThat(again.toBytes()).isEqualTo(json.toBytes());
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shapes_ofRegisteredSizes_haveTheReferencesCounts() {
    assertThat(counts(SectorSize.KIB_2)).containsExactly(1, 73, 1, 1);
    assertThat(counts(SectorSize.MIB_8)).containsExactly(1, 299_593, 585, 2);
    assertThat(counts(SectorSize.MIB_512)).containsExactly(1, 19_173_961, 37_449, 2);
    assertThat(counts(SectorSize.GIB_32)).containsExactly(8, 153_391_689, 299_593, 2);
    assertThat(counts(SectorSize.GIB_64)).containsExactly(16, 153_391_689, 299_593, 2);
    for (SectorSize size : SectorSize.values()) {
      assertThat(TreeShape.of(size).leafCount()).isEqualTo(size.nodeCount());
    }
    assertThatThrownBy(() -> new TreeShape(2, 0, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  private static long[] counts(SectorSize size) {
    TreeShape shape = TreeShape.of(size);
    return new long[] {
      shape.baseTrees(), shape.baseNodeCount(), shape.keptNodeCount(), shape.rowsToDiscard()
    };
  }

  /** The reference's window PoSt proof holds ten paths through this sector's TreeR, in bincode. */
  @Test
  void bincode_ofReferencePaths_isReadAndWrittenUnchanged() throws MalformedException {
    byte[] post =
        Resources.hex(
            Resources.json("sectors/porep-2k-v1_1-a.json").get("post").get("window"),
            "vanilla_hex");
    int paths = 8 + 32 + 8 + 8;
    byte[] encoded = Arrays.copyOfRange(post, paths, post.length - 64);
    TreeShape shape = TreeShape.of(SectorSize.KIB_2);
    BincodeReader reader = new BincodeReader(encoded);
    BincodeWriter writer = new BincodeWriter();
    for (int i = 0; i < 10; i++) {
      InclusionProof proof = InclusionProofCodec.read(reader, shape);
      long leaf = proof.base().get(0).index() + 8 * proof.base().get(1).index();
      assertThat(PathCheck.poseidon(proof, shape, leaf, proof.root())).isEmpty();
      InclusionProofCodec.write(writer, proof);
    }
    reader.finish();
    assertThat(writer.toBytes()).isEqualTo(encoded);
  }

  private static byte[] leaves(int count) {
    byte[] leaves = Resources.stream("leaves", count * 32);
    for (int i = 31; i < leaves.length; i += 32) {
      leaves[i] &= 0x3f;
    }
    return leaves;
  }

  private static byte[] plainRoot(byte[] leaves, TreeShape shape) {
    List<byte[]> row = new ArrayList<>();
    for (int i = 0; i < leaves.length; i += 32) {
      row.add(Arrays.copyOfRange(leaves, i, i + 32));
    }
    for (int level = 0; level < shape.baseLevels(); level++) {
      row = above(row, 8);
    }
    row = shape.subArity() == 0 ? row : above(row, shape.subArity());
    row = shape.topArity() == 0 ? row : above(row, shape.topArity());
    assertThat(row).hasSize(1);
    return row.getFirst();
  }

  private static List<byte[]> above(List<byte[]> row, int arity) {
    List<byte[]> above = new ArrayList<>();
    for (int i = 0; i < row.size(); i += arity) {
      above.add(Poseidon.ofArity(arity).hash(row.subList(i, i + arity).toArray(byte[][]::new)));
    }
    return above;
  }
}
