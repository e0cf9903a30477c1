package io.selkie.cli;

import static io.selkie.cli.FakeNode.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SectorsListTest extends CommandLineTest {

  private void threeSectors() {
    node.on("SectorsList", "[10,100,9]")
        .onSelkie("ChainHeight", "1000")
        .on(
            "SectorsStatus",
            params ->
                switch (params.get(0).asInt()) {
                  case 9 ->
                      status(
                          9,
                          "Proving",
                          """
                          {"Expiration":1222,"Activation":222,"Deals":[5432,0],"DealWeight":"1024000",
                           "VerifiedDealWeight":"1024000","InitialPledge":"1500000000000000000",
                           "Log":[{"Kind":"event;sealing.SectorStart","Timestamp":40},
                                  {"Kind":"error;x","Timestamp":41},
                                  {"Kind":"event;sealing.SectorProving","Timestamp":3800}]}
                          """);
                  case 10 -> status(10, "Removed", "{}");
                  default ->
                      status(
                          100,
                          "PreCommit1",
                          "{\"Pieces\":[{\"Piece\":{\"Size\":128},\"DealInfo\":{"
                              + "\"PieceActivationManifest\":{\"Size\":128}}}]}");
                });
  }

  @Test
  void list_default_hasTheColumnsOfTheReference() {
    threeSectors();

    Run run = run("sectors", "list", "-t", "-e", "-p");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "ID   State       OnChain  Expiration                   SealTime  Events  Deals"
                + "  DealWeight  VerifiedPower  Pledge ",
            "9    Proving     YES      1222 (in 1 hour 51 minutes)  1h2m40s   2       1    "
                + "  2KiB        9KiB           1.5 FIL",
            "100  PreCommit1  NO       n/a                                    1       DDO:1"
                + "                                    ");
  }

  @Test
  void list_answeredWithSomethingElse_saysWhat() {
    for (String answer : List.of("{}", "[1,\"2\"]", "[1,2.5]", "[-1]")) {
      node.on("SectorsList", answer);

      Run run = run("sectors", "list");

      assertThat(run.status()).as(answer).isEqualTo(1);
      assertThat(run.err()).as(answer).contains("SectorsList");
      assertThat(run.out()).as(answer).isEmpty();
    }
  }

  @Test
  void list_answeredWithNull_isEmpty() {
    node.on("SectorsList", "null");
    Run run = run("sectors", "list", "--json");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
  }

  @Test
  void list_fast_leavesTheChainOut() {
    threeSectors();

    Run run = run("sectors", "list", "--fast", "--show-removed");

    assertThat(run.out().lines())
        .containsExactly(
            "ID   State       Deals",
            "9    Proving     1    ",
            "10   Removed     CC   ",
            "100  PreCommit1  DDO:1");
    assertThat(node.callsOf("SectorsStatus")).allMatch(params -> !params.get(1).asBoolean());
    assertThat(node.callsOf("MiningBase")).isEmpty();
  }

  @Test
  void list_json_isALineForEachSector() {
    threeSectors();

    List<String> lines = run("sectors", "list", "--json").out().lines().toList();

    assertThat(lines)
        .containsExactly(
            "{\"ID\":9,\"State\":\"Proving\",\"OnChain\":true,\"Expiration\":1222,\"RecoveryTimeout\":0,"
                + "\"InitialPledge\":\"1500000000000000000\",\"DealWeight\":\"1024000\","
                + "\"VerifiedDealWeight\":\"1024000\",\"Events\":2,\"SealSeconds\":3760,"
                + "\"DealIDs\":[5432],\"DirectPieces\":0,\"LastErr\":\"\"}",
            "{\"ID\":100,\"State\":\"PreCommit1\",\"OnChain\":false,\"Expiration\":0,\"RecoveryTimeout\":0,"
                + "\"InitialPledge\":\"0\",\"DealWeight\":\"0\",\"VerifiedDealWeight\":\"0\",\"Events\":1,"
                + "\"SealSeconds\":null,\"DealIDs\":[],\"DirectPieces\":1,\"LastErr\":\"\"}");
  }

  @Test
  void list_statesAndUnproven_askTheirMethod() {
    node.on("SectorsListInStates", "null");

    assertThat(run("sectors", "list", "--states", "Proving,Removed").status()).isZero();
    assertThat(run("sectors", "list", "-u").status()).isZero();

    assertThat(node.callsOf("SectorsListInStates").get(0).toString())
        .isEqualTo("[[\"Proving\",\"Removed\"]]");
    assertThat(node.callsOf("SectorsListInStates").get(1).get(0)).hasSize(61);
    Run both = run("sectors", "list", "-u", "--states", "Proving");
    assertThat(both.status()).isEqualTo(1);
    assertThat(both.err())
        .isEqualTo("ERROR: only one of --states or --unproven can be specified at once\n\n");
  }

  @Test
  void list_statusFails_showsWhy() {
    node.on("SectorsList", "[3]")
        .on(
            "SectorsStatus",
            _ -> {
              throw new FakeNode.Refusal("the chain is away");
            });

    assertThat(run("sectors", "list", "-f").out().lines())
        .containsExactly("ID", "3 ", "  Error: the chain is away");
  }

  @Test
  void list_chainView_showsWhatIsLiveAndActive() {
    threeSectors();
    node.onSelkie("MinerSectorSets", "{\"Live\":[9,1],\"Active\":[0]}");

    assertThat(run("sectors", "list", "-f").out().lines())
        .containsExactly(
            "ID   State       OnChain  Active  Deals",
            "9    Proving     YES      NO      1    ",
            "100  PreCommit1  NO       NO      DDO:1");
    assertThat(run("sectors", "list", "--fast", "--json").out().lines())
        .first()
        .asString()
        .startsWith("{\"ID\":9,\"State\":\"Proving\",\"OnChain\":true,\"Active\":false,");
  }

  @Test
  void list_faultySector_hasALineWithItsTimeout() {
    node.on("SectorsList", "[9]")
        .onSelkie("ChainHeight", "222")
        .on("SectorsStatus", _ -> status(9, "Faulty", "{\"Expiration\":500,\"Early\":444}"));

    assertThat(run("sectors", "list").out().lines())
        .containsExactly(
            "ID  State   OnChain  Expiration                   Deals",
            "9   Faulty  YES      500 (in 2 hours 19 minutes)  CC   ",
            "  RecoveryTimeout: 444 (in 1 hour 51 minutes)");
  }

  @Test
  void list_colour_isTheReferences() {
    threeSectors();
    String esc = "\u001b";

    List<String> lines = run("sectors", "list", "-t", "-e", "--color").out().lines().toList();

    assertThat(lines.get(1).replace(esc, "^"))
        .isEqualTo(
            "9    ^[32mProving^[0m     ^[32mYES^[0m      1222 (in 1 hour 51 minutes)  ^[32m1h2m40s^[0m   ^[32m2^[0m"
                + "       ^[32m1^[0m      2KiB        ^[32m9KiB^[0m         ");
    assertThat(lines.get(2).replace(esc, "^"))
        .contains("^[33mPreCommit1^[0m", "^[31mNO^[0m", "^[32mDDO:1^[0m");
    assertThat(run(terminal(true, ""), "sectors", "list").out()).contains(esc);
    assertThat(run(terminal(true, ""), "sectors", "list", "--no-color").out()).doesNotContain(esc);
  }

  @Test
  void list_afterAndLimit_areAPage() {
    threeSectors();

    Run page = run("sectors", "list", "-f", "-r", "--limit", "1", "--after", "9");

    assertThat(page.out().lines()).containsExactly("ID  State    Deals", "10  Removed  CC   ");
    assertThat(page.err()).isEqualTo("more sectors follow: --after 10\n");
    assertThat(run("sectors", "list", "-f", "--after", "10").out().lines()).hasSize(2);
    assertThat(run("sectors", "list", "--json", "--limit", "1").out().lines()).hasSize(1);
    assertThat(run("sectors", "list", "--limit", "0").err())
        .isEqualTo("ERROR: --limit 0 must be at least 1\n\n");
  }

  @Test
  void list_pageSizeOnATerminal_waitsForEnter() {
    manySectors(10);
    Run two = run(terminal(false, "\nq\n"), "sectors", "list", "-f", "--page-size", "3");
    assertThat(two.out().lines()).hasSize(1 + 6);
    assertThat(two.err()).contains("-- Enter for more");
    assertThat(run("sectors", "list", "-f", "--page-size", "3").out().lines()).hasSize(1 + 10);
  }

  /** 100,000 sectors: the first row needs the first few answers, and who goes away ends it. */
  @Test
  void list_manySectors_showsTheFirstBeforeAskingForAll() {
    manySectors(100_000);
    AtomicInteger before = new AtomicInteger();
    Writer reader =
        new Writer() {
          private boolean gone;

          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            if (gone) {
              throw new IOException("broken pipe");
            }
            before.compareAndSet(0, node.callsOf("SectorsStatus").size());
          }

          @Override
          public void flush() {
            gone = true;
          }

          @Override
          public void close() {}
        };

    int status = runTo(reader, "sectors", "list", "--fast", "--check-parallelism", "20");

    assertThat(status).isZero();
    assertThat(before.get()).isBetween(1, SectorsList.FIRST_ROWS_OF_MANY + 20);
    assertThat(node.callsOf("SectorsStatus")).hasSizeLessThan(1_000);
  }

  @Test
  void list_longList_keepsItsColumnsAndItsOrder() {
    manySectors(120);

    List<String> lines = run("sectors", "list", "-f").out().lines().toList();

    assertThat(lines).hasSize(121);
    assertThat(lines.getFirst()).isEqualTo("ID   State    Deals");
    assertThat(lines.get(1)).isEqualTo("0    Proving  CC   ");
    assertThat(lines.getLast()).isEqualTo("119  Proving  CC   ");
    assertThat(lines.subList(1, 121))
        .extracting(line -> Integer.parseInt(line.substring(0, 3).strip()))
        .isEqualTo(IntStream.range(0, 120).boxed().toList());
  }

  private void manySectors(int count) {
    node.on(
            "SectorsList",
            IntStream.range(0, count)
                .mapToObj(Integer::toString)
                .sorted()
                .collect(Collectors.joining(",", "[", "]")))
        .on("SectorsSummary", "{\"Proving\":" + count + "}")
        .on("SectorsStatus", params -> status(params.get(0).asLong(), "Proving", "{}"));
  }

  private static Terminal terminal(boolean output, String typed) {
    return new Terminal(output, false, true, new BufferedReader(new StringReader(typed)));
  }
}
