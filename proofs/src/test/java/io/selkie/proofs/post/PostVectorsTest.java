package io.selkie.proofs.post;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.DamagedFileException;
import io.selkie.proofs.seal.SealedSector;
import io.selkie.proofs.seal.SectorVector;
import io.selkie.proofs.seal.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: proofs of spacetime are the reference's, byte for byte, and nothing that is not the replica
 * passes. Method: known answers of 2 KiB sectors (those of 8 MiB are in SealLargeVectorsTest, which
 * seals them anyway), and flipped bits from a fixed seed.
 */
final class PostVectorsTest {
  private static final long SEED = 20261123;
  private static final RegisteredPoStProof WINDOW = RegisteredPoStProof.WINDOW_2KIB_V1_1;
  private static final Randomness RANDOM = new Randomness(new byte[32]);

  @TempDir Path dir;

  private SealedSector seal(String name) throws IOException {
    SealedSector sealed =
        SealedSector.seal(SectorVector.load(name), dir.resolve(name), SealedSector.context(dir, 1));
    CacheFiles.clear(sealed.cache());
    return sealed;
  }

  private static long[] nodes(SealedSector sealed) {
    return PostChallenges.nodes(WINDOW, RANDOM, PostReference.sector(sealed).number(), 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "porep-2k-v1-b",
        "porep-2k-v1_1-a",
        "porep-2k-v1_1-c",
        "porep-2k-synth",
        "porep-2k-ni"
      })
  void proofs_knownSector_equalReference(String name) throws IOException {
    PostReference.equal(seal(name), name);
  }

  /** All 64 nodes of a 2 KiB replica are hashed for each path, so every bit of it counts. */
  @Test
  void prove_anySingleBitOfTheFilesFlipped_isRefused() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    long[] nodes = nodes(sealed);
    Path kept = sealed.cache().resolve(CacheFiles.treeRLast(0, 1));
    Path roots = sealed.cache().resolve(CacheFiles.P_AUX);
    Random random = new Random(SEED);
    for (Path file : List.of(sealed.sealed(), kept, roots)) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < 30; i++) {
        int position = random.nextInt(bytes.length);
        int bit = random.nextInt(8);
        bytes[position] ^= (byte) (1 << bit);
        Files.write(file, bytes);
        assertThatThrownBy(() -> PostReference.prove(sealed, nodes))
            .as("seed %d, %s, byte %d, bit %d", SEED, file.getFileName(), position, bit)
            .isInstanceOf(DamagedFileException.class);
        bytes[position] ^= (byte) (1 << bit);
      }
      Files.write(file, bytes);
    }
    assertThat(PostReference.prove(sealed, nodes).paths()).hasSize(nodes.length);
  }

  @Test
  void prove_missingOrShortFiles_isRefusedByName() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    Path kept = sealed.cache().resolve(CacheFiles.treeRLast(0, 1));
    Files.write(sealed.sealed(), new byte[2047]);
    assertThatThrownBy(() -> PostReference.prove(sealed, nodes(sealed)))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("2047 bytes, expected 2048");
    Files.delete(kept);
    assertThatThrownBy(() -> PostReference.prove(sealed, nodes(sealed)))
        .isInstanceOf(IOException.class);
    Files.delete(sealed.cache().resolve(CacheFiles.P_AUX));
    assertThatThrownBy(() -> PostReference.prove(sealed, nodes(sealed)))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void verify_anySingleBitOfTheProofFlipped_isInvalid() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    PostSector sector = PostReference.sector(sealed);
    byte[] proof =
        PostProofBytes.toBincode(WINDOW, List.of(PostReference.prove(sealed, nodes(sealed))));
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      int position = random.nextInt(proof.length);
      int bit = random.nextInt(8);
      proof[position] ^= (byte) (1 << bit);
      assertThat(PostVerifier.verify(WINDOW, RANDOM, List.of(sector), proof))
          .as("seed %d, byte %d, bit %d", SEED, position, bit)
          .isInstanceOf(Verdict.Invalid.class);
      proof[position] ^= (byte) (1 << bit);
    }
    assertThat(PostVerifier.verify(WINDOW, RANDOM, List.of(sector), proof))
        .isEqualTo(new Verdict.Valid());
    for (int i = 0; i < 50; i++) {
      int length = random.nextInt(proof.length);
      assertThat(PostVerifier.verify(WINDOW, RANDOM, List.of(sector), Arrays.copyOf(proof, length)))
          .isInstanceOf(Verdict.Invalid.class);
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      assertThat(PostVerifier.verify(WINDOW, RANDOM, List.of(sector), noise))
          .isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void verify_otherInputs_isInvalid() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    PostSector sector = PostReference.sector(sealed);
    SectorPostProof proven = PostReference.prove(sealed, nodes(sealed));
    byte[] proof = PostProofBytes.toBincode(WINDOW, List.of(proven));
    byte[] seed = new byte[32];
    seed[0] = 1;
    Commitment other = sealed.vector().commitment("comm_d");
    assertThat(
            Arrays.asList(
                PostVerifier.verify(WINDOW, new Randomness(seed), List.of(sector), proof),
                PostVerifier.verify(WINDOW, RANDOM, List.of(), proof),
                PostVerifier.verify(WINDOW, RANDOM, List.of(sector, sector), proof),
                PostVerifier.verify(
                    WINDOW,
                    RANDOM,
                    List.of(new PostSector(new SectorNumber(7), sector.commR())),
                    proof),
                PostVerifier.verify(
                    WINDOW, RANDOM, List.of(new PostSector(sector.number(), other)), proof),
                PostVerifier.verify(
                    RegisteredPoStProof.WINNING_2KIB_V1, RANDOM, List.of(sector), proof),
                PostVerifier.verify(
                    RegisteredPoStProof.WINNING_2KIB_V1, RANDOM, List.of(sector, sector), proof),
                PostVerifier.verify(
                    RegisteredPoStProof.WINDOW_8MIB_V1_1, RANDOM, List.of(sector), proof),
                PostVerifier.verify(
                    RegisteredPoStProof.WINDOW_64GIB_V1_1, RANDOM, List.of(sector), proof),
                PostVerifier.verifySector(
                    SectorSize.KIB_2, sector, new long[] {1}, proven.toBincode())))
        .allMatch(verdict -> verdict instanceof Verdict.Invalid);
  }

  /** Three sectors of two to a partition: the old kind numbers the challenges of all three on. */
  @ParameterizedTest
  @ValueSource(strings = {"WINDOW_2KIB_V1", "WINDOW_2KIB_V1_1"})
  void verify_manyPartitions_holdsOnlyInTheirOrder(String name) throws IOException {
    RegisteredPoStProof type = RegisteredPoStProof.valueOf(name);
    List<SealedSector> all =
        List.of(seal("porep-2k-v1_1-a"), seal("porep-2k-synth"), seal("porep-2k-v1_1-c"));
    List<PostSector> sectors = all.stream().map(PostReference::sector).toList();
    SectorPostProof[] proofs = new SectorPostProof[all.size()];
    for (int i = 0; i < proofs.length; i++) {
      proofs[i] =
          PostReference.prove(
              all.get(i), PostChallenges.nodes(type, RANDOM, sectors.get(i).number(), i));
    }
    byte[] proof = PostProofBytes.toBincode(type, List.of(proofs));
    assertThat(PostVerifier.verify(type, RANDOM, sectors, proof)).isEqualTo(new Verdict.Valid());
    assertThat(PostVerifier.verify(type, RANDOM, sectors.reversed(), proof))
        .isInstanceOf(Verdict.Invalid.class);
  }
}
