package io.selkie.node.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.SealingConfig;
import io.selkie.rpc.server.ServerLimits;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigFileTest {

  private static final String EVERY_KEY =
      """
      [API]
      ListenAddress = "/ip4/127.0.0.1/tcp/4001/http"
      AnonymousRead = true
      MaxRequestBytes = 70000
      MaxBatch = 7
      MaxConnections = 8
      MaxConnectionsPerAddress = 6
      MaxSubscriptions = 9
      CallTimeout = "10s"
      [Dealmaking]
      StartEpochSealingBuffer = 7
      [Sealing]
      MaxWaitDealsSectors = 3
      MaxSealingSectors = 4
      MaxSealingSectorsForDeals = 5
      MakeNewSectorForDeals = false
      WaitDealsDelay = "1h30m"
      CommittedCapacitySectorLifetime = "4800h"
      AlwaysKeepUnsealedCopy = false
      FinalizeEarly = true
      MakeCCSectorsAvailable = true
      UseSyntheticPoRep = true
      RemoveHopelessSectors = true
      MaxPreCommitBatch = 6
      PreCommitBatchWait = "1s"
      PreCommitBatchSlack = "2s"
      MaxCommitBatch = 8
      CommitBatchWait = "3s"
      CommitBatchSlack = "4s"
      CollateralFromMinerBalance = true
      DisableCollateralFallback = true
      RequireActivationSuccess = true
      RequireNotificationSuccess = true
      AvailableBalanceBuffer = "0.5 FIL"
      RetryPause = "5s"
      [Devnet]
      Miner = 1234
      SectorSize = "8MiB"
      BlockDelay = "250ms"
      """;

  @TempDir private Path home;

  @Test
  void read_limitsOfTheApiOutOfRange_areRefused() {
    assertRefused("[API]\nMaxRequestBytes = 10\n", "line 2: API.MaxRequestBytes = 10 is not in");
    assertRefused("[API]\nMaxConnections = 0\n", "line 2: API.MaxConnections = 0 is not in");
    assertRefused("[API]\nCallTimeout = \"1ms\"\n", "'1ms' is not within 1s to 24h");
    assertRefused("[API]\nCallTimeout = \"48h\"\n", "'48h' is not within 1s to 24h");
  }

  @Test
  void read_everyKey_isTaken() throws IOException {
    MinerConfig read = read(EVERY_KEY);
    SealingConfig sealing = read.sealing();
    assertThat(read.api())
        .isEqualTo(
            new MinerConfig.Api(
                "/ip4/127.0.0.1/tcp/4001/http",
                true,
                false,
                read.api().limits(),
                new AllowedUrls(List.of())));
    ServerLimits limits = read.api().limits();
    assertThat(limits.requests().bodyBytes()).isEqualTo(70_000);
    assertThat(limits.requests().batchItems()).isEqualTo(7);
    assertThat(limits.sockets().connections()).isEqualTo(8);
    assertThat(limits.sockets().perAddress()).isEqualTo(6);
    assertThat(limits.sockets().subscriptions()).isEqualTo(9);
    assertThat(limits.times().call()).isEqualTo(Duration.ofSeconds(10));
    assertThat(read.devnet())
        .isEqualTo(
            new MinerConfig.Devnet(new ActorId(1234), SectorSize.MIB_8, Duration.ofMillis(250)));
    assertThat(sealing.input())
        .isEqualTo(new SealingConfig.Input(3, 4, 5, false, Duration.ofMinutes(90), 7));
    assertThat(sealing.sectors())
        .isEqualTo(new SealingConfig.Sectors(Duration.ofDays(200), false, true, true, true, true));
    assertThat(sealing.preCommitBatch())
        .isEqualTo(new SealingConfig.Batch(6, Duration.ofSeconds(1), Duration.ofSeconds(2)));
    assertThat(sealing.commitBatch())
        .isEqualTo(new SealingConfig.Batch(8, Duration.ofSeconds(3), Duration.ofSeconds(4)));
    assertThat(sealing.collateral())
        .isEqualTo(
            new SealingConfig.Collateral(
                true, true, true, true, new TokenAmount(BigInteger.TEN.pow(17).multiply(FIVE))));
    assertThat(sealing.retry().sealing().first()).isEqualTo(Duration.ofSeconds(5));
  }

  private static final BigInteger FIVE = BigInteger.valueOf(5);

  @Test
  void read_nothing_isTheDefaults() throws IOException {
    assertThat(read("# nothing\n")).isEqualTo(MinerConfig.defaults());
  }

  @Test
  void read_keysOfTheReferenceWithoutEffect_areTakenAndChangeNothing() throws IOException {
    assertThat(
            read(
                """
                [Sealing]
                MaxUpgradingSectors = 3
                PreferNewSectorsForDeals = true
                MinUpgradeSectorExpiration = 518400
                MinTargetUpgradeSectorExpiration = 518400
                RequireActivationSuccessUpdate = true
                RequireNotificationSuccessUpdate = true
                MinCommitBatch = 4
                MaxSectorProveCommitsSubmittedPerEpoch = 20
                """))
        .isEqualTo(MinerConfig.defaults());
    assertRefused("[Sealing]\nMinCommitBatch = true\n", "line 2: ", "Sealing.MinCommitBatch");
  }

  @Test
  void read_unknownKeys_namesEachWithItsLine() {
    assertRefused(
        "[API]\nListen = 1\n[Sealing]\nMaxSealingSector = 2\n",
        "line 2: unknown key 'API.Listen'",
        "line 4: unknown key 'Sealing.MaxSealingSector'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[Fees]", "Seal = 1", "[[Sealings]]\nx = 1", "\"a.b\" = 1", "[Devnet.More]"})
  void read_unknownSection_isRefused(String text) {
    assertRefused(text, "unknown key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sealing = 5", "API = \"x\"", "[[Devnet]]\nMiner = 1"})
  void read_valueWhereASectionBelongs_isRefused(String text) {
    assertRefused(text, "line 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "Sealing.MaxWaitDealsSectors = \"2\" | is no long",
        "Sealing.MaxWaitDealsSectors = 2.5 | is no long",
        "Sealing.MaxWaitDealsSectors = -1 | = -1 is not in 0..2147483647",
        "Sealing.MaxSealingSectors = 2147483648 | = 2147483648 is not in 0..2147483647",
        "Sealing.MaxPreCommitBatch = 0 | = 0 is not in 1..256",
        "Sealing.MaxPreCommitBatch = 257 | = 257 is not in 1..256",
        "Sealing.MaxCommitBatch = 820 | = 820 is not in 1..819",
        "Sealing.AlwaysKeepUnsealedCopy = \"true\" | is no boolean",
        "Sealing.MaxUnsealing = 0 | = 0 is not in 1..1024",
        "Sealing.WaitDealsDelay = 6 | is no string",
        "Sealing.WaitDealsDelay = \"\" | '' is no duration",
        "Sealing.WaitDealsDelay = \"-6h\" | '-6h' is no duration",
        "Sealing.WaitDealsDelay = \"3000000h\" | longer than 292 years",
        "Sealing.AvailableBalanceBuffer = \"abc\" | 'abc' is no amount",
        "Sealing.AvailableBalanceBuffer = \"-1\" | '-1' is no amount",
        "Sealing.AvailableBalanceBuffer = \"1e999999999\" | is no amount",
        "Sealing.AvailableBalanceBuffer = \"0.0000000000000000001\" | is no amount",
        "API.ListenAddress = \"127.0.0.1:2345\" | is no multiaddress",
        "API.ListenAddress = \"/ip4/127.0.0.1/tcp/65536/http\" | port '65536'",
        "API.ListenAddress = \"/ip4//tcp/1/http\" | names no host",
        "Devnet.Miner = 0 | = 0 is not in 1..",
        "Devnet.SectorSize = \"3KiB\" | '3KiB' is not one of 2KiB, 8MiB",
        "Devnet.SectorSize = \"\" | '' is not one of 2KiB, 8MiB",
        "Devnet.BlockDelay = \"0s\" | 0s is not within 1ms to 24h",
        "Devnet.BlockDelay = \"25h\" | 25h is not within 1ms to 24h"
      })
  void read_badValue_namesLineKeyAndLimit(String line, String problem) {
    assertRefused("# first\n" + line, "line 2: " + line.substring(0, line.indexOf(' ')), problem);
  }

  @Test
  void read_severalProblems_namesAll() {
    assertRefused(
        "[Devnet]\nMiner = 0\nBlockDelay = 1\n",
        "line 2: Devnet.Miner",
        "line 3: Devnet.BlockDelay is no string");
  }

  @Test
  void read_brokenToml_namesTheLine() {
    assertRefused("[API]\nListenAddress = \n", "line 2");
    assertRefused("[API]\nAnonymousRead = true\nAnonymousRead = true\n", "line 3");
  }

  @Test
  void read_bytesThatAreNoText_namesTheFile() throws IOException {
    Path file = Files.write(home.resolve("config.toml"), new byte[] {(byte) 0xff, 0, 7});
    assertThatThrownBy(() -> ConfigFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is not UTF-8 text");
  }

  @Test
  void read_hugeFile_isRefusedUnread() throws IOException {
    Path file = Files.write(home.resolve("config.toml"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> ConfigFile.read(file))
        .hasMessage(file + " has 1048577 bytes, over the limit of 1048576");
  }

  @Test
  void writeFirst_readBack_isWhatWasWritten() throws IOException {
    for (SectorSize size : SectorSize.values()) {
      Path file = home.resolve(size.toString());
      MinerConfig.Devnet devnet =
          new MinerConfig.Devnet(new ActorId(77), size, Duration.ofMillis(1500));
      ConfigWriting.writeFirst(file, devnet, Duration.ofSeconds(9), false);
      MinerConfig read = ConfigFile.read(file);
      assertThat(read.devnet()).isEqualTo(devnet);
      assertThat(read.api()).isEqualTo(MinerConfig.defaults().api());
      assertThat(read.sealing().preCommitBatch().longestWait()).isEqualTo(Duration.ofSeconds(9));
      assertThat(read.sealing().commitBatch().longestWait()).isEqualTo(Duration.ofSeconds(9));
      assertThat(read.sealing().sectors().alwaysKeepUnsealedCopy()).isFalse();
      assertThat(read.sealing().retry().sealing().first()).isEqualTo(Duration.ofMillis(7500));
    }
  }

  @Test
  void setWaitDealsDelay_onAFirstFile_changesThatLineAlone() throws IOException {
    Path file = home.resolve("config.toml");
    ConfigWriting.writeFirst(file, MinerConfig.defaults().devnet(), Duration.ZERO, true);
    String before = Files.readString(file);
    ConfigWriting.setWaitDealsDelay(file, Duration.ofMinutes(5));
    assertThat(Files.readString(file))
        .isEqualTo(before.replace("# WaitDealsDelay = \"6h\"", "WaitDealsDelay = \"5m\""));
    ConfigWriting.setWaitDealsDelay(file, Duration.ofMinutes(6));
    assertThat(ConfigFile.read(file).sealing().input().waitDealsDelay())
        .isEqualTo(Duration.ofMinutes(6));
    assertThat(home.resolve("config.toml.tmp")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '!',
      value = {
        "[Sealing]+# WaitDealsDelay = \"6h\"+WaitDealsDelay = \"1h\" # why"
            + "|[Sealing]+# WaitDealsDelay = \"6h\"+WaitDealsDelay = \"5m\" # why",
        "[Sealing]++  WaitDealsDelay='1h'|[Sealing]++WaitDealsDelay = \"5m\"",
        "[Sealing] # here+FinalizeEarly = true"
            + "|[Sealing] # here+WaitDealsDelay = \"5m\"+FinalizeEarly = true",
        "[API]+AnonymousRead = true"
            + "|[API]+AnonymousRead = true+[Sealing]+WaitDealsDelay = \"5m\"+"
      })
  void setWaitDealsDelay_keepsCommentsAndAllElse(String before, String after) throws IOException {
    Path file = home.resolve("config.toml");
    Files.writeString(file, before.replace('+', '\n'));
    ConfigWriting.setWaitDealsDelay(file, Duration.ofMinutes(5));
    assertThat(Files.readString(file)).isEqualTo(after.replace('+', '\n'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sealing.WaitDealsDelay = \"1h\"",
        "Sealing = { WaitDealsDelay = \"1h\" }",
        "[Sealing]\n\"WaitDealsDelay\" = \"1h\"",
        "[Sealing]\nUnknown = 1",
      })
  void setWaitDealsDelay_whereItCannot_isRefusedAndChangesNothing(String text) throws IOException {
    Path file = home.resolve("config.toml");
    Files.writeString(file, text);
    assertThatThrownBy(() -> ConfigWriting.setWaitDealsDelay(file, Duration.ofMinutes(5)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  private MinerConfig read(String text) throws IOException {
    Path file = home.resolve("config.toml");
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    return ConfigFile.read(file);
  }

  private void assertRefused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(home.resolve("config.toml") + ": ")
        .hasMessageContainingAll(parts);
  }
}
