package io.selkie.chain;

import io.selkie.abi.ActorId;
import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.SectorSize;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.pipeline.ChainNode.TipSet;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of the actors and the blocks, as rows. Valid within one {@link ChainDatabase.Work}. */
final class ChainState {

  private final Sql sql;

  ChainState(Sql sql) {
    this.sql = sql;
  }

  Sql sql() {
    return sql;
  }

  /** A block: its tip set, and what randomness is made from. */
  record Block(TipSet tipSet, byte[] ticket, byte[] beacon) {
    long height() {
      return tipSet.height().value();
    }
  }

  /** An account that sends messages. */
  record Account(ActorId id, long nonce, TokenAmount balance) {}

  /** A miner actor. {@code balance} includes what is locked as deposits and pledge. */
  record Miner(
      ActorId id,
      ActorId worker,
      SectorSize sectorSize,
      Deadlines deadlines,
      TokenAmount balance,
      TokenAmount deposits,
      TokenAmount pledge,
      BitField allocated) {

    TokenAmount available() {
      return balance.minus(deposits).minus(pledge);
    }

    Miner with(TokenAmount newBalance, TokenAmount newDeposits, TokenAmount newPledge) {
      return new Miner(
          id, worker, sectorSize, deadlines, newBalance, newDeposits, newPledge, allocated);
    }

    Miner withAllocated(BitField numbers) {
      return new Miner(
          id, worker, sectorSize, deadlines, balance, deposits, pledge, allocated.plus(numbers));
    }
  }

  /** A pre-commit with the miner it belongs to. */
  record OwnedPreCommit(ActorId miner, PreCommitOnChain info) {}

  /**
   * A proven sector with its miner, its place, and when it ends; early only while faulty, else 0.
   */
  record OwnedSector(
      ActorId miner, SectorOnChain info, SectorPlace place, long onTime, long early) {}

  /** A message as it was pushed. */
  record StoredMessage(Cid cid, byte[] block) {}

  /** What became of a message. */
  record Receipt(Block block, long exitCode, byte[] returned) {}

  // ------------------------------------------------------------------ meta and blocks

  Optional<byte[]> meta(String key) throws SQLException {
    return sql.first("SELECT value FROM meta WHERE key = ?", row -> row.getBytes(1), key);
  }

  void putMeta(String key, byte[] value) throws SQLException {
    sql.updateOne("INSERT INTO meta (key, value) VALUES (?, ?)", key, value);
  }

  void addBlock(Block block, long timeMs) throws SQLException {
    sql.updateOne(
        "INSERT INTO tipset (height, cid, ticket, beacon, time_ms) VALUES (?, ?, ?, ?, ?)",
        block.height(),
        block.tipSet().cids().getFirst().bytes(),
        block.ticket(),
        block.beacon(),
        timeMs);
  }

  Block head() throws SQLException {
    return blockNotAfter(Long.MAX_VALUE)
        .orElseThrow(() -> new SQLException("the chain has no genesis block"));
  }

  Optional<Block> blockNotAfter(long height) throws SQLException {
    return sql.first(
        "SELECT * FROM tipset WHERE height <= ? ORDER BY height DESC LIMIT 1",
        ChainState::readBlock,
        height);
  }

  Optional<Block> blockNotBefore(long height) throws SQLException {
    return sql.first(
        "SELECT * FROM tipset WHERE height >= ? ORDER BY height LIMIT 1",
        ChainState::readBlock,
        height);
  }

  private static Block readBlock(ResultSet row) throws SQLException {
    TipSet tipSet =
        new TipSet(
            new ChainEpoch(row.getLong("height")), List.of(Cid.ofBytes(row.getBytes("cid"))));
    return new Block(tipSet, row.getBytes("ticket"), row.getBytes("beacon"));
  }

  // ------------------------------------------------------------------ accounts and miners

  Optional<Account> account(ActorId id) throws SQLException {
    return sql.first(
        "SELECT id, nonce, balance FROM account WHERE id = ?",
        row -> new Account(new ActorId(row.getLong(1)), row.getLong(2), amount(row, "balance")),
        id.value());
  }

