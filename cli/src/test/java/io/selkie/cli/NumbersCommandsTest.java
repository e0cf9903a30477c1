package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class NumbersCommandsTest extends CommandLineTest {

  @Test
  void info_someNumbers_areRanges() {
    node.on(
        "SectorNumAssignerMeta",
        "{\"Reserved\":[20,6,4,1],\"Allocated\":[0,5],\"InUse\":[0,5,15,6,4,1],\"Next\":5}");
    assertThat(run("sectors", "numbers", "info").out())
        .isEqualTo("Next free: 5\nAllocated: 0-4\nReserved: 20-25,30\n");
    node.on(
        "SectorNumAssignerMeta", "{\"Reserved\":[0],\"Allocated\":[0],\"InUse\":[0],\"Next\":0}");
    assertThat(run("sectors", "numbers", "info").out())
        .isEqualTo("Next free: 0\nAllocated: 0\nReserved: 0\n");
  }

  @Test
  void reservations_some_areByName() {
    node.on("SectorNumReservations", "{\"t2\":[1,1],\"t1\":[20,6,4,1]}");
    assertThat(run("sectors", "numbers", "reservations").out())
        .isEqualTo("reservations: 2\nt1: count=7 20-25,30\nt2: count=1 1\n");
  }

  @Test
  void reserve_ranges_areSentAsRunLengths() {
    node.on("SectorNumReserve", "null");
    assertThat(run("sectors", "numbers", "reserve", "t1", "30,20-25").status()).isZero();
    assertThat(node.callsOf("SectorNumReserve").getFirst().toString())
        .isEqualTo("[\"t1\",[20,6,4,1],false]");
    for (String wrong : new String[] {"", "a", "5-", "-5", "1,,2", "9-3", "1-2-3"}) {
      // picocli would take a leading minus for an option.
      Run run = run("sectors", "numbers", "reserve", "t1", "--", wrong);
      assertThat(run.status()).as(wrong).isEqualTo(1);
      assertThat(run.err()).as(wrong).startsWith("ERROR: ");
    }
  }

  @Test
  void batching_pendingAndFlushed_areTheReferencesTexts() {
    node.on("SectorCommitPending", "[]")
        .on("SectorPreCommitPending", "[{\"Miner\":1000,\"Number\":5}]")
        .on("SectorPreCommitFlush", "null")
        .on(
            "SectorCommitFlush",
            "[{\"Sectors\":[5,6],\"FailedSectors\":{\"6\":\"no seed\"},\"Msg\":{\"/\":\"bafy\"},"
                + "\"Error\":\"\"}]");
    assertThat(run("sectors", "batching", "commit").out())
        .isEqualTo("No sectors queued to be committed\n");
    String question = "Do you want to publish these sectors now? (yes/no): ";
    assertThat(run("sectors", "batching", "precommit").out()).isEqualTo("5\n" + question + "\n");
    assertThat(run(answering("no\n"), "sectors", "batching", "precommit").out())
        .isEqualTo("5\n" + question);
    assertThat(node.callsOf("SectorPreCommitFlush")).isEmpty();
    assertThat(run(answering("ja\nyes\n"), "sectors", "batching", "precommit").out())
        .isEqualTo(
            "5\n"
                + question
                + "Invalid input. Please answer with 'yes' or 'no'.\n"
                + question
                + "no sectors to publish\n");
    assertThat(run("sectors", "batching", "precommit", "--json").out())
        .isEqualTo("{\"Miner\":1000,\"Number\":5}\n");
    assertThat(run("sectors", "batching", "precommit", "--publish-now").out())
        .isEqualTo("no sectors to publish\n");
    assertThat(run("sectors", "batching", "commit", "--publish-now").out())
        .isEqualTo(
            """
            Batch 0:
            \tMessage: bafy
            \tSectors:
            \t\t5\tOK
            \t\t6\tERROR no seed
            """);
  }

  private static Terminal answering(String typed) {
    return new Terminal(true, true, true, new BufferedReader(new StringReader(typed)));
  }

  @Test
  void setSealDelay_minutesOrSeconds_areNanoseconds() {
    node.on("SectorSetSealDelay", "null");
    assertThat(run("sectors", "set-seal-delay", "30").status()).isZero();
    assertThat(run("sectors", "set-seal-delay", "--seconds", "30").status()).isZero();
    assertThat(node.callsOf("SectorSetSealDelay").toString())
        .isEqualTo("[[1800000000000], [30000000000]]");
  }
}
