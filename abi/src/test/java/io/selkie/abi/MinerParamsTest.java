package io.selkie.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MinerParamsTest {

  @Test
  void message_recordedFromADevnet_hasItsCid() throws IOException {
    for (String[] m : recorded()) {
      byte[] block =
          new DagCborWriter()
              .array(10)
              .integer(0)
              .address(Address.parse(m[0]))
              .address(Address.parse(m[1]))
              .integer(Long.parseLong(m[2]))
              .amount(new TokenAmount(new BigInteger(m[3])))
              .integer(Long.parseLong(m[4]))
              .amount(new TokenAmount(new BigInteger(m[5])))
              .amount(new TokenAmount(new BigInteger(m[6])))
              .integer(Long.parseLong(m[7]))
              .bytes(Base64.getDecoder().decode(m[8]))
              .toByteArray();
      assertThat(Cid.ofDagCbor(block)).hasToString(m[9]).isEqualTo(Cid.parse(m[9]));
      DagCborReader.validate(block);
    }
  }

  @Test
  void params_recordedFromADevnet_areReadAndWrittenBack() throws IOException {
    int preCommits = 0;
    int pieces = 0;
    for (String[] m : recorded()) {
      byte[] params = Base64.getDecoder().decode(m[8]);
      if (Long.parseLong(m[7]) == PreCommitSectorBatch2Params.METHOD) {
        PreCommitSectorBatch2Params read = PreCommitSectorBatch2Params.decode(params);
        assertThat(read.encode()).isEqualTo(params);
        assertThat(read.sectors()).hasSize(1);
        assertThat(read.sectors().getFirst().sealedCid().commitment()).isPresent();
        preCommits++;
      } else {
        ProveCommitSectors3Params read = ProveCommitSectors3Params.decode(params);
        assertThat(read.encode()).isEqualTo(params);
        pieces += read.activations().getFirst().pieces().size();
        assertThat(read.proofs().getFirst()).hasSize(192);
      }
    }
    assertThat(preCommits).isEqualTo(2);
    assertThat(pieces).isEqualTo(2);
  }

  @Test
  void params_withABitFlippedOrCutOff_areReadOrRefusedWithAnOffset() throws IOException {
    long seed = System.nanoTime();
    System.out.println("MinerParamsTest seed " + seed);
    Random random = new Random(seed);
    int refused = 0;
    for (String[] m : recorded()) {
      byte[] params = Base64.getDecoder().decode(m[8]);
      for (int round = 0; round < 2000; round++) {
        byte[] hostile = params.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
          hostile[random.nextInt(hostile.length)] ^= (byte) (1 << random.nextInt(8));
        }
        if (random.nextInt(4) == 0) {
          hostile = Arrays.copyOf(hostile, random.nextInt(hostile.length));
        }
        try {
          if (Long.parseLong(m[7]) == PreCommitSectorBatch2Params.METHOD) {
            assertThat(PreCommitSectorBatch2Params.decode(hostile).encode()).isEqualTo(hostile);
          } else {
            assertThat(ProveCommitSectors3Params.decode(hostile).encode()).isEqualTo(hostile);
          }
        } catch (DagCborException e) {
          assertThat(e.offset()).as("seed %d", seed).isBetween(0, hostile.length);
          assertThat(e).hasMessageStartingWith("byte " + e.offset() + ": ");
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void batchReturn_ofOneSuccess_isTheRecordedReturn() {
    byte[] recorded = Base64.getDecoder().decode("ggGA");
    assertThat(new BatchReturn(1, List.of()).encode()).isEqualTo(recorded);
    assertThat(BatchReturn.decode(recorded)).isEqualTo(new BatchReturn(1, List.of()));
    BatchReturn mixed = new BatchReturn(2, List.of(new BatchReturn.Failure(1, 16)));
    assertThat(BatchReturn.decode(mixed.encode())).isEqualTo(mixed);
    assertThatThrownBy(() -> BatchReturn.decode(new byte[] {(byte) 0x82, 0x19, 0x7f, 0x7f}))
        .isInstanceOf(DagCborException.class);
  }

  private static List<String[]> recorded() throws IOException {
    try (var in = MinerParamsTest.class.getResourceAsStream("/lotus/messages.tsv")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(l -> !l.startsWith("#")).map(l -> l.split("\t", -1)).toList();
    }
  }
}
