package io.selkie.storage;

import static io.selkie.storage.LotusSector3.SECTOR;
import static io.selkie.storage.LotusSector3.TICKET;
import static io.selkie.storage.SectorFileType.CACHE;
import static io.selkie.storage.SectorFileType.SEALED;
import static io.selkie.storage.SectorFileType.UNSEALED;
import static io.selkie.storage.SectorFileType.UPDATE;
import static io.selkie.storage.SectorFileType.UPDATE_CACHE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.pipeline.Permits;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each step locks, seen from inside it; and that nothing stays locked however it ends. */
class LocalSealerLocksTest {

  @TempDir static Path parents;

  @TempDir Path dir;

  /** Asks for a lock while a step runs: refused if the step holds what is in its way. */
  private static final class Probe implements CrashPoint {
    private final SectorLocks locks;
    private final Set<SectorFileType> notReadable = EnumSet.noneOf(SectorFileType.class);
    private final Set<SectorFileType> notWritable = EnumSet.noneOf(SectorFileType.class);
    private int asked;

    Probe(SectorLocks locks) {
      this.locks = locks;
    }

    @Override
    public void after(String step) {
      asked++;
      for (SectorFileType type : SectorFileType.values()) {
        if (!free(Set.of(type), Set.of())) {
          notReadable.add(type);
        }
        if (!free(Set.of(), Set.of(type))) {
          notWritable.add(type);
        }
      }
    }

    private boolean free(Set<SectorFileType> read, Set<SectorFileType> write) {
      Optional<SectorLocks.Held> held = locks.tryLock(SECTOR.id(), read, write);
      held.ifPresent(SectorLocks.Held::close);
      return held.isPresent();
    }

    void assertHeld(Set<SectorFileType> read, Set<SectorFileType> write) {
      assertThat(asked).isPositive();
      assertThat(notReadable).isEqualTo(write);
      Set<SectorFileType> both = new HashSet<>(read);
      both.addAll(write);
      assertThat(notWritable).isEqualTo(both);
      assertThat(locks.list()).isEmpty();
    }
  }

  private TestStorage storage;

  @BeforeEach
  void setUp() throws Exception {
    storage = SealAndStore.create(dir, parents);
  }

  private Probe during(Crash.Steps work) throws Exception {
    Probe probe = new Probe(storage.locks);
    work.run(probe);
    return probe;
  }

  @Test
  void steps_ofASectorsLife_lockWhatTheTableSays() throws Exception {
    during(crash -> LotusSector3.addPieces(storage.sealer(crash)))
        .assertHeld(Set.of(), Set.of(UNSEALED));
    byte[][] phase1 = new byte[1][];
    during(crash ->
            phase1[0] =
                storage
                    .sealer(crash)
                    .sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, Progress.NONE))
        .assertHeld(Set.of(UNSEALED), Set.of(SEALED, CACHE));
    during(crash -> storage.sealer(crash).sealPreCommit2(SECTOR, phase1[0], Progress.NONE))
        .assertHeld(Set.of(), Set.of(SEALED, CACHE));
    during(crash -> storage.sealer(crash).finalizeSector(SECTOR, List.of()))
        .assertHeld(Set.of(), Set.of(SEALED, UNSEALED, CACHE));
    during(crash ->
            storage.sealer(crash).unseal(SECTOR, TICKET, LotusSector3.COMM_D, Progress.NONE))
        .assertHeld(Set.of(SEALED, CACHE, UPDATE, UPDATE_CACHE), Set.of(UNSEALED));
    try (var _ = storage.sealer(CrashPoint.NONE).readPiece(SECTOR, new UnpaddedRange(0, 127))) {
      Probe reading = new Probe(storage.locks);
      reading.after("reading");
      assertThat(reading.notReadable).isEmpty();
      assertThat(reading.notWritable).containsExactly(UNSEALED);
    }
    during(crash -> storage.sealer(crash).remove(SECTOR.id(), Permits.terminated(SECTOR.id())))
        .assertHeld(Set.of(), Set.of(SEALED, UNSEALED, CACHE, UPDATE, UPDATE_CACHE));
  }

  @Test
  void steps_thatFail_holdNothingAfterwards() throws Exception {
    LocalSealer sealer = storage.sealer(CrashPoint.NONE);
    LotusSector3.addPieces(sealer);
    Files.write(dir.resolve("seal/unsealed/s-t01000-3"), new byte[3]);
    Faults.assertFault(
        () -> sealer.sealPreCommit1(SECTOR, TICKET, LotusSector3.PIECES, Progress.NONE),
        SealFault.Kind.DAMAGED_FILE,
        "s-t01000-3");
    Thread.currentThread().interrupt();
    Faults.assertFault(
        () -> sealer.finalizeSector(SECTOR, List.of()), SealFault.Kind.CANCELLED, "interrupted");
    assertThat(Thread.interrupted()).isFalse();
    assertThat(storage.locks.list()).isEmpty();
    assertThat(storage.only().stat().reserved()).isZero();
  }
}
