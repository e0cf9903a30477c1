package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SealingCommandsTest extends CommandLineTest {

  private static final String WORKER = "8b4a0000-0000-0000-0000-000000000001";
  private static final String CALL = "1f2e3d4c-0000-0000-0000-00000000000";

  private void someJobs() {
    node.on(
            "WorkerJobs",
            "{\""
                + WORKER
                + "\":["
                + job(1, "seal/v0/unseal", 0, "2026-03-01T11:58:57.750Z")
                + ","
                + job(2, "seal/v0/precommit/1", 3, "0001-01-01T00:00:00Z")
                + ","
                + job(3, "seal/v0/commit/2", -3, "2026-03-01T11:00:00Z")
                + "],\"00000000-0000-0000-0000-000000000000\":["
                + job(4, "nonsense", -1, "2026-03-01T11:59:59.700Z")
                    .replace("\"RunWait\"", "\"Hostname\":\"old\",\"RunWait\"")
                + "]}")
        .on("WorkerStats", "{\"" + WORKER + "\":{\"Info\":{\"Hostname\":\"here\"}}}")
        .on("SealingAbort", "null")
        .on("SealingRemoveRequest", "null");
  }

  private static String job(int number, String task, int runWait, String start) {
    String sector = "{\"Miner\":1000,\"Number\":" + number + "}";
    return ("{\"ID\":{\"Sector\":%s,\"ID\":\"%s\"},\"Sector\":%s,\"Task\":\"%s\",\"RunWait\":%d,"
            + "\"Start\":\"%s\"}")
        .formatted(sector, CALL + number, sector, task, runWait, start);
  }

  @Test
  void jobs_eachState_isInWords() {
    someJobs();

    assertThat(run("sealing", "jobs", "--show-ret-done").out())
        .isEqualTo(
            """
            ID        Sector  Worker    Hostname  Task  State        Time
            1f2e3d4c  3       8b4a0000  here      C2    ret-done     1h0m0s
            1f2e3d4c  4       00000000  old       UNK   ret-wait     300ms
            1f2e3d4c  1       8b4a0000  here      UNS   running      1m2.2s
            1f2e3d4c  2       8b4a0000  here      PC1   assigned(2)  n/a
            """);
    assertThat(run("sealing", "jobs").out().lines()).hasSize(4);
    assertThat(run("sealing", "jobs", "--json").out().lines())
        .first()
        .asString()
        .contains("\"Hostname\":\"old\"", "\"State\":\"ret-wait\"");
  }

  @Test
  void jobs_none_hasItsHead() {
    node.on("WorkerJobs", "{}").on("WorkerStats", "{}");
    assertThat(run("sealing", "jobs").out())
        .isEqualTo("ID  Sector  Worker  Hostname  Task  State  Time\n");
  }

  @Test
  void abort_prefix_endsThatJob() {
    someJobs();

    assertThat(run("sealing", "abort", CALL + "1").out())
        .isEqualTo("aborting job 1000-1-" + CALL + "1, task UNS, sector 1, running on host \n");
    assertThat(node.callsOf("SealingAbort").getFirst().toString())
        .isEqualTo("[{\"Sector\":{\"Miner\":1000,\"Number\":1},\"ID\":\"" + CALL + "1\"}]");
    assertThat(run("sealing", "abort", "ffff").err())
        .isEqualTo("ERROR: job with specified id prefix not found\n\n");
    assertThat(run("sealing", "abort", "--sched", CALL + "1").status()).isZero();
    assertThat(node.callsOf("SealingRemoveRequest").getFirst().toString())
        .isEqualTo("[\"" + CALL + "1\"]");
    assertThat(run("sealing", "abort", "--sched", "x").err())
        .isEqualTo("ERROR: 'x' is no request id\n\n");
  }

  @Test
  void workers_sealingAndProving_areApart() {
    node.on(
        "WorkerStats",
        """
        {"8b4a":{"Info":{"Hostname":"here","Resources":{"MemPhysical":4096,"MemUsed":1024,"MemSwap":0,
           "MemSwapUsed":0,"CPUs":4,"GPUs":["A card"],
           "Resources":{"seal/v0/precommit/1":{"5":{"MaxConcurrent":4}}}}},
          "Tasks":["seal/v0/addpiece"],"Enabled":true,"MemUsedMin":512,"MemUsedMax":512,"GpuUsed":0,
          "CpuUse":1,"TaskCounts":{"5:seal/v0/precommit/1":1,"5:seal/v0/addpiece":3,"5:seal/v0/unseal":0}},
         "9c5b":{"Info":{"Hostname":"there","Resources":{"CPUs":2}},"Tasks":["post/v0/windowproof"],
          "Enabled":false,"TaskCounts":{}}}
        """);

    assertThat(run("sealing", "workers").out())
        .isEqualTo(
            "Worker 8b4a, host here\n"
                + "\tTASK: AP(3) PC1(1/4) \n"
                + "\tCPU:  ["
                + "|".repeat(16)
                + " ".repeat(48)
                + "] 1/4 core(s) in use\n"
                + "\tRAM:  ["
                + "|".repeat(16)
                + " ".repeat(48)
                + "] 25% 1 KiB/4 KiB\n"
                + "\tVMEM: ["
                + "|".repeat(16)
                + " ".repeat(48)
                + "] 25% 1 KiB/4 KiB\n"
                + "\tGPU:  ["
                + " ".repeat(64)
                + "] 0% 0.00/1 gpu(s) in use\n"
                + "\tGPU: A card, not used\n");
    assertThat(run("proving", "workers").out())
        .startsWith("Worker 9c5b, host there (disabled)\n\tCPU:  [");
    assertThat(run("sealing", "workers", "--json").out().lines())
        .singleElement()
        .asString()
        .startsWith("{\"ID\":\"8b4a\",\"Info\":");
  }

  @Test
  void schedDiag_always_isIndentedJson() {
    node.on("SealingSchedDiag", "{\"SchedInfo\":{\"Requests\":null}}");
    assertThat(run("sealing", "sched-diag", "--force-sched").out())
        .isEqualTo(
            """
            {
              "SchedInfo" : {
                "Requests" : null
              }
            }
            """);
    assertThat(node.callsOf("SealingSchedDiag").getFirst().toString()).isEqualTo("[true]");
  }

  @Test
  void dataCid_file_isPaddedAndSent() throws IOException {
    Path file = Files.write(repo.resolve("data.bin"), new byte[] {1, 2, 3});
    byte[][] seen = new byte[1][];
    node.on(
        "ComputeDataCid",
        params -> {
          seen[0] = node.stream(params.get(1));
          return "{\"Size\":"
              + params.get(0).asLong() / 127 * 128
              + ",\"PieceCID\":{\"/\":\"baga\"}}";
        });

    assertThat(run("sealing", "data-cid", file.toString()).out()).isEqualTo("baga   128\n");
    assertThat(seen[0]).hasSize(127).startsWith(1, 2, 3, 0);
    assertThat(run("sealing", "data-cid", file.toString(), "512").out()).isEqualTo("baga   512\n");
    assertThat(run("sealing", "data-cid", "--file-size", "2", file.toString()).status()).isZero();
    assertThat(seen[0]).startsWith(1, 2, 0);
    assertThat(run("sealing", "data-cid", "--file-size", "999", file.toString(), "128").err())
        .isEqualTo("ERROR: file larger than the piece\n\n");
    Run bar = run(new Terminal(true, true, true, none()), "sealing", "data-cid", file.toString());
    assertThat(bar.err()).contains("computing [", "] 2% 3 B/127 B").endsWith("\r\u001b[K");
    assertThat(bar.out()).isEqualTo("baga   128\n");
  }

  private static java.io.BufferedReader none() {
    return Terminal.none().input();
  }
}
