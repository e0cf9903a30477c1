package io.selkie.proofs.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.proofs.Resources;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: the measuring code seals a checked sector, and its times add up. */
final class SealBenchmarkRunTest {
  @TempDir Path dir;

  @Test
  void measure_smallSector_checksItsAnswerAndNamesEveryPhase() throws IOException {
    long[] clock = {0};
    SealBenchmarkRun run =
        SealBenchmarkRun.measure(
            RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
            dir.resolve("sector"),
            SealedSector.context(dir, 1),
            () -> clock[0] += 1_000_000,
            () -> clock[0]);
    assertThat(run.commR()).isEqualTo(SectorVector.load("porep-2k-v1_1-a").commitment("comm_r"));
    assertThat(run.phases())
        .extracting(SealBenchmarkRun.Phase::name)
        .containsExactly("parents", "add piece", "pc1", "pc2", "c1", "verify", "unseal");
    assertThat(run.phases().get(2).steps())
        .extracting(SealBenchmarkRun.Phase::name)
        .containsExactly("copy", "tree-d", "layer 1", "layer 2");
    for (SealBenchmarkRun.Phase phase : run.phases()) {
      assertThat(phase.seconds())
          .isGreaterThan(phase.steps().stream().mapToDouble(SealBenchmarkRun.Phase::seconds).sum());
      assertThat(phase.cpuSeconds()).isBetween(0.0, phase.seconds());
      assertThat(phase.bytesPerSecond() * phase.seconds()).isBetween(2047.9, 2048.1);
    }
  }

  @Test
  void processCpuNanos_afterWork_hasGrown() {
    long before = SealBenchmarkRun.processCpuNanos();
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (SealBenchmarkRun.processCpuNanos() <= before && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(SealBenchmarkRun.processCpuNanos()).isGreaterThan(before);
  }

  @Test
  void keyedStream_readInAnyPieces_isTheDefinedStream() throws IOException {
    byte[] expected = Resources.stream("some key", 1000);
    assertThat(new KeyedStream("some key", 1000).readAllBytes()).isEqualTo(expected);
    KeyedStream slow = new KeyedStream("some key", 1000);
    for (byte b : expected) {
      assertThat(slow.read()).isEqualTo(b & 0xff);
    }
    assertThat(slow.read()).isEqualTo(-1);
  }
}
