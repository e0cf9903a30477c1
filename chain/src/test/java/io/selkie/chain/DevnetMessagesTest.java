package io.selkie.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.OutMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevnetMessagesTest {

  private static final OutMessage SEND =
      new OutMessage(DevnetFixture.MINER, 0, new byte[0], TokenAmount.of(5));

  @TempDir Path directory;

  @Test
  void push_ofAMessage_isExecutedInTheNextBlock() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      TokenAmount before = net.chain.availableBalance(DevnetFixture.MINER);
      Cid cid = net.chain.push(SEND, "a");
      assertThat(net.chain.searchMessage(cid)).isEmpty();
      net.chain.step();
      MessageLookup lookup = net.chain.searchMessage(cid).orElseThrow();
      assertThat(lookup.exitCode()).isZero();
      assertThat(lookup.message()).isEqualTo(cid);
      assertThat(lookup.tipSet()).isEqualTo(net.chain.head());
      assertThat(net.chain.availableBalance(DevnetFixture.MINER))
          .isEqualTo(before.plus(TokenAmount.of(5)));
    }
  }

  @Test
  void push_ofAMessage_hasTheCidOfItsEncoding() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      for (long nonce = 0; nonce < 3; nonce++) {
        ChainMessage expected =
            ChainMessage.ofDevnet(
                Address.ofId(1000),
                Address.ofId(net.chain.minerInfo(DevnetFixture.MINER).worker()),
                nonce,
                TokenAmount.of(5),
                0,
                new byte[0]);
        assertThat(net.chain.push(SEND, "key " + nonce)).isEqualTo(expected.cid());
      }
    }
  }

  @Test
  void push_underTheSameKey_isSentOnceEvenAfterReopening() throws Exception {
    Cid first;
    OutMessage other = new OutMessage(DevnetFixture.MINER, 0, new byte[0], TokenAmount.of(9));
    TokenAmount before;
    try (DevnetFixture net = new DevnetFixture(directory)) {
      before = net.chain.availableBalance(DevnetFixture.MINER);
      first = net.chain.push(SEND, "key");
      assertThat(net.chain.push(SEND, "key")).isEqualTo(first);
    }
    try (DevnetFixture net = new DevnetFixture(directory)) {
      assertThat(net.chain.push(other, "key")).isEqualTo(first);
      net.chain.step();
      assertThat(net.chain.push(SEND, "key")).isEqualTo(first);
      net.chain.step();
      assertThat(net.chain.availableBalance(DevnetFixture.MINER))
          .isEqualTo(before.plus(TokenAmount.of(5)));
    }
  }

  @Test
  void push_ofWhatCannotBeSent_isRefused() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      assertThatThrownBy(() ->
              net.chain.push(
                  new OutMessage(new ActorId(1001), 0, new byte[0], TokenAmount.ZERO), "k"))
          .isInstanceOfSatisfying(
              ChainFault.class,
              e -> assertThat(e.kind()).isEqualTo(ChainFault.Kind.ACTOR_NOT_FOUND))
          .hasMessage("actor 1001 not found");
      assertThatThrownBy(() -> net.chain.push(SEND, "")).isInstanceOf(ChainFault.class);
      assertThatThrownBy(() -> net.chain.push(SEND, "k".repeat(513)))
          .hasMessage("idempotency key of 513 characters, 1 to 512 are allowed");
      OutMessage negative = new OutMessage(DevnetFixture.MINER, 0, new byte[0], TokenAmount.of(-1));
      assertThatThrownBy(() -> net.chain.push(negative, "k")).hasMessage("value -1");
      OutMessage huge =
          new OutMessage(
              DevnetFixture.MINER,
              34,
              new byte[MessagePool.MAX_PARAMS_BYTES + 1],
              TokenAmount.ZERO);
      assertThatThrownBy(() -> net.chain.push(huge, "k"))
          .hasMessage("parameters of 67108865 bytes, at most 67108864");
      // Nothing of it was kept: the key is still free.
      net.chain.push(SEND, "k");
    }
  }

  @Test
  void message_ofMoreThanTheSenderHas_exitsWith6AndMovesNothing() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      TokenAmount before = net.chain.availableBalance(DevnetFixture.MINER);
      MessageLookup lookup = net.execute(0, new byte[0], DevnetFixture.fil(20_000_000));
      assertThat(lookup.exitCode()).isEqualTo(6);
      assertThat(net.chain.availableBalance(DevnetFixture.MINER)).isEqualTo(before);
      assertThat(net.chain.failureReason(lookup.message()).orElseThrow()).contains("f0100 has");
    }
  }

  @Test
  void message_toAnUnknownMethod_exitsWith22() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      assertThat(net.execute(5, new byte[0], TokenAmount.ZERO).exitCode()).isEqualTo(22);
    }
  }

  @Test
  void message_withGarbageParameters_failsAndTheChainGoesOn() throws Exception {
    long seed = System.nanoTime();
    System.out.println("DevnetMessagesTest seed " + seed);
    Random random = new Random(seed);
    try (DevnetFixture net = new DevnetFixture(directory)) {
      byte[] good =
          new PreCommitSectorBatch2Params(List.of(net.sector(1, Optional.empty()))).encode();
      for (int round = 0; round < 60; round++) {
        byte[] hostile = good.clone();
        hostile[random.nextInt(hostile.length)] ^= (byte) (1 << random.nextInt(8));
        if (random.nextBoolean()) {
          random.nextBytes(hostile);
        }
        long method =
            random.nextBoolean()
                ? PreCommitSectorBatch2Params.METHOD
                : ProveCommitSectors3Params.METHOD;
        long exit = net.execute(method, hostile, TokenAmount.of(1)).exitCode();
        // A flipped bit in a CID's digest or an epoch may still be a fine pre-commit.
        assertThat(exit).as("seed %d", seed).isIn(0L, 16L, 21L);
      }
      assertThat(net.execute(28, new byte[0], TokenAmount.ZERO).exitCode()).isEqualTo(21);
      assertThat(net.chain.head().height().value()).isEqualTo(61);
    }
  }

  @Test
  void message_thatMeetsADefect_failsAloneAndIsNotTriedAgain() throws Exception {
    DevnetEnvironment broken =
        DevnetFixture.environment((type, sector, commR, commD, ticket, seed, proof) -> {
          throw new IllegalStateException("a defect of the verifier");
        });
    try (DevnetFixture net =
        new DevnetFixture(Devnet.open(directory, DevnetParams.ofLotus2k(), broken))) {
      net.preCommit(net.sector(1, Optional.empty()));
      net.skipTo(20);
      MessageLookup lookup =
          net.prove(List.of(DevnetFixture.activation(1)), List.of(new byte[] {1}));
      assertThat(lookup.exitCode()).isEqualTo(24);
      assertThat(net.preCommitOf(1).number().value()).isEqualTo(1);
      assertThat(net.execute(0, new byte[0], TokenAmount.ZERO).exitCode()).isZero();
    }
  }

  @Test
  void messages_overTheBlocksLimit_waitForTheNext() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      List<Cid> cids = new ArrayList<>();
      for (int i = 0; i <= BlockMaker.MAX_MESSAGES; i++) {
        cids.add(net.chain.push(SEND, "many " + i));
      }
      net.chain.step();
      assertThat(net.chain.searchMessage(cids.get(BlockMaker.MAX_MESSAGES - 1))).isPresent();
      assertThat(net.chain.searchMessage(cids.getLast())).isEmpty();
      net.chain.step();
      assertThat(net.chain.searchMessage(cids.getLast())).isPresent();
    }
  }

  @Test
  void ensureMiner_again_isTheSameMiner() throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      assertThat(net.chain.ensureMiner(DevnetFixture.MINER, SectorSize.KIB_2))
          .isEqualTo(net.chain.minerInfo(DevnetFixture.MINER));
      assertThatThrownBy(() -> net.chain.ensureMiner(DevnetFixture.MINER, SectorSize.MIB_8))
          .hasMessage("miner 1000 has sectors of 2KiB, not 8MiB");
      assertThatThrownBy(() -> net.chain.ensureMiner(new ActorId(999), SectorSize.KIB_2))
          .hasMessage("miner 999: miners are numbered from 1000");
      net.chain.ensureMiner(new ActorId(1001), SectorSize.MIB_8);
      assertThat(net.chain.minerInfo(new ActorId(1001)).windowPoStProofType()).isEqualTo(11);
      assertThat(net.chain.minerInfo(new ActorId(1001)).worker()).isEqualTo(new ActorId(101));
      assertThat(net.chain.miners()).hasSize(2);
    }
  }

  /** The files as they are while the chain is open are what a killed process leaves behind. */
  @Test
  void files_copiedWhileOpen_holdEverythingAcknowledged(@TempDir Path copy) throws Exception {
    try (DevnetFixture net = new DevnetFixture(directory)) {
      Cid executed = net.chain.push(SEND, "executed");
      net.chain.step();
      Cid pending = net.chain.push(SEND, "pending");
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
      try (DevnetFixture after = new DevnetFixture(copy)) {
        assertThat(after.chain.head()).isEqualTo(net.chain.head());
        assertThat(after.chain.searchMessage(executed)).isPresent();
        assertThat(after.chain.push(SEND, "pending")).isEqualTo(pending);
        after.chain.step();
        assertThat(after.chain.searchMessage(pending)).isPresent();
      }
    }
  }

  @Test
  void process_killedWhilePushing_hasLostNothingItAcknowledged() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.sqlite.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                PushingProcess.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      while (acknowledged.size() < 40) {
        String line = lines.readLine();
        assertThat(line).as("the process ended after %d pushes", acknowledged.size()).isNotNull();
        acknowledged.add(line);
      }
      child.destroyForcibly().waitFor();
    }
    assertThat(child.exitValue()).isNotZero();
    try (DevnetFixture net = new DevnetFixture(directory)) {
      Set<Cid> cids = new HashSet<>();
      for (int i = 0; i < acknowledged.size(); i++) {
        Cid cid = net.chain.push(SEND, "child " + i);
        assertThat(cid).hasToString(acknowledged.get(i));
        cids.add(cid);
      }
      assertThat(cids).hasSize(acknowledged.size());
      net.chain.step();
      for (Cid cid : cids) {
        assertThat(net.chain.searchMessage(cid).orElseThrow().exitCode()).isZero();
      }
    }
  }

  /** Pushes and makes blocks until it is killed; prints each CID once it has it. */
  static final class PushingProcess {
    private PushingProcess() {}

    public static void main(String[] args) throws IOException, ChainFault {
      DevnetFixture net = new DevnetFixture(Path.of(args[0]));
      for (int i = 0; ; i++) {
        System.out.println(net.chain.push(SEND, "child " + i));
        System.out.flush();
        if (i % 5 == 4) {
          net.chain.step();
        }
      }
    }
  }
}
