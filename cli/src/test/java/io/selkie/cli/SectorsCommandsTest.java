package io.selkie.cli;

import static io.selkie.cli.FakeNode.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SectorsCommandsTest extends CommandLineTest {

  private static final String CID =
      "baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq";

  private static final String EXPLANATION =
      """
      {"SectorID":7,"State":"PreCommitFailed","Meaning":"failed; goes back to work after a pause",
       "Since":"2026-03-01T10:30:00Z",
       "Came":{"From":"PreCommitBatchWait","Event":"SectorChainPreCommitFailed",
         "Words":"chain pre-commit failed","Reason":"exit code 16\\nand a trace",
         "At":"2026-03-01T10:30:00Z","Sequence":12},
       "Now":"pauses before try 3, then SectorRetryPreCommit",
       "Wakes":{"At":"2026-03-01T12:05:00Z","Epoch":0,"EpochAt":null,"Reason":"pauses",
         "Then":[{"Event":"SectorRetryPreCommit","Words":"retry pre-commit","Failure":false,
           "State":"PreCommitting","Meaning":"works","Condition":""}]},
       "Tried":[
         {"State":"PreCommitBatchWait","Event":"SectorChainPreCommitFailed",
          "Words":"chain pre-commit failed","To":"PreCommitFailed","Times":2,
          "First":"2026-03-01T10:30:00Z","Last":"2026-03-01T10:30:00Z","Reason":"exit code 16"},
         {"State":"PreCommitFailed","Event":"","Words":"","To":"PreCommitFailed","Times":1,
          "First":"2026-03-01T10:30:00Z","Last":"2026-03-01T10:30:00Z","Reason":"gave up"}],
       "Next":[
         {"Event":"SectorRetryPreCommit","Words":"retry pre-commit","Failure":false,
          "State":"PreCommitting","Meaning":"works","Condition":""},
         {"Event":"SectorDealsExpired","Words":"deals expired","Failure":true,
          "State":"DealsExpired","Meaning":"failed","Condition":""}],
       "Always":[{"Event":"SectorForceState","Words":"force state","Failure":false,"State":"",
          "Meaning":"","Condition":"the state that is named"}],
       "Risks":[{"Danger":"DEAL_START","Epoch":2885,"At":"2026-03-02T13:00:00Z","Passed":false,
         "What":"its first deal begins"}],
       "ChainHeight":5,"ChainTrouble":""}
      """;

  @Test
  void explain_failedSector_saysWhyWhatWasTriedAndWhatComes() {
    node.onSelkie("SectorExplain", EXPLANATION);

    Run run = run("sectors", "explain", "7", "--all");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "Sector 7 is in PreCommitFailed.",
            "Does:    failed; goes back to work after a pause",
            "Since:   2026-03-01T10:30:00Z (1 hour 30 minutes ago)",
            "Because: chain pre-commit failed, from PreCommitBatchWait (entry 12)",
            "         exit code 16",
            "Now:     pauses before try 3, then SectorRetryPreCommit",
            "Wakes:   2026-03-01T12:05:00Z (in 5 minutes)",
            "         then retry pre-commit -> PreCommitting",
            "Tried:   PreCommitBatchWait: chain pre-commit failed, 2 times, last"
                + " 2026-03-01T10:30:00Z (1 hour 30 minutes ago)",
            "         exit code 16",
            "         PreCommitFailed: stood still, 2026-03-01T10:30:00Z (1 hour 30 minutes ago)",
            "         gave up",
            "At risk: epoch 2885, 2026-03-02T13:00:00Z (in 1 day 1 hour): its first deal begins",
            "Leads:   retry pre-commit -> PreCommitting",
            "         deals expired -> DealsExpired",
            "Always:  force state (the state that is named)");
  }

  @Test
  void explain_sectorThatWaitsForAnEpoch_saysWhenThatIs() {
    node.onSelkie(
        "SectorExplain",
        """
        {"SectorID":7,"State":"WaitSeed","Meaning":"waits","Since":"2026-03-01T10:30:00Z",
         "Came":null,"Now":"waits for its seed",
         "Wakes":{"At":"2026-03-02T13:00:00Z","Epoch":39,"EpochAt":"2026-03-02T13:00:00Z",
           "Reason":"waits for its seed","Then":[]},
         "Tried":[],"Next":[],"Always":[],"Risks":[],"ChainHeight":0,"ChainTrouble":"refused"}
        """);
    assertThat(run("sectors", "explain", "7").out().lines())
        .containsExactly(
            "Sector 7 is in WaitSeed.",
            "Does:    waits",
            "Since:   2026-03-01T10:30:00Z (1 hour 30 minutes ago)",
            "Now:     waits for its seed",
            "Wakes:   at epoch 39, 2026-03-02T13:00:00Z (in 1 day 1 hour); at the latest"
                + " 2026-03-02T13:00:00Z (in 1 day 1 hour)",
            "Chain:   does not answer: refused");
  }

  @Test
  void status_withLogAndChain_isTheReferencesText() {
    node.on("MiningBase", "{\"Height\":10101}")
        .on("ActorAddress", "\"t01000\"")
        .on(
            "SectorsStatus",
            _ ->
                status(
                    9,
                    "Proving",
                    """
                    {"CommD":{"/":"bagaD"},"Ticket":{"Value":"AQL/","Epoch":10101},"Deals":[5432,0],
                     "Retries":42,"Activation":10101,"Expiration":10323,"InitialPledge":"5",
                     "Pieces":[{"Piece":{"Size":1024},"DealInfo":{"PieceActivationManifest":{
                       "CID":{"/":"bagaP"},"Size":1024,"VerifiedAllocationKey":{"Client":1234,"ID":55},
                       "Notify":[{"Address":"f01234","Payload":"AQID"}]}}}]}
                    """));

    Run run = run("sectors", "status", "--log", "--proof", "-c", "9");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .isEqualTo(
            """
            SectorID:\t9
            Status:\t\tProving
            CIDcommD:\tbagaD
            CIDcommR:\t<nil>
            Ticket:\t\t0102ff
            TicketH:\t10101
            Seed:\t\t
            SeedH:\t\t0
            Precommit:\t<nil>
            Commit:\t\t<nil>
            Proof:\t\t
            Deals:\t\t[5432 0]
            Retries:\t42

            Expiration Info
            OnTime:\t\t0
            Early:\t\t0

            Piece Activation Manifests
            Piece 0: bagaP 1 KiB verif-alloc:&{Client:1234 ID:55}
            \tNotify 0: f01234 (010203)

            Sector On Chain Info
            SealProof:\t\t5
            Activation:\t\t10101 (now)
            Expiration:\t\t10323 (in 1 hour 51 minutes)
            DealWeight:\t\t0
            VerifiedDealWeight:\t\t0
            InitialPledge:\t\t0.000000000000000005 FIL
            SectorID:\t\t{Miner: 1000, Number: 9}
            --------
            Event Log:
            0.\t1970-01-01 00:00:42 +0000 UTC:\t[event;sealing.SectorStartCC]\t{"User":{}}
            """);
  }

  @Test
  void status_notOnChain_saysSoAndEnds() {
    node.on("SectorsStatus", _ -> status(9, "PreCommit1", "{}"));

    assertThat(run("sectors", "status", "-c", "-l", "9").out())
        .endsWith("Sector status not found on chain\n");
  }

  @Test
  void status_partitionInfo_saysWhereItIsProven() {
    node.on("SectorsStatus", params -> status(params.get(0).asLong(), "Proving", "{}"))
        .onSelkie(
            "ProvingDeadlines",
            """
            [{"Index":0,"Partitions":[]},
             {"Index":1,"Partitions":[{"Index":2,"All":[9,1],"Live":[9,1],"Active":[9,1],
               "Faulty":[0],"Recovering":[0],"Unproven":[0]}]}]
            """);

    assertThat(run("sectors", "status", "-p", "9").out())
        .endsWith(
            """
            Early:\t\t0

            Deadline:\t1
            Partition:\t2
            Unproven:   \tno
            Live:   \tyes
            Active:   \tyes
            Faulty:   \tno
            Recovering:   \tno
            """);
    assertThat(run("sectors", "status", "-p", "8").out())
        .endsWith("\n\nNot found in any partition\n");
    assertThat(run("sectors", "status", "-p", "9", "--json").json().path("Place").toString())
        .isEqualTo(
            "{\"Deadline\":1,\"Partition\":2,\"Unproven\":false,\"Live\":true,\"Active\":true,"
                + "\"Faulty\":false,\"Recovering\":false}");
  }

  @Test
  void arguments_tooFewOrTooMany_areCounted() {
    Run none = run("sectors", "status");
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).startsWith("ERROR: incorrect number of arguments, got 0\n\nUsage: ");
    assertThat(run("sectors", "status", "1", "2", "3").err())
        .startsWith("ERROR: incorrect number of arguments, got 3\n\nUsage: ");
    assertThat(run("sectors", "update-state", "1").err())
        .startsWith("ERROR: incorrect number of arguments, got 1\n\nUsage: ");
    assertThat(run("sectors", "terminate", "--really-do-it").err())
        .startsWith("ERROR: incorrect number of arguments, got 0\n\nUsage: ");
    assertThat(run("sectors", "status", "1", "--nonsense").err())
        .startsWith("ERROR: Unknown option: '--nonsense'");
    assertThat(run("sectors", "lst", "--json").err())
        .startsWith("ERROR: there is no command 'selkie sectors lst'; did you mean ");
    assertThat(run("nonsense").err()).startsWith("ERROR: there is no command 'selkie nonsense'");
    assertThat(run("sectors", "list", "--limit", "few").err())
        .startsWith("ERROR: Invalid value for option '--limit'")
        .contains("'few' is no whole number");
    assertThat(run("sectors", "list", "--limit", "99999999999999999999").err())
        .contains("'99999999999999999999' is too large a number");
    assertThat(run("auth", "audit", "--limit", "0").err())
        .contains("--limit: 0 is no number of records from 1 on");
  }

  @Test
  void status_badNumber_isGosError() {
    Run run = run("sectors", "status", "x");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("ERROR: strconv.ParseUint: parsing \"x\": invalid syntax\n\n");
    assertThat(run("sectors", "seal", "18446744073709551616").err())
        .contains("could not parse sector number: ")
        .contains("value out of range");
  }

  @Test
  void refs_someDeals_areListedByDeal() {
    node.on("SectorsRefs", "{\"98000\":[{\"SectorID\":100,\"Offset\":10240,\"Size\":1016}]}");
    assertThat(run("sectors", "refs").out()).isEqualTo("Block 98000:\n\t100+10240 1016 bytes\n");
  }

  @Test
  void updateState_eachWay_isTheReferences() {
    node.on(
            "SectorsStatus",
            params -> {
              if (params.get(0).asInt() != 9) {
                throw new FakeNode.Refusal("No state");
              }
              return status(9, "Packing", "{}");
            })
        .on("SectorsUpdate", "null");

    assertThat(run("sectors", "update-state", "9", "Proving").err())
        .startsWith("ERROR: this is a command for advanced users");
    assertThat(run("sectors", "update-state", "--really-do-it", "8", "Proving").err())
        .isEqualTo("ERROR: sector 8 not found, could not change state\n\n");
    Run unknown = run("sectors", "update-state", "--really-do-it", "9", "Foo");
    assertThat(unknown.status()).isZero();
    assertThat(unknown.out())
        .startsWith(" \"Foo\" is not a valid state. Possible states for sectors are: \n");
    assertThat(unknown.out().lines()).hasSize(64);
    Run asJson = run("sectors", "update-state", "--really-do-it", "--json", "9", "Foo");
    assertThat(asJson.status()).isEqualTo(1);
    assertThat(asJson.out()).isEmpty();
    assertThat(asJson.err()).contains("\"Foo\" is not a valid state; nothing was changed");
    assertThat(node.callsOf("SectorsUpdate")).isEmpty();

    assertThat(run("sectors", "update-state", "--really-do-it", "9", "Proving").out()).isEmpty();
    assertThat(node.callsOf("SectorsUpdate").getFirst().toString()).isEqualTo("[9,\"Proving\"]");
    assertThat(run("sectors", "update-state", "--really-do-it", "9", "Proving", "--json").out())
        .isEqualTo("null\n");
    node.close();
    assertThat(run("sectors", "update-state", "--really-do-it", "9", "Proving").err())
        .startsWith("ERROR: no answer from the node at ");
  }

  @Test
  void updateState_withForce_asksForItsOwnMethod() {
    node.on("SectorsStatus", status(9, "Packing", "{}")).onSelkie("SectorsUpdate", "\"9-12\"");
    assertThat(run("sectors", "update-state", "--really-do-it", "--force", "9", "Proving").out())
        .isEqualTo("To take it back: selkie sectors undo-update --really-do-it 9-12\n");
    assertThat(
            run("sectors", "update-state", "--really-do-it", "--force", "9", "Proving", "--json")
                .json()
                .path("Undo")
                .asString())
        .isEqualTo("9-12");
    assertThat(node.callsOfSelkie("SectorsUpdate").getFirst().toString())
        .isEqualTo("[9,\"Proving\",true]");
    assertThat(node.callsOf("SectorsUpdate")).isEmpty();
  }

  @Test
  void updatePlanAndUndo_always_sayWhatTheNodeSays() {
    node.onSelkie(
            "SectorsUpdatePlan",
            """
            {"SectorID":9,"From":"Packing","To":"Proving","Taken":false,"TakenByForce":true,
            "Objections":["it needs a proof"],"Files":[{"Kind":"sealed","Paths":[]}],
            "Chain":"","Meaning":"is proven","Next":[{"Event":"SectorFaulty","State":"Faulty"}]}
            """)
        .onSelkie("SectorsUpdateUndo", "\"Packing\"");
    assertThat(run("sectors", "update-plan", "9", "Proving").out())
        .isEqualTo(
            """
            Sector 9: Packing -> Proving would be taken with --force only
            Meaning: is proven
            Against: it needs a proof
            File:    sealed missing
            Chain:   not alive
            Next:    SectorFaulty -> Faulty
            """);
    assertThat(run("sectors", "undo-update", "9-12").err()).contains("advanced users");
    assertThat(run("sectors", "undo-update", "--really-do-it", "9-12").out())
        .isEqualTo("The sector is in Packing again.\n");
    assertThat(node.callsOfSelkie("SectorsUpdateUndo").getFirst().toString())
        .isEqualTo("[\"9-12\"]");
  }

  @Test
  void remove_withItsNumberOnceMore_sendsTheSecondKey() {
    node.on("SectorsStatus", status(9, "Proving", "{}"))
        .on("SectorRemove", "null")
        .onSelkie("SectorRemove", "null");
    assertThat(run("sectors", "remove", "--really-do-it", "--destroy-live", "9", "9").status())
        .isZero();
    assertThat(node.callsOfSelkie("SectorRemove").getFirst().toString()).isEqualTo("[9,9]");
    assertThat(node.callsOf("SectorRemove")).isEmpty();
    assertThat(run("sectors", "remove", "--really-do-it", "9").status()).isZero();
    assertThat(node.callsOf("SectorRemove").getFirst().toString()).isEqualTo("[9]");
  }

  @Test
  void restart_ofASector_asksForItsOwnMethod() {
    node.onSelkie("SectorRestart", "null");
    assertThat(run("sectors", "restart", "9").status()).isZero();
    assertThat(node.callsOfSelkie("SectorRestart").getFirst().toString()).isEqualTo("[9]");
  }

  @Test
  void pledge_created_hasTwoBlanks() {
    node.on("PledgeSector", "{\"Miner\":1000,\"Number\":5}");
    assertThat(run("sectors", "pledge").out()).isEqualTo("Created CC sector:  5\n");
    assertThat(run("sectors", "pledge", "--json").json().path("Number").asInt()).isEqualTo(5);
  }

  @Test
  void unseal_always_returnsAtOnce() {
    node.on("SectorUnseal", "null");
    assertThat(run("sectors", "unseal", "7").out()).isEqualTo("Unsealing sector 7\n");
    assertThat(node.callsOf("SectorUnseal").getFirst().toString()).isEqualTo("[7]");
  }

  @Test
  void remove_unknownOrUnconfirmed_removesNothing() {
    node.on(
            "SectorsStatus",
            _ -> {
              throw new FakeNode.Refusal("No state for /7: datastore: key not found");
            })
        .on("SectorRemove", "null");

    assertThat(run("sectors", "remove", "7").status()).isEqualTo(1);
    assertThat(run("sectors", "remove", "--really-do-it", "7").err())
        .isEqualTo(
            "ERROR: sectorID 7 has not been created yet: No state for /7: datastore: key not"
                + " found\n\n");
    assertThat(node.callsOf("SectorRemove")).isEmpty();
  }

  /** 200 bytes become a piece of 254, which is 256 on disk; both uploads hold the same. */
  @Test
  void addPiece_file_isFilledUpAndDescribed() throws IOException {
    byte[] content = new byte[200];
    Arrays.fill(content, (byte) 7);
    Path file = Files.write(repo.resolve("data.bin"), content);
    byte[][] seen = new byte[2][];
    node.on("MiningBase", "{\"Height\":40}")
        .on(
            "ComputeDataCid",
            params -> {
              seen[0] = node.stream(params.get(1));
              return "{\"Size\":256,\"PieceCID\":{\"/\":\"" + CID + "\"}}";
            })
        .on(
            "SectorAddPieceToAny",
            params -> {
              seen[1] = node.stream(params.get(1));
              return "{\"Sector\":3,\"Offset\":512}";
            });

    Run run = run("sectors", "add-piece", file.toString(), "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.json().toString())
        .isEqualTo(
            "{\"Sector\":3,\"Offset\":512,\"PieceCID\":\""
                + CID
                + "\",\"PieceSize\":256,\"FileSize\":200}");
    assertThat(seen[0]).isEqualTo(Arrays.copyOf(content, 254));
    assertThat(seen[1]).isEqualTo(seen[0]);
    JsonNode call = node.callsOf("SectorAddPieceToAny").getFirst();
    assertThat(call.get(0).asInt()).isEqualTo(254);
    assertThat(call.get(2).toString())
        .isEqualTo(
            "{\"PublishCid\":null,\"DealID\":0,\"DealProposal\":null,"
                + "\"DealSchedule\":{\"StartEpoch\":5800,\"EndEpoch\":524200},"
                + "\"PieceActivationManifest\":{\"CID\":{\"/\":\""
                + CID
                + "\"},\"Size\":256,"
                + "\"VerifiedAllocationKey\":null,\"Notify\":null},\"KeepUnsealed\":true}");
  }

  @Test
  void addPiece_publishDeal_usesWhatTheDevnetAnswers() throws IOException {
    Path file = Files.write(repo.resolve("data.bin"), new byte[1]);
    String info =
        "{\"PublishCid\":{\"/\":\""
            + CID
            + "\"},\"DealID\":7,\"DealProposal\":null,"
            + "\"DealSchedule\":{\"StartEpoch\":10,\"EndEpoch\":20},"
            + "\"PieceActivationManifest\":null,\"KeepUnsealed\":true}";
    node.onSelkie("DevnetPublishDeal", info)
        .on("SectorAddPieceToAny", "{\"Sector\":1,\"Offset\":0}");

    Run run = run("sectors", "add-piece", "--publish-deal", "--piece-cid", CID, file.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).endsWith("is in sector 1 at padded offset 0\n");
    assertThat(node.callsOf("SectorAddPieceToAny").getFirst().get(2).toString()).isEqualTo(info);
  }

  @Test
  void addPiece_emptyOrMissingFile_isRefused() throws IOException {
    Path empty = Files.createFile(repo.resolve("empty"));
    assertThat(run("sectors", "add-piece", empty.toString()).err()).contains("is empty");
    assertThat(run("sectors", "add-piece", repo.resolve("none").toString()).err())
        .contains("is not a file");
  }
}