  void addAccount(Account account) throws SQLException {
    sql.updateOne(
        "INSERT INTO account (id, nonce, balance) VALUES (?, ?, ?)",
        account.id().value(),
        account.nonce(),
        account.balance().toString());
  }

  void putAccount(Account account) throws SQLException {
    sql.updateOne(
        "UPDATE account SET nonce = ?, balance = ? WHERE id = ?",
        account.nonce(),
        account.balance().toString(),
        account.id().value());
  }

  Optional<Miner> miner(ActorId id) throws SQLException {
    return sql.first("SELECT * FROM miner WHERE id = ?", ChainState::readMiner, id.value());
  }

  List<Miner> miners() throws SQLException {
    return sql.list("SELECT * FROM miner ORDER BY id", ChainState::readMiner);
  }

  void addMiner(Miner miner) throws SQLException {
    sql.updateOne(
        """
        INSERT INTO miner (id, worker, sector_size, period_offset, balance, deposits, pledge,
          allocated) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        miner.id().value(),
        miner.worker().value(),
        miner.sectorSize().bytes(),
        miner.deadlines().periodOffset(),
        miner.balance().toString(),
        miner.deposits().toString(),
        miner.pledge().toString(),
        miner.allocated().toRlePlus());
  }

  void putMiner(Miner miner) throws SQLException {
    sql.updateOne(
        "UPDATE miner SET balance = ?, deposits = ?, pledge = ?, allocated = ? WHERE id = ?",
        miner.balance().toString(),
        miner.deposits().toString(),
        miner.pledge().toString(),
        miner.allocated().toRlePlus(),
        miner.id().value());
  }

  private static Miner readMiner(ResultSet row) throws SQLException {
    return new Miner(
        new ActorId(row.getLong("id")),
        new ActorId(row.getLong("worker")),
        SectorSize.ofBytes(row.getLong("sector_size")),
        new Deadlines(row.getLong("period_offset")),
        amount(row, "balance"),
        amount(row, "deposits"),
        amount(row, "pledge"),
        BitField.ofRlePlus(row.getBytes("allocated")));
  }

  // ------------------------------------------------------------------ pre-commits

  Optional<PreCommitOnChain> preCommit(ActorId miner, SectorNumber number) throws SQLException {
    return sql.first(
            "SELECT * FROM precommit WHERE miner = ? AND number = ?",
            ChainState::readPreCommit,
            miner.value(),
            number.value())
        .map(OwnedPreCommit::info);
  }

  List<OwnedPreCommit> preCommitsDueBefore(long epoch) throws SQLException {
    return sql.list(
        "SELECT * FROM precommit WHERE due < ? ORDER BY miner, number",
        ChainState::readPreCommit,
        epoch);
  }

  /** Adds a pre-commit whose proof is taken up to epoch {@code due}. */
  void addPreCommit(ActorId miner, PreCommitOnChain info, long due) throws SQLException {
    sql.updateOne(
        """
        INSERT INTO precommit (miner, number, proof, sealed, rand_epoch, expiration, unsealed,
          deposit, epoch, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        miner.value(),
        info.number().value(),
        info.proof().number(),
        info.sealedCid().bytes(),
        info.sealRandEpoch().value(),
        info.expiration().value(),
        info.unsealedCid().map(Cid::bytes).orElse(null),
        info.deposit().toString(),
        info.preCommitEpoch().value(),
        due);
  }

  void removePreCommit(ActorId miner, SectorNumber number) throws SQLException {
    sql.updateOne(
        "DELETE FROM precommit WHERE miner = ? AND number = ?", miner.value(), number.value());
  }

  static OwnedPreCommit readPreCommit(ResultSet row) throws SQLException {
    byte @Nullable [] unsealed = row.getBytes("unsealed");
    return new OwnedPreCommit(
        new ActorId(row.getLong("miner")),
        new PreCommitOnChain(
            new SectorNumber(row.getLong("number")),
            RegisteredSealProof.ofNumber(row.getLong("proof")),
            Cid.ofBytes(row.getBytes("sealed")),
            new ChainEpoch(row.getLong("rand_epoch")),
            new ChainEpoch(row.getLong("expiration")),
            unsealed == null ? Optional.empty() : Optional.of(Cid.ofBytes(unsealed)),
            amount(row, "deposit"),
            new ChainEpoch(row.getLong("epoch"))));
  }

  // ------------------------------------------------------------------ sectors

  /** The sector, unless it has ended. */
  Optional<OwnedSector> sector(ActorId miner, SectorNumber number) throws SQLException {
    return sql.first(
        "SELECT * FROM sector WHERE miner = ? AND number = ? AND ended IS NULL",
        ChainState::readSector,
        miner.value(),
        number.value());
  }

  List<OwnedSector> sectorsDue(long epoch) throws SQLException {
    return sql.list(
        """
        SELECT * FROM sector WHERE on_time <= ? AND ended IS NULL
          UNION SELECT * FROM sector WHERE early > 0 AND early <= ? AND ended IS NULL
          ORDER BY miner, number
        """,
        ChainState::readSector,
        epoch,
        epoch);
  }

  /** Sectors ever assigned to a deadline. */
  long sectorsInDeadline(ActorId miner, int deadline) throws SQLException {
    return sql.number(
        "SELECT COUNT(*) FROM sector WHERE miner = ? AND deadline = ?", miner.value(), deadline);
  }

  void addSector(OwnedSector sector) throws SQLException {
    SectorOnChain info = sector.info();
    sql.updateOne(
        """
        INSERT INTO sector (miner, number, proof, sealed, activation, expiration, deal_weight,
          verified_weight, pledge, deadline, partition, on_time)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        sector.miner().value(),
        info.number().value(),
        info.proof().number(),
        info.sealedCid().bytes(),
        info.activation().value(),
        info.expiration().value(),
        info.dealWeight().toString(),
        info.verifiedDealWeight().toString(),
        info.initialPledge().toString(),
        sector.place().deadline(),
        sector.place().partition(),
        sector.onTime());
  }

  void endSector(ActorId miner, SectorNumber number, long epoch) throws SQLException {
    sql.updateOne(
        "UPDATE sector SET ended = ? WHERE miner = ? AND number = ? AND ended IS NULL",
        epoch,
        miner.value(),
        number.value());
  }

  static OwnedSector readSector(ResultSet row) throws SQLException {
    return new OwnedSector(
        new ActorId(row.getLong("miner")),
        new SectorOnChain(
            new SectorNumber(row.getLong("number")),
            RegisteredSealProof.ofNumber(row.getLong("proof")),
            Cid.ofBytes(row.getBytes("sealed")),
            new ChainEpoch(row.getLong("activation")),
            new ChainEpoch(row.getLong("expiration")),
            amount(row, "deal_weight"),
            amount(row, "verified_weight"),
            amount(row, "pledge")),
        new SectorPlace(row.getLong("deadline"), row.getLong("partition")),
        row.getLong("on_time"),
        row.getLong("early"));
  }

  static SectorExpiration expirationOf(OwnedSector sector) {
    return new SectorExpiration(new ChainEpoch(sector.onTime()), new ChainEpoch(sector.early()));
  }

  // ------------------------------------------------------------------ deals

  /** Adds a deal and returns its number, from 1 on: 0 means "no deal" to clients. */
  DealId addDeal(DealProposal deal) throws SQLException {
    DealId id = new DealId(1 + sql.number("SELECT COALESCE(MAX(id), 0) FROM deal"));
    sql.updateOne(
        """
        INSERT INTO deal (id, client, provider, comm_p, size, verified, label, start, "end", price)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        id.value(),
        deal.client().value(),
        deal.provider().value(),
        deal.piece().commP().bytes(),
        deal.piece().size().bytes(),
        deal.verified() ? 1 : 0,
        deal.label(),
        deal.startEpoch().value(),
        deal.endEpoch().value(),
        deal.pricePerEpoch().toString());
    return id;
  }

  Optional<DealOnChain> deal(DealId id) throws SQLException {
    return sql.first("SELECT * FROM deal WHERE id = ?", ChainState::readDeal, id.value());
  }

  void activateDeal(DealId id, long epoch, SectorNumber sector) throws SQLException {
    sql.updateOne(
        "UPDATE deal SET activated = ?, sector = ? WHERE id = ? AND activated IS NULL",
        epoch,
        sector.value(),
        id.value());
  }

  static DealOnChain readDeal(ResultSet row) throws SQLException {
    long activated = row.getLong("activated");
    Optional<ChainEpoch> activatedAt =
        row.wasNull() ? Optional.empty() : Optional.of(new ChainEpoch(activated));
    return new DealOnChain(
        new DealId(row.getLong("id")),
        new ActorId(row.getLong("client")),
        new ActorId(row.getLong("provider")),
        new PieceInfo(
            new PaddedPieceSize(row.getLong("size")), new Commitment(row.getBytes("comm_p"))),
        row.getLong("verified") != 0,
        row.getString("label"),
        new ChainEpoch(row.getLong("start")),
        new ChainEpoch(row.getLong("end")),
        amount(row, "price"),
        TokenAmount.ZERO,
        TokenAmount.ZERO,
        activatedAt);
  }

  // ------------------------------------------------------------------ messages

  Optional<Cid> messageOfKey(String key) throws SQLException {
    return sql.first(
        "SELECT cid FROM message WHERE key = ?", row -> Cid.ofBytes(row.getBytes(1)), key);
  }

  void addMessage(StoredMessage message, @Nullable String key) throws SQLException {
    sql.updateOne(
        "INSERT INTO message (cid, key, block) VALUES (?, ?, ?)",
        message.cid().bytes(),
        key,
        message.block());
  }

  long pendingCount() throws SQLException {
    return sql.number("SELECT COUNT(*) FROM message WHERE height IS NULL");
  }

  /** The oldest messages that wait; their blocks may be large and are read one by one. */
  List<Cid> pending(int limit) throws SQLException {
    return sql.list(
        "SELECT cid FROM message WHERE height IS NULL ORDER BY seq LIMIT ?",
        row -> Cid.ofBytes(row.getBytes(1)),
        limit);
  }

  byte[] messageBlock(Cid message) throws SQLException {
    return sql.first(
            "SELECT block FROM message WHERE cid = ?", row -> row.getBytes(1), message.bytes())
        .orElseThrow(() -> new SQLException("no message " + message));
  }

  /** Puts a message into the block at {@code height}; {@code why} explains a failure. */
  void execute(Cid message, long height, long exitCode, byte[] returned, @Nullable String why)
      throws SQLException {
    sql.updateOne(
        """
        UPDATE message SET height = ?, exit_code = ?, returned = ?, why = ?
          WHERE cid = ? AND height IS NULL
        """,
        height,
        exitCode,
        returned,
        why,
        message.bytes());
  }

  Optional<Receipt> receipt(Cid message) throws SQLException {
    return sql.first(
        """
        SELECT t.*, m.exit_code, m.returned FROM message m JOIN tipset t ON t.height = m.height
          WHERE m.cid = ?
        """,
        row -> new Receipt(readBlock(row), row.getLong("exit_code"), row.getBytes("returned")),
        message.bytes());
  }

  Optional<String> reason(Cid message) throws SQLException {
    return sql.first(
        "SELECT why FROM message WHERE cid = ? AND why IS NOT NULL",
        row -> row.getString(1),
        message.bytes());
  }

  boolean isPending(Cid message) throws SQLException {
    return sql.number(
            "SELECT COUNT(*) FROM message WHERE cid = ? AND height IS NULL", message.bytes())
        > 0;
  }

  /** Undoes what follows unless it is kept. */
  void savepoint() throws SQLException {
    sql.update("SAVEPOINT message");
  }

  void keep() throws SQLException {
    sql.update("RELEASE message");
  }

  void undo() throws SQLException {
    sql.update("ROLLBACK TO message");
    sql.update("RELEASE message");
  }

  private static TokenAmount amount(ResultSet row, String column) throws SQLException {
    return new TokenAmount(new BigInteger(row.getString(column)));
  }
}
