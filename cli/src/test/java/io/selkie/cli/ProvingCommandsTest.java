package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProvingCommandsTest extends CommandLineTest {

  private static final String MESSAGE =
      "bafy2bzaceaoeb34gqhaw4nlpeakm24y6nqal7gdxojeynpfolaydaavyaujuc";

  @BeforeEach
  void aMiner() {
    node.on("ActorAddress", "\"t01000\"")
        .onSelkie(
            "ProvingPeriod",
            """
            {"CurrentEpoch":1000,"CurrentTime":"2026-03-01T12:00:00Z","EpochDuration":30000000000,
             "PeriodStart":-1900,"PeriodEpochs":2880,"Deadlines":3,"Index":1,"Open":980,"Close":1040,
             "Challenge":960,"FaultCutoff":910}
            """)
        .onSelkie(
            "ProvingDeadlines",
            """
            [{"Index":0,"Open":3860,"ProvenPartitions":0,"Partitions":[]},
             {"Index":1,"Open":980,"ProvenPartitions":1,"Partitions":[
               {"Index":0,"All":[0,3],"Live":[0,2],"Active":[0,1],"Faulty":[1,1],"Recovering":[0],"Unproven":[0]},
               {"Index":1,"All":[9,1],"Live":[0],"Active":[0],"Faulty":[0],"Recovering":[0],"Unproven":[0]}]},
             {"Index":2,"Open":1040,"ProvenPartitions":0,"Partitions":[
               {"Index":0,"All":[20,5],"Live":[20,5],"Active":[20,5],"Faulty":[0],"Recovering":[0],"Unproven":[0]}]}]
            """);
  }

  @Test
  void deadlines_current_isMarked() {
    assertThat(run("proving", "deadlines").out())
        .isEqualTo(
            """
            Miner: t01000
            deadline  open      partitions  sectors (faults)  proven partitions
            0         11:50:00  0           0 (0)             0
            1         11:50:00  1           2 (1)             1  (current)
            2         12:20:00  1           5 (0)             0
            """);
    assertThat(run("proving", "deadlines", "-a").out())
        .contains("1         11:50:00  2           4 (1)             1  (current)");
    assertThat(run("proving", "deadlines", "--json").out().lines())
        .element(1)
        .isEqualTo(
            "{\"Index\":1,\"Open\":980,\"Partitions\":1,\"Sectors\":2,\"Faults\":1,"
                + "\"ProvenPartitions\":1,\"Current\":true}");
  }

  @Test
  void info_period_isTheReferencesText() {
    assertThat(run("proving", "info").out())
        .isEqualTo(
            """
            Miner: t01000
            Current Epoch:           1000
            Proving Period Boundary: -1900
            Proving Period Start:    -1900 (1 day 10 minutes ago)
            Next Period Start:       980 (10 minutes ago)

            Faults:      1 (14.00%)
            Recovering:  0
            Deadline Index:       1
            Deadline Sectors:     2
            Deadline Open:        980 (10 minutes ago)
            Deadline Close:       1040 (in 20 minutes)
            Deadline Challenge:   960 (20 minutes ago)
            Deadline FaultCutoff: 910 (45 minutes ago)
            """);
    assertThat(run("proving", "info", "--json").json().path("Live").asInt()).isEqualTo(7);
  }

  @Test
  void deadline_sets_areCountedAndListed() {
    assertThat(run("proving", "deadline", "1", "-n").out())
        .startsWith(
            """
            Deadline Index:           1
            Deadline Open:            11:50:00
            Partitions:               2
            Proven Partitions:        1
            Current:                  true

            Partition Index:          0
            \tAll Sectors:               3
            \tAll Sector Numbers:         [0 1 2]
            \tLive Sectors:              2
            \tLive Sector Numbers:        [0 1]
            """);
    // Three bytes of RLE+ and one for their count.
    assertThat(run("proving", "deadline", "2", "-b").out())
        .contains(
            "\tAll Sectors:               5 (bitfield - runs 1+1=2 - 20 0s 5 1s - 0 inv - 4 B 4B)\n");
    assertThat(run("proving", "deadline", "9").err())
        .isEqualTo("ERROR: there is no deadline 9; they are 0 to 2\n\n");
    assertThat(run("proving", "deadline", "x").err())
        .isEqualTo(
            "ERROR: could not parse deadline index: strconv.ParseUint: parsing \"x\":"
                + " invalid syntax\n\n");
    assertThat(run("proving", "deadline", "2", "--json").json().path("Open").asInt())
        .isEqualTo(1040);
  }

  @Test
  void faults_some_areListedWithTheirPlace() {
    assertThat(run("proving", "faults").out())
        .isEqualTo(
            """
            Miner: t01000
            deadline  partition  sectors
            1         0          1
            """);
    assertThat(run("proving", "faults", "--json").out())
        .isEqualTo("{\"Deadline\":1,\"Partition\":0,\"Sector\":1}\n");
  }

  @Test
  void check_moreSectorsThanOnePageHolds_asksForTheNext() {
    String first =
        LongStream.range(0, 10_000)
            .mapToObj(number -> "{\"SectorNumber\":" + number + ",\"SealProof\":5}")
            .collect(Collectors.joining(",", "[", "]"));
    node.onSelkie("ChainSectors", params -> params.get(0).asLong() == 0 ? first : "[]")
        .on("CheckProvable", "{}");

    assertThat(run("proving", "check", "1").status()).isZero();

    assertThat(node.callsOfSelkie("ChainSectors"))
        .extracting(Object::toString)
        .containsExactly("[0,10000]", "[10000,10000]");
  }

  @Test
  void check_oneBad_saysWhy() {
    node.onSelkie(
            "ChainSectors",
            "[{\"SectorNumber\":0,\"SealProof\":5},{\"SectorNumber\":1,\"SealProof\":5}]")
        .on("StorageList", "{\"8b4a\":[{\"Number\":0}]}")
        .on("CheckProvable", "{\"1\":\"generating vanilla proof: no file\"}");

    assertThat(run("proving", "check", "1").out())
        .isEqualTo(
            """
            deadline  partition  sector  status
            1         0          0       good
            1         0          1       bad (generating vanilla proof: no file)
            """);
    assertThat(node.callsOf("CheckProvable").getFirst().toString())
        .isEqualTo(
            "[10,[{\"ID\":{\"Miner\":1000,\"Number\":0},\"ProofType\":5},"
                + "{\"ID\":{\"Miner\":1000,\"Number\":1},\"ProofType\":5}]]");
    assertThat(run("proving", "check", "1", "--only-bad").out().lines()).hasSize(2);
    assertThat(run("proving", "check", "1", "--storage-id", "8b4a").out().lines()).hasSize(2);
    assertThat(run("proving", "check", "1", "--faulty", "--json").out())
        .isEqualTo(
            "{\"Deadline\":1,\"Partition\":0,\"Sector\":1,\"Good\":false,"
                + "\"Reason\":\"generating vanilla proof: no file\"}\n");
    assertThat(run("proving", "check", "1", "--color").out()).contains("\u001b[31mbad\u001b[0m (");
  }

  @Test
  void computeWindowedPost_deadline_isPrintedWithSkippedSectorsOneByOne() {
    node.on(
        "ComputeWindowPoSt",
        "[{\"Deadline\":1,\"Partitions\":[{\"Index\":0,\"Skipped\":[2,2,1,1]},{\"Index\":1,"
            + "\"Skipped\":[0]}],\"Proofs\":[{\"PoStProof\":10,\"ProofBytes\":\"AQI=\"}],"
            + "\"ChainCommitEpoch\":0,\"ChainCommitRand\":null}]");
    String expected =
        """
        [ {
          "Deadline" : 1,
          "Partitions" : [ {
            "Index" : 0,
            "Skipped" : [ 2, 3, 5 ]
          }, {
            "Index" : 1,
            "Skipped" : [ ]
          } ],
          "Proofs" : [ {
            "PoStProof" : 10,
            "ProofBytes" : "AQI="
          } ],
          "ChainCommitEpoch" : 0,
          "ChainCommitRand" : null
        } ]
        """;
    assertThat(run("proving", "compute", "windowed-post", "1").out())
        .isEqualTo("Took 0s\n" + expected);
    assertThat(run("proving", "compute", "window-post", "1", "--json").out()).isEqualTo(expected);
    assertThat(node.callsOf("ComputeWindowPoSt").getFirst().toString()).isEqualTo("[1,[]]");
    assertThat(run("proving", "compute", "windowed-post", "x").err())
        .contains("could not parse deadline index: strconv.ParseUint: parsing \"x\"");
  }

  @Test
  void recoverFaults_sectors_waitsForTheMessages() {
    node.on("RecoverFault", "[{\"/\":\"" + MESSAGE + "\"}]")
        .onSelkie(
            "ChainMessage", "{\"Height\":9,\"ExitCode\":0,\"Reason\":\"\",\"Confirmations\":5}");
    assertThat(run("proving", "recover-faults", "1", "2").out()).isEqualTo(MESSAGE + "\n");
    assertThat(node.callsOf("RecoverFault").getFirst().toString()).isEqualTo("[[1,2]]");
    assertThat(node.callsOfSelkie("ChainMessage").getFirst().toString())
        .isEqualTo("[{\"/\":\"" + MESSAGE + "\"}]");
    assertThat(run("proving", "recover-faults", "1", "--json", "--confidence", "0").out())
        .isEqualTo(
            "{\"Message\":\"" + MESSAGE + "\",\"Height\":9,\"ExitCode\":0,\"Reason\":\"\"}\n");
    node.onSelkie(
        "ChainMessage",
        "{\"Height\":9,\"ExitCode\":16,\"Reason\":\"too late\",\"Confirmations\":7}");
    Run failed = run("proving", "recover-faults", "1");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.err())
        .contains("Failed to execute message " + MESSAGE + ": exit code 16: too late");
    assertThat(run("proving", "recover-faults", "x").err())
        .contains("failed to convert sectors, please check the arguments: strconv.ParseUint");
  }
}
