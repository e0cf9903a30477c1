package io.selkie.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.JournalReplay;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SectorOffset;
import io.selkie.pipeline.SectorPiece;
import io.selkie.testkit.FakeSealer.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Goal: whatever comes together, nothing is lost and nothing happens twice. Method: several sectors
 * at once, faults of the disk and the chain at random, the process killed after a random number of
 * writes again and again; then a quiet time, and the books must balance. A failure names its seed.
 */
final class RandomCrashTest {

  private static final int RUNS = Integer.getInteger("selkie.crash.runs", 10);
  private static final int CRASHES = 6;

  @Test
  void miner_killedAgainAndAgain_losesNothingAndRepeatsNothing() throws Exception {
    int accepted = 0;
    for (long seed = 1; seed <= RUNS; seed++) {
      accepted += run(new SeededRandom(seed));
    }
    assertThat(accepted).isGreaterThan(RUNS);
  }

  private static int run(SeededRandom random) throws Exception {
    try (MinerSimulation miner = new MinerSimulation().start()) {
      Map<String, SectorOffset> accepted = new HashMap<>();
      for (int crash = 0; crash < CRASHES; crash++) {
        miner.journal.failAfter(5 + random.nextInt(60));
        disturb(miner, random);
        Map<String, CompletableFuture<SectorOffset>> asked = new HashMap<>();
        try {
          if (crash < 3) {
            miner.pipeline.pledge();
            for (int i = 0; i < 3; i++) {
              byte[] data = MinerSimulation.data(10 * crash + i + 1, 508);
              PieceDealInfo info = MinerSimulation.direct(data, 20_000);
              asked.put(info.identity(), add(miner, data, info));
            }
          }
        } catch (UncheckedIOException | IOException | ChainFault e) {
          assertThat(e).hasMessageMatching("(?s).*(crash|offline).*");
        }
        for (int i = 0; i < 40 && !miner.journal.isDead(); i++) {
          miner.step();
        }
        miner.chain.setOffline(false);
        miner.crashAndRestart();
        asked.forEach((identity, answer) -> {
          if (answer.isDone() && !answer.isCompletedExceptionally()) {
            accepted.put(identity, answer.join());
          }
        });
      }
      settle(miner, random);
      checkPieces(miner, accepted, random);
      checkMessages(miner, random);
      checkReplay(miner, random);
      return accepted.size();
    }
  }

  private static void disturb(MinerSimulation miner, SeededRandom random) {
    Step[] steps = Step.values();
    SealFault.Kind[] kinds = {SealFault.Kind.NO_SPACE, SealFault.Kind.IO, SealFault.Kind.CANCELLED};
    Step step = steps[random.nextInt(steps.length)];
    if (step != Step.ADD_PIECE && step != Step.PRE_COMMIT_1) {
      miner.sealer.failNext(step, kinds[random.nextInt(kinds.length)]);
    }
    switch (random.nextInt(4)) {
      case 0 -> miner.chain.refuseNextPush(ChainFault.Kind.OTHER);
      case 1 -> miner.chain.loseNextAnswer();
      case 2 -> miner.chain.setOffline(true);
      default -> {}
    }
  }

  private static void settle(MinerSimulation miner, SeededRandom random) {
    for (SectorId sector : sectors(miner)) {
      boolean empty = miner.status(sector).orElseThrow().record().pieces().isEmpty();
      miner.until(
          sector + " at rest, " + random,
          () ->
              miner.state(sector).equals("Proving")
                  || (empty && miner.state(sector).equals("WaitDeals")));
    }
  }

  private static List<SectorId> sectors(MinerSimulation miner) {
    List<SectorId> all = new java.util.ArrayList<>();
    miner.journal.forEach(snapshot -> all.add(snapshot.sector()));
    return all;
  }

  private static void checkPieces(
      MinerSimulation miner, Map<String, SectorOffset> accepted, SeededRandom random) {
    Map<String, SectorOffset> found = new HashMap<>();
    for (SectorId sector : sectors(miner)) {
      long offset = 0;
      for (SectorPiece piece : miner.status(sector).orElseThrow().record().pieces()) {
        if (piece.dealInfo().isPresent()) {
          SectorOffset place = new SectorOffset(sector.number(), offset);
          assertThat(found.put(piece.dealInfo().get().identity(), place))
              .as("a piece twice, %s", random)
              .isNull();
        }
        offset += piece.piece().size().bytes();
      }
    }
    assertThat(found).as(random.toString()).containsAllEntriesOf(accepted);
  }

  /** The entries alone yield every row, whatever the crashes have cut short. */
  private static void checkReplay(MinerSimulation miner, SeededRandom random) throws Exception {
    for (SectorId sector : sectors(miner)) {
      assertThat(JournalReplay.examine(miner.journal, miner.journal.load(sector).orElseThrow()))
          .as("%s, %s", sector, random)
          .isInstanceOf(JournalReplay.Finding.Same.class);
    }
  }

  private static void checkMessages(MinerSimulation miner, SeededRandom random) {
    Set<String> said = new HashSet<>();
    for (FakeChain.Pushed pushed : miner.chain.pushed()) {
      byte[] params = pushed.message().params();
      if (pushed.message().method() == PreCommitSectorBatch2Params.METHOD) {
        PreCommitSectorBatch2Params.decode(params)
            .sectors()
            .forEach(s ->
                assertThat(said.add("pre-commit " + s.number()))
                    .as("pre-commit of %s twice, %s", s.number(), random)
                    .isTrue());
      } else {
        ProveCommitSectors3Params.decode(params)
            .activations()
            .forEach(a ->
                assertThat(said.add("commit " + a.number()))
                    .as("commit of %s twice, %s", a.number(), random)
                    .isTrue());
      }
    }
  }

  private static CompletableFuture<SectorOffset> add(
      MinerSimulation miner, byte[] data, PieceDealInfo info) throws Exception {
    return miner.pipeline.addPiece(
        new UnpaddedPieceSize(data.length), () -> new ByteArrayInputStream(data), info);
  }
}
