package io.selkie.node.proving;

import io.selkie.abi.BitField;
import io.selkie.chain.ProvenSector.Fault;
import io.selkie.chain.SectorStanding;
import io.selkie.rpc.api.SectorSets;
import java.util.stream.LongStream;

/** Collects sectors into the sets that a partition has, a number for each; for one use. */
final class StandingSets {

  private final LongStream.Builder all = LongStream.builder();
  private final LongStream.Builder live = LongStream.builder();
  private final LongStream.Builder faulty = LongStream.builder();
  private final LongStream.Builder recovering = LongStream.builder();

  void add(SectorStanding sector) {
    all.add(sector.number());
    if (!sector.live()) {
      return;
    }
    live.add(sector.number());
    if (sector.fault() != Fault.NONE) {
      faulty.add(sector.number());
    }
    if (sector.fault() == Fault.RECOVERING) {
      recovering.add(sector.number());
    }
  }

  /** The sets; what recovers is faulty as well, and the devnet has nothing unproven. */
  SectorSets sets() {
    BitField living = field(live);
    BitField failing = field(faulty);
    return new SectorSets(
        field(all), living, living.minus(failing), failing, field(recovering), BitField.EMPTY);
  }

  private static BitField field(LongStream.Builder numbers) {
    return BitField.of(numbers.build().toArray());
  }
}
