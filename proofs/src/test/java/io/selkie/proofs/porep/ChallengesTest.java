package io.selkie.proofs.porep;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ActorId;
import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.proofs.Resources;
import io.selkie.proofs.graph.PorepId;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code sectors.json} holds outputs of rust-fil-proofs, API 19.1.0. */
final class ChallengesTest {

  private static final RegisteredSealProof V1_1 = RegisteredSealProof.STACKED_DRG_2KIB_V1_1;

  /** The worked example: prover id 32×03, sector 42, ticket 32×01, seed 32×02. */
  private static final Commitment COMM_D =
      Commitment.ofHex("c418103db83cb7084736de47d34029f1d31af9c0d1ea9990e2e9f5025163d00b");

  private static final Commitment COMM_R =
      Commitment.ofHex("b54c1a062a57a5a5e77d7c821401dc444c23af3e9d741aa161efff4e0603c342");

  private static final Randomness SEED = new Randomness(filled(2));

  @ParameterizedTest
  @CsvSource({
    "0, a551349bfd9f6958cf482a7b8d340f62d50ddc725c8d4a00747f81193837f236, 3, 37",
    "5, 53ae51feae64b01568b52946299c58671f600d33b6e18140da7d745d6824be3b, 34, 22"
  })
  void interactive_workedExample_agrees(int number, String replicaId, long first, long second) {
    RegisteredSealProof proof = RegisteredSealProof.ofNumber(number);
    byte[] id =
        ReplicaId.compute(filled(3), 42, new Randomness(filled(1)), COMM_D, PorepId.of(proof));
    assertThat(HexFormat.of().formatHex(id)).isEqualTo(replicaId);
    assertThat(Challenges.interactive(proof, id, SEED))
        .isDeepEqualTo(new long[][] {{first, second}});
  }

  @Test
  void nonInteractive_workedExample_agrees() {
    long[][] challenges =
        Challenges.nonInteractive(
            RegisteredSealProof.STACKED_DRG_2KIB_V1_2_NON_INTERACTIVE, exampleId(), COMM_R);
    assertThat(challenges).hasDimensions(13, 2);
    assertThat(Arrays.stream(challenges).flatMapToLong(Arrays::stream).toArray())
        .containsExactly(
            33, 47, 29, 40, 8, 34, 10, 22, 62, 41, 3, 39, 54, 18, 22, 52, 16, 19, 51, 12, 42, 11,
            28, 24, 12, 60);
  }

  @Test
  void synthetic_workedExample_agrees() {
    RegisteredSealProof proof = RegisteredSealProof.STACKED_DRG_2KIB_V1_1_SYNTHETIC;
    long[] pool = Challenges.syntheticPool(proof, exampleId(), COMM_R);
    assertThat(pool).hasSize(64).startsWith(24, 4, 47, 2, 55, 35, 51, 9);
    assertThat(Challenges.syntheticIndexes(exampleId(), SEED, 64, 2)).containsExactly(60, 5);
    assertThat(Challenges.synthetic(proof, exampleId(), COMM_R, SEED))
        .isDeepEqualTo(new long[][] {{23, 35}});
  }

  @Test
  void synthetic_referencesOwnTest_agrees() {
    byte[] replicaId = element(55);
    Commitment commR = new Commitment(element(101));
    long[] pool = Challenges.syntheticPool(1024, replicaId, commR, 21);
    assertThat(pool)
        .containsExactly(
            178, 297, 869, 211, 875, 477, 94, 781, 124, 332, 856, 801, 176, 692, 429, 691, 290, 204,
            986, 210, 973);
    int[] indexes = Challenges.syntheticIndexes(replicaId, new Randomness(filled(1)), 21, 10);
    assertThat(Arrays.stream(indexes).mapToLong(i -> pool[i]).toArray())
        .containsExactly(176, 781, 801, 986, 290, 211, 692, 856, 986, 332);
  }

  @Test
  void of_knownSectors_givesIdsAndChallenges() {
    int seen = 0;
    for (JsonNode known : Resources.json("replica/sectors.json")) {
      RegisteredSealProof proof =
          RegisteredSealProof.ofNumber(known.get("registered_seal_proof").intValue());
      long miner = known.get("miner").longValue();
      SectorId sector = SectorId.of(miner, known.get("sector_number").longValue());
      Randomness ticket = new Randomness(Resources.hex(known, "ticket"));
      Commitment commD = new Commitment(Resources.hex(known, "comm_d"));
      String name = known.get("name").stringValue();
      assertThat(ReplicaId.proverId(new ActorId(miner)))
          .isEqualTo(Resources.hex(known, "prover_id"));
      byte[] replicaId = ReplicaId.compute(proof, sector, ticket, commD);
      assertThat(replicaId).as(name).isEqualTo(Resources.hex(known, "replica_id"));
      long[][] challenges =
          Challenges.of(
              proof,
              replicaId,
              new Commitment(Resources.hex(known, "comm_r")),
              new Randomness(Resources.hex(known, "seed")));
      assertThat(challenges).as(name).isDeepEqualTo(expected(known.get("challenges")));
      seen++;
    }
    assertThat(seen).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"7, 1, 2", "12, 1, 2", "17, 13, 2", "8, 10, 18", "14, 10, 18", "19, 126, 18"})
  void shape_ofEachKind_isTheSpecified(int number, int partitions, int perPartition) {
    RegisteredSealProof proof = RegisteredSealProof.ofNumber(number);
    assertThat(Challenges.partitions(proof)).isEqualTo(partitions);
    assertThat(Challenges.perPartition(proof)).isEqualTo(perPartition);
    assertThat(Challenges.of(proof, exampleId(), COMM_R, SEED))
        .hasDimensions(partitions, perPartition);
  }

  /** Property: the word by word remainder equals the definition, at every size of graph. */
  @Test
  void challenge_randomNumbers_equalsTheDefinition() {
    long seed = 99;
    Random random = new Random(seed);
    for (int round = 0; round < 1000; round++) {
      byte[] number = new byte[32];
      random.nextBytes(number);
      long nodes = 1L << (6 + random.nextInt(26));
      byte[] bigEndian = new byte[32];
      for (int i = 0; i < 32; i++) {
        bigEndian[i] = number[31 - i];
      }
      BigInteger expected =
          new BigInteger(1, bigEndian).mod(BigInteger.valueOf(nodes - 1)).add(BigInteger.ONE);
      assertThat(Challenges.challenge(number, nodes))
          .as("seed %d round %d", seed, round)
          .isEqualTo(expected.longValueExact());
    }
  }

  @Test
  void proverId_largestActor_takesNineBytes() {
    byte[] id = ReplicaId.proverId(new ActorId(Long.MAX_VALUE));
    assertThat(HexFormat.of().formatHex(id)).isEqualTo("ff".repeat(8) + "7f" + "00".repeat(23));
  }

  private static byte[] exampleId() {
    return ReplicaId.compute(filled(3), 42, new Randomness(filled(1)), COMM_D, PorepId.of(V1_1));
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] element(int value) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) value;
    return bytes;
  }

  private static long[][] expected(JsonNode partitions) {
    long[][] expected = new long[partitions.size()][];
    for (int k = 0; k < expected.length; k++) {
      JsonNode partition = partitions.get(k);
      expected[k] = new long[partition.size()];
      Arrays.setAll(expected[k], i -> partition.get(i).longValue());
    }
    return expected;
  }
}
