package io.selkie.pipeline.unseal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.Commitment;
import io.selkie.pipeline.SampleSectors;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which data a sector holds according to its record, and how jobs are stored. */
final class UnsealRequestTest {

  /** States in which an upgrade's data counts already; every other one stands before it. */
  private static final Set<String> UPGRADED =
      Set.of("ReleaseSectorKey", "ReleaseSectorKeyFailed", "Proving", "Available", "Faulty");

  /** States of an upgrade under way. */
  private static final Set<String> UPGRADING =
      List.of(SectorState.values()).stream()
          .map(SectorState::wireName)
          .filter(name -> name.startsWith("SnapDeals") || name.contains("ReplicaUpdate"))
          .collect(Collectors.toUnmodifiableSet());

  @ParameterizedTest
  @EnumSource
  void ofRecord_upgradedSector_hasTheNewDataOnlyPastUpdateActivating(SectorState state)
      throws Exception {
    SectorRecord upgraded = SampleSectors.full(state.wireName());
    assertThat(upgraded.upgrade().started()).isTrue();
    Commitment old = upgraded.commD().orElseThrow();
    Commitment fresh = upgraded.upgrade().newUnsealed().orElseThrow().commitment().orElseThrow();
    assertThat(old).isNotEqualTo(fresh);
    UnsealRequest request = UnsealRequest.ofRecord(upgraded, 1, "test");
    if (UPGRADED.contains(state.wireName())) {
      assertThat(request.commD()).isEqualTo(fresh);
    }
    if (UPGRADING.contains(state.wireName())
        || Set.of("UpdateReplica", "WaitMutable", "UpdateActivating", "AbortUpgrade")
            .contains(state.wireName())) {
      assertThat(request.commD()).isEqualTo(old);
    }
    SectorRecord never = SampleSectors.neverUpgraded(state.wireName());
    assertThat(UnsealRequest.ofRecord(never, 1, "test").commD()).isEqualTo(old);
  }

  @Test
  void ofRecord_sectorThatWasNeverSealed_saysWhatIsMissing() {
    SectorRecord full = SampleSectors.full("Proving");
    SectorRecord fresh = SectorRecord.fresh(full.sector(), full.sealProof());
    assertThatThrownBy(() -> UnsealRequest.ofRecord(fresh, 0, "test"))
        .isInstanceOf(UnsealRefused.class)
        .hasMessage("sector " + full.sector().number() + " has no ticket yet: it was never sealed");
  }

  @Test
  void codec_job_readsAsItWasWritten() throws Exception {
    UnsealJob job =
        UnsealJob.fresh(
            7,
            UnsealRequest.ofRecord(SampleSectors.full("Proving"), -3, "a \"caller\""),
            java.time.Instant.ofEpochMilli(1_795_376_000_123L));
    UnsealJob tried =
        job.begun(job.times().created().plusMillis(5))
            .failedUntil(job.times().created().plusSeconds(60), "no room");
    assertThat(UnsealJobCodec.decode(UnsealJobCodec.encode(tried))).isEqualTo(tried);
    assertThat(UnsealJobCodec.idOf(UnsealJobCodec.key(7))).isEqualTo(7);
    assertThat(tried.times().nextTry())
        .isEqualTo(Optional.of(job.times().created().plusSeconds(60)));
    byte[] newer =
        new String(UnsealJobCodec.encode(job), java.nio.charset.StandardCharsets.UTF_8)
            .replace("{\"V\":1,", "{\"V\":2,")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(() -> UnsealJobCodec.decode(newer))
        .hasMessage("stored unsealing job of version 2, this program reads 1 to 1");
  }
}
