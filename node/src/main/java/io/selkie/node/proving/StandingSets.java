package io.selkie.node.proving;

import io.selkie.abi.BitField;
import io.selkie.chain.ProvenSector.Fault;
import io.selkie.chain.SectorStanding;
import io.selkie.rpc.api.SectorSets;
import java.util.Arrays;

/** Collects sectors into the sets that a partition has, a number for each. */
final class StandingSets {

  private final Numbers all = new Numbers();
  private final Numbers live = new Numbers();
  private final Numbers faulty = new Numbers();
  private final Numbers recovering = new Numbers();

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
    BitField living = live.field();
    BitField failing = faulty.field();
    return new SectorSets(
        all.field(), living, living.minus(failing), failing, recovering.field(), BitField.EMPTY);
  }

  private static final class Numbers {

    private static final int FIRST_ROOM = 64;

    private long[] numbers = new long[FIRST_ROOM];
    private int size;

    void add(long number) {
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      numbers[size++] = number;
    }

    BitField field() {
      return BitField.of(Arrays.copyOf(numbers, size));
    }
  }
}
