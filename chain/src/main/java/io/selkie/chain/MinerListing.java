package io.selkie.chain;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.ChainState.Account;
import io.selkie.chain.ChainState.Miner;
import io.selkie.chain.ChainState.OwnedSector;
import io.selkie.chain.MinerAccount.DealTotal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads all of a miner's sectors, and sums over them; for looking at, not for executing. */
final class MinerListing {

  /** Verified bytes count ten times: once as sector, nine times on top. */
  private static final BigInteger VERIFIED_EXTRA = BigInteger.valueOf(9);

  /** Sectors asked for in one statement. */
  private static final int AT_ONCE = 512;

  private record Power(BigInteger raw, BigInteger quality) {}

  private MinerListing() {}

  static PeriodOnChain period(ChainState state, Miner miner) throws SQLException {
    long height = state.head().height();
    long time =
        state.sql().number("SELECT time_ms FROM tipset WHERE height = ?", state.head().height());
    Deadlines deadlines = miner.deadlines();
    int index = deadlines.index(height);
    long open = deadlines.periodStart(height) + index * Policy.CHALLENGE_WINDOW;
    return new PeriodOnChain(
        height,
        Instant.ofEpochMilli(time),
        deadlines.periodStart(height),
        Policy.PROVING_PERIOD,
        Policy.DEADLINES,
        index,
        open,
        open + Policy.CHALLENGE_WINDOW,
        open - Policy.CHALLENGE_LOOKBACK,
        open - Policy.FAULT_CUTOFF);
  }

  static MinerAccount account(ChainState state, Miner miner) throws SQLException {
    Power total = new Power(BigInteger.ZERO, BigInteger.ZERO);
    for (Miner each : state.miners()) {
      Power power = power(state, each);
      total = new Power(total.raw().add(power.raw()), total.quality().add(power.quality()));
    }
    Power own = power(state, miner);
    return new MinerAccount(
        period(state, miner),
        own.raw(),
        own.quality(),
        faulty(state, miner),
        total.raw(),
        total.quality(),
        miner.balance(),
        miner.deposits(),
        miner.pledge(),
        state.account(miner.worker()).map(Account::balance).orElse(TokenAmount.ZERO),
        deals(state, miner, "activated IS NOT NULL"),
        deals(state, miner, "activated IS NULL"));
  }

  private static long faulty(ChainState state, Miner miner) throws SQLException {
    return state
        .sql()
        .number(
            """
            SELECT COUNT(*) FROM sector
              WHERE miner = ? AND ended IS NULL AND faulty_since IS NOT NULL
            """,
            miner.id().value());
  }

  private static Power power(ChainState state, Miner miner) throws SQLException {
    long live =
        state
            .sql()
            .number(
                """
                SELECT COUNT(*) FROM sector
                  WHERE miner = ? AND ended IS NULL AND faulty_since IS NULL
                """,
                miner.id().value());
    BigInteger raw =
        BigInteger.valueOf(live).multiply(BigInteger.valueOf(miner.sectorSize().bytes()));
    List<BigInteger> verified =
        state
            .sql()
            .list(
                """
                SELECT verified_weight, expiration - activation FROM sector
                  WHERE miner = ? AND ended IS NULL AND faulty_since IS NULL
                  AND verified_weight <> '0'
                """,
                row -> new BigInteger(row.getString(1)).divide(BigInteger.valueOf(row.getLong(2))),
                miner.id().value());
    BigInteger extra =
        verified.stream().reduce(BigInteger.ZERO, BigInteger::add).multiply(VERIFIED_EXTRA);
    return new Power(raw, raw.add(extra));
  }

  /** Deals still in force, by {@code condition}. */
  private static DealTotal deals(ChainState state, Miner miner, String condition)
      throws SQLException {
    return state
        .sql()
        .first(
            "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM deal"
                + " WHERE provider = ? AND \"end\" > ? AND "
                + condition,
            row -> new DealTotal(row.getLong(1), row.getLong(2)),
            miner.id().value(),
            state.head().height())
        .orElseThrow();
  }

