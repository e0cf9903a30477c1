package io.selkie.node.proving;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.BitField;
import io.selkie.chain.ProvenSector.Fault;
import io.selkie.chain.SectorStanding;
import io.selkie.rpc.api.SectorSets;
import org.junit.jupiter.api.Test;

class StandingSetsTest {

  @Test
  void sets_ofSectorsThatEndedFailAndRecover_countEachWhereItBelongs() {
    StandingSets sets = new StandingSets();
    for (long number = 0; number < 200; number++) {
      sets.add(new SectorStanding(number, 3, 0, true, Fault.NONE));
    }
    sets.add(new SectorStanding(200, 3, 0, true, Fault.FAULTY));
    sets.add(new SectorStanding(201, 3, 0, true, Fault.RECOVERING));
    // What ended while it was faulty is nothing but ended.
    sets.add(new SectorStanding(202, 3, 0, false, Fault.FAULTY));

    SectorSets found = sets.sets();

    assertThat(found.all()).isEqualTo(BitField.ofRange(0, 203));
    assertThat(found.live()).isEqualTo(BitField.ofRange(0, 202));
    assertThat(found.active()).isEqualTo(BitField.ofRange(0, 200));
    assertThat(found.faulty()).isEqualTo(BitField.of(200, 201));
    assertThat(found.recovering()).isEqualTo(BitField.of(201));
    assertThat(found.unproven()).isEqualTo(BitField.EMPTY);
  }

  @Test
  void sets_ofNothing_areEmpty() {
    assertThat(new StandingSets().sets().all()).isEqualTo(BitField.EMPTY);
  }
}
