package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Goal: the verifier accepts the one true proof and nothing else, and never throws. */
final class VanillaVerifierTest {
  /** Fixed, so that a failure comes back; the position that failed is in the message. */
  private static final long SEED = 20261122;

  @TempDir Path dir;

  /** Every bit matters: no field of the proof is unread or read leniently. */
  @ParameterizedTest
  @ValueSource(strings = {"porep-2k-v1_1-a", "porep-2k-v1-b", "porep-2k-synth"})
  void verify_anySingleBitFlipped_isInvalid(String name) throws IOException {
    SealedSector sealed = seal(name);
    byte[] proof = sealed.commit1().toBincode();
    Random random = new Random(SEED);
    for (int i = 0; i < 400; i++) {
      int position = random.nextInt(proof.length);
      int bit = random.nextInt(8);
      proof[position] ^= (byte) (1 << bit);
      assertThat(sealed.verify(proof))
          .as("seed %d, byte %d, bit %d", SEED, position, bit)
          .isInstanceOf(Verdict.Invalid.class);
      proof[position] ^= (byte) (1 << bit);
    }
    assertThat(sealed.verify(proof)).isEqualTo(new Verdict.Valid());
  }

  /** A bit in every third byte of the first challenge: no field is shorter than four bytes. */
  @Test
  void verify_anyFieldOfTheFirstChallengeChanged_isInvalid() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    byte[] proof = sealed.commit1().toBincode();
    int firstChallenge = 16 + (proof.length - 16) / 2;
    for (int position = 0; position < firstChallenge; position += 3) {
      int bit = position % 8;
      proof[position] ^= (byte) (1 << bit);
      assertThat(sealed.verify(proof))
          .as("byte %d, bit %d", position, bit)
          .isInstanceOf(Verdict.Invalid.class);
      proof[position] ^= (byte) (1 << bit);
    }
  }

  @Test
  void verify_truncatedExtendedOrRandomBytes_isInvalid() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    byte[] proof = sealed.commit1().toBincode();
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      int length = i < 50 ? i : random.nextInt(proof.length);
      assertThat(sealed.verify(Arrays.copyOf(proof, length)))
          .as("seed %d, %d bytes", SEED, length)
          .isInstanceOf(Verdict.Invalid.class);
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      assertThat(sealed.verify(noise)).isInstanceOf(Verdict.Invalid.class);
    }
    assertThat(sealed.verify(Arrays.copyOf(proof, proof.length + 1)))
        .isEqualTo(
            new Verdict.Invalid("malformed proof: 1 bytes follow the end at byte " + proof.length));
  }

  /** A node plus the modulus is the same element in another form, and must not pass. */
  @Test
  void verify_nodesThatAreNoFieldElements_isInvalid() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    byte[] proof = sealed.commit1().toBincode();
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      byte[] changed = proof.clone();
      int position = random.nextInt(proof.length - 32);
      Arrays.fill(changed, position, position + 32, (byte) 0xff);
      assertThat(sealed.verify(changed))
          .as("seed %d, byte %d", SEED, position)
          .isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void verify_otherInputs_isInvalid() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    byte[] proof = sealed.commit1().toBincode();
    SealSector sector = sealed.vector().sector();
    Commitment commR = sealed.phase2().commR();
    Commitment commD = sealed.phase2().commD();
    Randomness seed = sealed.vector().seed();
    Randomness ticket = sector.ticket();
    Randomness other = new Randomness(new byte[32]);
    SectorId id = sector.sector();
    RegisteredSealProof type = sector.proof();
    assertThat(
            Arrays.asList(
                VanillaVerifier.verify(type, id, commR, commD, ticket, other, proof),
                VanillaVerifier.verify(type, id, commR, commD, other, seed, proof),
                VanillaVerifier.verify(type, id, commD, commD, ticket, seed, proof),
                VanillaVerifier.verify(type, id, commR, commR, ticket, seed, proof),
                VanillaVerifier.verify(
                    type, SectorId.of(1000, 2), commR, commD, ticket, seed, proof),
                VanillaVerifier.verify(
                    type, SectorId.of(1001, 1), commR, commD, ticket, seed, proof),
                VanillaVerifier.verify(
                    RegisteredSealProof.STACKED_DRG_2KIB_V1, id, commR, commD, ticket, seed, proof),
                VanillaVerifier.verify(
                    RegisteredSealProof.STACKED_DRG_64GIB_V1_1,
                    id,
                    commR,
                    commD,
                    ticket,
                    seed,
                    proof),
                VanillaVerifier.verify(
                    type, id, new Commitment(new byte[32]), commD, ticket, seed, proof),
                VanillaVerifier.verify(
                    type, id, commR, new Commitment(new byte[32]), ticket, seed, proof),
                VanillaVerifier.verify(type, id, ones(), commD, ticket, seed, proof),
                VanillaVerifier.verify(type, id, commR, ones(), ticket, seed, proof)))
        .allMatch(verdict -> verdict instanceof Verdict.Invalid);
    assertThat(sealed.verify(proof)).isEqualTo(new Verdict.Valid());
  }

  /** A sector sealed elsewhere with the same inputs but other data proves nothing here. */
  @Test
  void verify_proofOfAnotherSector_isInvalid() throws IOException {
    SealedSector sealed = seal("porep-2k-v1_1-a");
    SealedSector other =
        SealedSector.seal(
            SectorVector.load("porep-2k-v1_1-c"),
            dir.resolve("other"),
            SealedSector.context(dir, 1));
    assertThat(sealed.verify(other.commit1().toBincode())).isInstanceOf(Verdict.Invalid.class);
  }

  private static Commitment ones() {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) 0xff);
    return new Commitment(bytes);
  }

  private SealedSector seal(String name) throws IOException {
    return SealedSector.seal(
        SectorVector.load(name), dir.resolve(name), SealedSector.context(dir, 2));
  }
}