  /** Shows how every sector stands that was ever proven, by number, without reading more of it. */
  static PeriodOnChain each(ChainState state, Miner miner, Consumer<SectorStanding> each)
      throws SQLException {
    state
        .sql()
        .each(
            """
            SELECT number, deadline, partition, ended, faulty_since, recovering FROM sector
              WHERE miner = ? ORDER BY number
            """,
            row ->
                each.accept(
                    new SectorStanding(
                        row.getLong("number"),
                        row.getInt("deadline"),
                        row.getLong("partition"),
                        row.getObject("ended") == null,
                        fault(row))),
            miner.id().value());
    return period(state, miner);
  }

  /** Every sector that was ever assigned to a deadline, by partition and number. */
  static List<ProvenSector> ofDeadline(ChainState state, Miner miner, int deadline)
      throws SQLException {
    List<ProvenSector> found = sectors(state, miner, " AND deadline = " + deadline);
    return found.stream()
        .sorted(Comparator.comparingLong(each -> each.place().partition()))
        .toList();
  }

  /** The live ones among these, by number. */
  static LiveSectors live(ChainState state, Miner miner, long[] numbers) throws SQLException {
    long[] ascending = numbers.clone();
    Arrays.sort(ascending);
    List<ProvenSector> found = new ArrayList<>();
    for (int from = 0; from < ascending.length; from += AT_ONCE) {
      // Written out, for these are numbers and nothing else: a statement takes so many arguments.
      String some =
          Arrays.stream(ascending, from, Math.min(ascending.length, from + AT_ONCE))
              .mapToObj(Long::toString)
              .collect(Collectors.joining(","));
      found.addAll(sectors(state, miner, " AND ended IS NULL AND number IN (" + some + ")"));
    }
    return new LiveSectors(period(state, miner), List.copyOf(found));
  }

  /** The live ones from a number on. */
  static List<ProvenSector> liveFrom(ChainState state, Miner miner, long from, int limit)
      throws SQLException {
    return sectors(state, miner, " AND ended IS NULL AND number >= " + from, limit);
  }

  /** The terms of all live ones. */
  static SectorTerms terms(ChainState state, Miner miner) throws SQLException {
    SectorTerms.Builder terms = new SectorTerms.Builder();
    state
        .sql()
        .each(
            """
            SELECT number, activation, expiration, pledge FROM sector
              WHERE miner = ? AND ended IS NULL ORDER BY number
            """,
            row ->
                terms.add(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    new TokenAmount(new BigInteger(row.getString(4)))),
            miner.id().value());
    return terms.build(period(state, miner));
  }

  private static List<ProvenSector> sectors(ChainState state, Miner miner, String condition)
      throws SQLException {
    return sectors(state, miner, condition, Integer.MAX_VALUE);
  }

  private static List<ProvenSector> sectors(
      ChainState state, Miner miner, String condition, int limit) throws SQLException {
    long height = state.head().height();
    return state
        .sql()
        .list(
            "SELECT * FROM sector WHERE miner = ?" + condition + " ORDER BY number LIMIT " + limit,
            row -> {
              OwnedSector sector = ChainState.readSector(row);
              long end = sector.info().activation().value() + Policy.MAX_SECTOR_LIFETIME;
              long now = Math.min(end, height + Policy.MAX_SECTOR_EXPIRATION_EXTENSION);
              return new ProvenSector(
                  sector.info(),
                  sector.place(),
                  ChainState.expirationOf(sector),
                  row.getObject("ended") == null,
                  fault(row),
                  new ChainEpoch(end),
                  new ChainEpoch(now));
            },
            miner.id().value());
  }

  private static ProvenSector.Fault fault(ResultSet row) throws SQLException {
    if (row.getObject("faulty_since") == null) {
      return ProvenSector.Fault.NONE;
    }
    return row.getLong("recovering") > 0
        ? ProvenSector.Fault.RECOVERING
        : ProvenSector.Fault.FAULTY;
  }

  /** Every pre-commit without a proof, by number. */
  static List<DueProof> preCommits(ChainState state, Miner miner) throws SQLException {
    return state
        .sql()
        .list(
            "SELECT * FROM precommit WHERE miner = ? ORDER BY number",
            row ->
                new DueProof(
                    ChainState.readPreCommit(row).info(), new ChainEpoch(row.getLong("due"))),
            miner.id().value());
  }
}
