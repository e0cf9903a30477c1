package io.selkie.rpc.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import org.junit.jupiter.api.Test;

/** When the information about a piece is valid, and the words for when it is not. */
class PieceDealInfoTest {

  private static final Cid CID =
      Cid.parse("baga6ea4seaqb66wjlfkrbye6uqoemcyxmqylwmrm235uclwfpsyx3ge2imidoly");
  private static final PieceActivationManifest MANIFEST =
      new PieceActivationManifest(CID, 1024, null, null);
  private static final DealProposal PROPOSAL =
      new DealProposal(
          CID,
          1024,
          false,
          Address.ofId(1),
          Address.ofId(2),
          "",
          1,
          2,
          TokenAmount.ZERO,
          TokenAmount.ZERO,
          TokenAmount.ZERO);

  private static PieceDealInfo deal(long start, long end) {
    return new PieceDealInfo(CID, 5, PROPOSAL, new DealSchedule(start, end), null, false);
  }

  @Test
  void information_ofExactlyOneKind_isValid() {
    DealSchedule schedule = new DealSchedule(1, 2);
    assertThat(deal(1, 2).fault()).isEmpty();
    assertThat(new PieceDealInfo(null, 0, null, schedule, MANIFEST, false).fault()).isEmpty();
    assertThat(new PieceDealInfo(CID, 5, PROPOSAL, schedule, MANIFEST, false).fault())
        .contains("piece deal info has both legacy deal info and piece activation manifest");
    String neither = "piece deal info has neither legacy deal info nor piece activation manifest";
    assertThat(new PieceDealInfo(null, 0, null, schedule, null, false).fault()).contains(neither);
    assertThat(new PieceDealInfo(CID, 0, PROPOSAL, schedule, null, false).fault())
        .contains(neither);
    assertThat(new PieceDealInfo(CID, 5, null, schedule, null, false).fault()).contains(neither);
  }

  @Test
  void schedule_thatIsNone_isRefused() {
    assertThat(deal(0, 2).fault()).contains("invalid deal start epoch 0");
    assertThat(deal(1, 0).fault()).contains("invalid deal end epoch 0");
    assertThat(deal(2, 2).fault()).contains("invalid deal end epoch 2 (start 2)");
  }
}
