package io.selkie.chain;

import static io.selkie.chain.DevnetFixture.MINER;
import static org.assertj.core.api.Assertions.assertThat;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Commitment;
import io.selkie.abi.PreCommitSectorBatch2Params.Sector;
import io.selkie.abi.ProveCommitSectors3Params.Activation;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.ChainFault;
import io.selkie.proofs.pieces.ZeroPieces;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends whatever comes to mind, lets epochs pass and reopens the chain, and holds the books to what
 * must always be true: what is locked is what sectors lock, no number is free again, no balance is
 * below zero.
 */
class DevnetSimulationTest {

  private static final Commitment ZEROS = ZeroPieces.commitment(SectorSize.KIB_2.padded());
  private static final int ROUNDS = 12;
  private static final int ACTIONS = 25;

  @TempDir Path directory;

  private final TreeSet<Long> everAllocated = new TreeSet<>();

  @Test
  void books_afterAnyMessages_areBalanced() throws Exception {
    long seed = System.nanoTime();
    System.out.println("DevnetSimulationTest seed " + seed);
    Random random = new Random(seed);
    int active = 0;
    for (int round = 0; round < ROUNDS; round++) {
      try (DevnetFixture net =
          new DevnetFixture(DevnetFixture.open(directory), "round " + round + " ")) {
        for (int i = 0; i < ACTIONS; i++) {
          act(net, random);
        }
        remember(net);
        for (long number : everAllocated) {
          assertThat(net.chain.isSectorAllocated(MINER, new SectorNumber(number)))
              .as("sector %d, seed %d", number, seed)
              .isTrue();
        }
      }
      active += checkBooks("seed " + seed + " round " + round);
    }
    assertThat(active).as("sectors seen active, seed %d", seed).isPositive();
  }

  private void act(DevnetFixture net, Random random) throws ChainFault {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> preCommit(net, random);
      case 3, 4, 5, 6 -> prove(net, random);
      case 7, 8 -> net.chain.skipTo(net.chain.head().height().plus(1 + random.nextInt(20)));
      default -> {
        long far = random.nextInt(4) == 0 ? 100_000 : 3000;
        net.chain.skipTo(net.chain.head().height().plus(1 + random.nextLong(far)));
      }
    }
  }

  private static void preCommit(DevnetFixture net, Random random) throws ChainFault {
    List<Sector> sectors = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      Sector sector = net.sector(random.nextInt(60), Optional.empty());
      long life = 600_000L + random.nextInt(20_000);
      sectors.add(
          new Sector(
              sector.sealProof(),
              sector.number(),
              sector.sealedCid(),
              sector.sealRandEpoch(),
              new ChainEpoch(net.chain.head().height().value() + life),
              sector.unsealedCid()));
    }
    net.preCommit(sectors.toArray(Sector[]::new));
  }

  private static void prove(DevnetFixture net, Random random) throws ChainFault {
    List<Activation> activations = new ArrayList<>();
    List<byte[]> proofs = new ArrayList<>();
    for (int number = 0; number < 60; number++) {
      boolean waiting = net.chain.preCommitInfo(MINER, new SectorNumber(number)).isPresent();
      if (waiting ? random.nextInt(3) > 0 : random.nextInt(40) == 0) {
        boolean ready = waiting && net.chain.head().height().value() >= net.seedEpoch(number);
        activations.add(DevnetFixture.activation(number));
        proofs.add(
            ready && random.nextInt(5) > 0 ? net.proof(number, ZEROS) : new byte[] {1, 2, 3});
      }
    }
    net.prove(activations, proofs);
  }

  private void remember(DevnetFixture net) throws ChainFault {
    for (long[] range : net.chain.allocatedSectors(MINER)) {
      for (long i = 0; i < range[1]; i++) {
        everAllocated.add(range[0] + i);
      }
    }
  }

  /** Compares the miner's books with its sectors; returns how many are active. */
  private int checkBooks(String when) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(ChainDatabase.FILE))) {
      List<BigInteger> deposits = amounts(connection, "SELECT deposit FROM precommit");
      List<BigInteger> pledges =
          amounts(connection, "SELECT pledge FROM sector WHERE ended IS NULL");
      BigInteger balance = amounts(connection, "SELECT balance FROM miner").getFirst();
      assertThat(amounts(connection, "SELECT deposits FROM miner").getFirst())
          .as(when)
          .isEqualTo(sum(deposits));
      assertThat(amounts(connection, "SELECT pledge FROM miner").getFirst())
          .as(when)
          .isEqualTo(sum(pledges));
      assertThat(balance.subtract(sum(deposits)).subtract(sum(pledges)).signum())
          .as(when)
          .isNotNegative();
      assertThat(
              amounts(
                  connection,
                  "SELECT COUNT(*) FROM precommit p JOIN sector s USING (miner, number)"))
          .as(when)
          .containsExactly(BigInteger.ZERO);
      assertThat(amounts(connection, "SELECT COUNT(*) FROM message WHERE exit_code = 24"))
          .as(when)
          .containsExactly(BigInteger.ZERO);
      return pledges.size();
    }
  }

  private static List<BigInteger> amounts(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<BigInteger> out = new ArrayList<>();
      while (rows.next()) {
        out.add(new BigInteger(rows.getString(1)));
      }
      return out;
    }
  }

  private static BigInteger sum(List<BigInteger> amounts) {
    return amounts.stream().reduce(BigInteger.ZERO, BigInteger::add);
  }
}
