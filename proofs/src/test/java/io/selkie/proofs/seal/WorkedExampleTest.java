package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.proofs.Resources;
import io.selkie.proofs.graph.StackedGraph;
import io.selkie.proofs.pieces.PieceWriter;
import io.selkie.proofs.porep.Challenges;
import io.selkie.proofs.porep.ProofShape;
import io.selkie.proofs.porep.VanillaProofCheck;
import io.selkie.proofs.porep.VanillaProver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Goal: the worked example of a 2 KiB sector, value by value. Its prover id is no actor's, so the
 * steps are called with the replica id instead of the phases with a sector id.
 */
final class WorkedExampleTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void steps_exampleData_giveEveryListedValue(int number) throws IOException {
    JsonNode example =
        Resources.json("sectors/worked-example.json").get("cases").get(Integer.toString(number));
    RegisteredSealProof proof = RegisteredSealProof.ofNumber(number);
    ProofShape shape = ProofShape.of(proof);
    SealContext context = SealedSector.context(dir, 2);
    Path cache = Files.createDirectories(dir.resolve("cache"));
    Path sealed = stage();

    Commitment commD = SealPreCommit1.dataTree(shape, sealed, cache, context);
    assertThat(commD.hex()).isEqualTo(example.get("comm_d").stringValue());
    byte[] replicaId = Resources.hex(example, "replica_id");
    SealPreCommit1.labels(proof, replicaId, cache, context);
    example
        .get("labels")
        .properties()
        .forEach(label -> {
          String[] at = label.getKey().split(",", -1);
          Path layer = cache.resolve(CacheFiles.layer(Integer.parseInt(at[0])));
          assertThat(node(layer, Integer.parseInt(at[1])))
              .isEqualTo(label.getValue().stringValue());
        });
    PreCommit2Output output =
        SealPreCommit2.run(
            new PreCommit1Output(proof, cache.toString(), commD), sealed, cache, context);
    assertThat(node(cache.resolve(CacheFiles.treeC(0, 1)), 0))
        .isEqualTo(example.get("column_hash_0").stringValue());
    assertThat(node(sealed, 0)).isEqualTo(example.get("replica_node_0").stringValue());
    assertThat(node(sealed, 63)).isEqualTo(example.get("replica_node_63").stringValue());
    assertThat(output.commC().hex()).isEqualTo(example.get("comm_c").stringValue());
    assertThat(output.commRLast().hex()).isEqualTo(example.get("comm_r_last").stringValue());
    assertThat(output.commR().hex()).isEqualTo(example.get("comm_r").stringValue());
    proofsHold(example, proof, replicaId, output, sealed, cache);
  }

  private static void proofsHold(
      JsonNode example,
      RegisteredSealProof proof,
      byte[] replicaId,
      PreCommit2Output output,
      Path sealed,
      Path cache)
      throws IOException {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 2);
    long[][] challenges = Challenges.of(proof, replicaId, output.commR(), new Randomness(seed));
    assertThat(challenges).hasDimensions(1, 2);
    for (int i = 0; i < 2; i++) {
      assertThat(challenges[0][i]).isEqualTo(example.get("challenges").get(i).longValue());
    }
    VanillaProofCheck check =
        new VanillaProofCheck(
            ProofShape.of(proof),
            StackedGraph.of(proof),
            replicaId,
            output.commD().bytes(),
            output.commC().bytes(),
            output.commRLast().bytes());
    try (VanillaProver prover = VanillaProver.open(proof, sealed, cache)) {
      for (long node = 1; node < 64; node++) {
        assertThat(check.check(prover.prove(node), node)).as("node %d", node).isEmpty();
      }
      assertThat(check.check(prover.prove(9), 10)).isPresent();
    }
  }

  private Path stage() throws IOException {
    byte[] data = new byte[2032];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) i;
    }
    Path sealed = dir.resolve("sealed");
    try (FileChannel channel =
        FileChannel.open(sealed, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      PieceWriter.write(new ByteArrayInputStream(data), new UnpaddedPieceSize(2032), channel, 0);
    }
    return sealed;
  }

  private static String node(Path file, int index) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return HexFormat.of().formatHex(bytes, index * 32, index * 32 + 32);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
