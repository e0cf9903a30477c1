package io.selkie.node.proving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.FaultDeclarationsParams;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TerminateSectorsParams.Declaration;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.Devnet;
import io.selkie.chain.DevnetEnvironment;
import io.selkie.chain.DevnetParams;
import io.selkie.chain.ProvenSector;
import io.selkie.chain.SectorStanding;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ChainSector;
import io.selkie.rpc.api.ProvingDeadline;
import io.selkie.rpc.api.ProvingPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recoveries that an operator declares, on a real devnet. */
final class FaultRecoveryTest {

  private static final ActorId MINER = new ActorId(1000);

  @TempDir Path directory;

  private final Set<Long> known = new HashSet<>();
  private @Nullable Devnet opened;

  /** Two sectors in one deadline and one in the next, none of which is near its window. */
  private long first;

  @BeforeEach
  void open() throws IOException, ChainFault {
    opened = Devnet.open(directory, DevnetParams.ofLotus2k(), DevnetEnvironment.ofSystem());
    devnet().ensureMiner(MINER, SectorSize.KIB_2);
    first = (devnet().provingPeriod(MINER).index() + 20L) % 46;
    List<SectorOnChain> sectors = new ArrayList<>();
    for (long number : List.of(first, first + 1, first + 48)) {
      sectors.add(sector(number));
      known.add(number);
    }
    devnet().seed(MINER, sectors);
  }

  @AfterEach
  void close() throws IOException {
    devnet().close();
  }

  private Devnet devnet() {
    return Objects.requireNonNull(opened);
  }

  private static SectorOnChain sector(long number) {
    return new SectorOnChain(
        new SectorNumber(number),
        RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
        Cid.ofSealed(new Commitment(new byte[32])),
        ChainEpoch.ZERO,
        new ChainEpoch(1_000_000),
        TokenAmount.ZERO,
        TokenAmount.ZERO,
        TokenAmount.ZERO);
  }

  private FaultRecovery recovery() {
    return new FaultRecovery(MINER, devnet(), number -> known.contains(number.value()));
  }

  private List<Declaration> all() {
    return List.of(
        new Declaration(first, 0, BitField.of(first, first + 48)),
        new Declaration(first + 1, 0, BitField.of(first + 1)));
  }

  private void declareFaulty(String key) throws ChainFault {
    byte[] params = new FaultDeclarationsParams(all()).encode();
    Cid message =
        devnet()
            .push(
                new OutMessage(
                    MINER, FaultDeclarationsParams.DECLARE_FAULTS, params, TokenAmount.ZERO),
                key);
    devnet().step();
    assertThat(devnet().searchMessage(message).orElseThrow().exitCode()).isZero();
  }

  private List<ProvenSector.Fault> faults() throws ChainFault {
    List<ProvenSector> sectors = devnet().liveSectorsFrom(MINER, 0, 10);
    List<SectorStanding> standing = new ArrayList<>();
    var _ = devnet().eachSector(MINER, standing::add);
    assertThat(standing).isEqualTo(sectors.stream().map(FaultRecoveryTest::standing).toList());
    return sectors.stream().map(ProvenSector::fault).toList();
  }

  private static SectorStanding standing(ProvenSector sector) {
    return new SectorStanding(
        sector.info().number().value(),
        Math.toIntExact(sector.place().deadline()),
        sector.place().partition(),
        sector.live(),
        sector.fault());
  }

  @Test
  void view_sectorsInPages_areAllOfThemOnce() throws Exception {
    ProvingViewService view = new ProvingViewService(devnet(), MINER);
    List<Long> paged = new ArrayList<>();
    List<ChainSector> page = view.chainSectors(0, 2);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(2);
      page.forEach(sector -> paged.add(sector.sectorNumber()));
      page = view.chainSectors(paged.getLast() + 1, 2);
    }
    assertThat(paged)
        .hasSizeGreaterThan(2)
        .isEqualTo(
            devnet().liveSectorsFrom(MINER, 0, 10).stream()
                .map(each -> each.info().number().value())
                .toList());
    assertThat(view.chainSectors(Long.MIN_VALUE, 1)).isEmpty();
    for (long limit : new long[] {0, -1, 10_001}) {
      assertThatThrownBy(() -> view.chainSectors(0, limit))
          .isInstanceOf(RpcFault.class)
          .hasMessage("limit " + limit + " is not within 1 and 10000");
    }
  }

  @Test
  void view_ofFaultySectors_hasThemInTheirSetsAndTheirDeadlines() throws Exception {
    ProvingViewService view = new ProvingViewService(devnet(), MINER);
    BitField every = view.minerSectorSets().active();
    declareFaulty("faults");
    BitField seen = BitField.EMPTY;
    for (ProvingDeadline deadline : view.provingDeadlines()) {
      for (ProvingPartition partition : deadline.partitions()) {
        assertThat(partition.faulty()).isEqualTo(partition.live()).isEqualTo(partition.all());
        seen = seen.plus(partition.all());
      }
    }
    assertThat(seen).isEqualTo(every).isEqualTo(view.minerSectorSets().faulty());
    assertThat(view.minerSectorSets().active()).isEqualTo(BitField.EMPTY);
    assertThat(view.minerSectorSets().recovering()).isEqualTo(BitField.EMPTY);
  }

  @Test
  void recover_faultySectors_areDeclaredInOneMessage() throws Exception {
    declareFaulty("faults");
    assertThat(faults()).containsOnly(ProvenSector.Fault.FAULTY);
    List<Cid> messages = recovery().recover(List.of(first + 48, first + 1, first));
    assertThat(messages).hasSize(1);
    devnet().step();
    assertThat(devnet().searchMessage(messages.getFirst()).orElseThrow().exitCode()).isZero();
    assertThat(faults()).containsOnly(ProvenSector.Fault.RECOVERING);
  }

  @Test
  void recover_sameSectorsAgain_isTheMessageOnItsWayOrANewOne() throws Exception {
    List<Long> sectors = List.of(first, first + 1);
    List<Cid> message = recovery().recover(sectors);
    assertThat(recovery().recover(List.of(first + 1, first))).isEqualTo(message);
    assertThat(recovery().recover(List.of(first))).isNotEqualTo(message);
    devnet().step();
    List<Cid> next = recovery().recover(sectors);
    assertThat(next).isNotEqualTo(message);
    assertThat(recovery().recover(sectors)).isEqualTo(next);
  }

  @Test
  void recover_ofWhatIsNotThere_sendsNothing() throws Exception {
    assertThatThrownBy(() -> recovery().recover(List.of(first, 777L)))
        .isInstanceOf(RpcFault.class)
        .hasMessage("sectors 777 not found in the sector list for miner");
    assertThatThrownBy(() -> recovery().recover(List.of(-1L)))
        .hasMessage("sectors 18446744073709551615 not found in the sector list for miner");
    known.add(777L);
    assertThatThrownBy(() -> recovery().recover(List.of(first, 777L)))
        .hasMessage(
            "failed to fetch partition and deadline details for sector 777: sector 777 not due at"
                + " any deadline");
    assertThat(recovery().recover(List.of())).isEmpty();
    FaultRecovery broken =
        new FaultRecovery(
            MINER,
            devnet(),
            _ -> {
              throw new IOException("disk");
            });
    assertThatThrownBy(() -> broken.recover(List.of(1L)))
        .hasMessage("could not get a list of all sectors from the miner: disk");
  }
}
