package io.selkie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MinerInfoTest extends CommandLineTest {

  @BeforeEach
  void aNode() {
    node.on("RuntimeSubsystems", "[\"Mining\",\"Sealing\",\"SectorStorage\"]")
        .on("StartTime", "\"2026-03-01T11:58:00Z\"")
        .on("ActorAddress", "\"t01000\"")
        .on("ActorSectorSize", "2048")
        .on("MiningBase", "{\"Height\":77}")
        .on("SectorsSummary", "{\"Foo\":1,\"PreCommit1\":2,\"Proving\":3,\"Removed\":1}");
  }

  /** As a lotus-miner, which has none of Selkie's methods. */
  @Test
  void info_otherNode_listsStatesInDisplayOrder() {
    assertThat(run("info").out())
        .isEqualTo(
            """
            Enabled subsystems: [Mining Sealing SectorStorage]
            StartTime: 2m0s (started at 2026-03-01 11:58:00 +0000 UTC)
            Chain: [epoch 77]
            Miner: t01000 (2 KiB sectors)
            Sectors:
            \tTotal: 7
            \tFoo: 1
            \tProving: 3
            \tPreCommit1: 2
            \tRemoved: 1
            """);
    assertThat(run("info", "--json").json().path("Sectors").path("Proving").asInt()).isEqualTo(3);
    assertThat(run("info", "--hide-sectors-info").out()).doesNotContain("Sectors:");
  }

  private void everything() {
    node.on("Version", "{\"Version\":\"0.1.0\",\"APIVersion\":66816,\"BlockDelay\":4}")
        .on("LogAlerts", "[{\"Active\":true},{\"Active\":false}]")
        .on("StorageLocal", "{\"8b4a\":\"/data\"}")
        .on("StorageStat", "{\"Capacity\":4096,\"FSAvailable\":1024}")
        .on("StorageInfo", "{\"CanSeal\":true,\"CanStore\":true}")
        .on(
            "WorkerStats",
            "{\"a\":{\"Tasks\":[\"seal/v0/precommit/1\"]},\"b\":{\"Tasks\":[\"post/v0/windowproof\"]}}")
        .onSelkie(
            "MinerOnChain",
            """
            {"Height":77,"HeadTime":"2026-03-01T11:59:50Z","SectorSize":2048,"RawBytePower":"4096",
             "QualityAdjPower":"22528","TotalRawBytePower":"8192","TotalQualityAdjPower":"1048576",
             "LiveSectors":3,"ActiveSectors":2,"FaultySectors":1,"Balance":"1500000000000000000",
             "PreCommitDeposits":"5","InitialPledge":"0","Vesting":"0","Available":"1000000000000000000",
             "MarketBalance":"0","MarketLocked":"0","WorkerBalance":"2000000000000000000",
             "ActiveDeals":2,"ActiveDealBytes":4096,"WaitingDeals":1,"WaitingDealBytes":128}
            """);
  }

  @Test
  void info_everythingTold_hasPowerFundsDealsAndStorage() {
    everything();

    assertThat(run("info").out())
        .isEqualTo(
            """
            Enabled subsystems: [Mining Sealing SectorStorage]
            StartTime: 2m0s (started at 2026-03-01 11:58:00 +0000 UTC)
            Chain: [sync slow (10s behind)] [epoch 77]
            \u26a0 1 Active alerts (check selkie log alerts)
            Miner: t01000 (2 KiB sectors)
            Power: 22 Ki / 1 Mi (2.1484%)
            \tRaw: 4 KiB / 8 KiB (50.0000%)
            \tCommitted: 6 KiB
            \tProving: 6 KiB (2 KiB Faulty, 33.33%)

            Miner Balance:    1.5 FIL
                  PreCommit:  5 aFIL
                  Pledge:     0
                  Vesting:    0
                  Available:  1 FIL
            Market Balance:   0
                   Locked:    0
                   Available: 0
            Worker Balance:   2 FIL
            Total Spendable:  3 FIL

            Sectors:
            \tTotal: 7
            \tFoo: 1
            \tProving: 3
            \tPreCommit1: 2
            \tRemoved: 1
            Deals:
            \tActive: 2, 4 KiB
            \tWaiting: 1, 128 B
            Storage:
            \t8b4a: 3 KiB/4 KiB 75%; Seal Store
            Workers: Seal(1) WdPoSt(1) WinPoSt(0)
            """);
  }

  @Test
  void info_networkWithoutPower_hasNoShareOfIt() {
    everything();
    node.onSelkie(
        "MinerOnChain",
        """
        {"Height":77,"HeadTime":"2026-03-01T11:59:50Z","SectorSize":2048,"RawBytePower":"0",
         "QualityAdjPower":"0","TotalRawBytePower":"0","TotalQualityAdjPower":"0"}
        """);

    assertThat(run("info").out())
        .contains("Power: 0  / 0  (0%)\n\tRaw: 0 B / 0 B (0%)\n\tCommitted: 0 B\n");
  }

  @Test
  void info_colour_followsStatesAndAmounts() {
    everything();
    String out = run("info", "--color").out().replace('\u001b', '^');
    assertThat(out)
        .contains("[^[33msync slow (10s behind)^[0m]")
        .contains("Miner: ^[34mt01000^[0m")
        .contains("^[32m\tProving: 3^[0m")
        .contains("^[33m\tPreCommit1: 2^[0m")
        .contains("^[36m\tRemoved: 1^[0m")
        .contains("\n\tFoo: 1\n")
        .contains("^[32m      Available:  1 FIL^[0m")
        .contains("^[33m       Available: 0^[0m");
  }

  @Test
  void info_json_hasEveryPart() {
    everything();
    assertThat(run("info", "--json").json().propertyNames())
        .containsExactly(
            "Subsystems",
            "StartTime",
            "Miner",
            "SectorSize",
            "ChainHeight",
            "OnChain",
            "Alerts",
            "Sectors",
            "Storage");
  }

  @Test
  void alerts_activeAndResolved_areListed() {
    node.on(
        "LogAlerts",
        """
        [{"Type":{"System":"sector-index","Subsystem":"path"},"Active":true,
          "LastActive":{"Type":"raised","Message":{"error":"gone"},"Time":"2026-03-01T11:00:00Z"},
          "LastResolved":null},
         {"Type":{"System":"process","Subsystem":"fd-limit"},"Active":false,"LastActive":null,
          "LastResolved":{"Type":"resolved","Message":"fine","Time":"2026-03-01T10:00:00Z"}}]
        """);
    String active =
        """
        active   sector-index:path
        \tlast raised at 2026-03-01 11:00:00 +0000 UTC; reason: {"error":"gone"}
        """;
    assertThat(run("log", "alerts").out()).isEqualTo(active);
    assertThat(run("log", "alerts", "--all").out())
        .isEqualTo(
            active
                + "inactive process:fd-limit\n"
                + "\tlast resolved at 2026-03-01 10:00:00 +0000 UTC; reason: \"fine\"\n");
    assertThat(run("log", "alerts", "--all", "--json").out().lines()).hasSize(2);
  }

  @Test
  void power_variousBytes_hasThreeDigits() {
    assertThat(Format.power(BigInteger.ZERO)).isEqualTo("0 ");
    assertThat(Format.power(BigInteger.valueOf(1000))).isEqualTo("1e+03 ");
    assertThat(Format.power(BigInteger.valueOf(1012))).isEqualTo("1.01e+03 ");
    assertThat(Format.power(BigInteger.valueOf(1536))).isEqualTo("1.5 Ki");
    assertThat(Format.power(BigInteger.valueOf(196_065_256_243L))).isEqualTo("183 Gi");
  }
}
