package io.selkie.chain;

import static io.selkie.chain.ActorAbort.require;

import io.selkie.abi.BitField;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.PreCommitSectorBatch2Params.Sector;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.ChainState.Miner;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * PreCommitSectorBatch2: numbers are allocated for good and deposits taken, for all sectors of the
 * message or for none (builtin-actors miner/src/lib.rs, pre_commit_sector_batch_inner).
 */
final class PreCommit {

  private final Execution x;
  private final Miner miner;

  PreCommit(Execution x, Miner miner) {
    this.x = x;
    this.miner = miner;
  }

  void run(PreCommitSectorBatch2Params params) throws ActorAbort, SQLException {
    List<Sector> sectors = params.sectors();
    require(!sectors.isEmpty(), "batch empty");
    for (Sector sector : sectors) {
      check(sector);
    }
    BitField allocated = allocate(sectors);
    TokenAmount deposit = Pledges.deposit(miner.sectorSize());
    TokenAmount total = TokenAmount.ZERO;
    for (Sector sector : sectors) {
      total = total.plus(deposit);
      x.state()
          .addPreCommit(
              miner.id(),
              new PreCommitOnChain(
                  sector.number(),
                  sector.sealProof(),
                  sector.sealedCid(),
                  sector.sealRandEpoch(),
                  sector.expiration(),
                  sector.unsealedCid(),
                  deposit,
                  new ChainEpoch(x.epoch())),
              x.epoch() + Policy.maxProveCommitDuration(sector.sealProof()));
    }
    if (miner.available().compareTo(total) < 0) {
      throw new ActorAbort(
          ExitCode.USR_INSUFFICIENT_FUNDS,
          "insufficient funds " + miner.available() + " for pre-commit deposit: " + total);
    }
    x.state()
        .putMiner(
            miner
                .with(miner.balance(), miner.deposits().plus(total), miner.pledge())
                .withAllocated(allocated));
  }

  private void check(Sector sector) throws ActorAbort {
    SectorNumber number = sector.number();
    require(
        number.value() <= Policy.MAX_SECTOR_NUMBER, "sector number " + number + " out of range");
    require(
        Policy.canPreCommit(sector.sealProof()),
        "sector " + number + ": unsupported seal proof type " + sector.sealProof().number());
    require(
        sector.sealProof().sectorSize() == miner.sectorSize(),
        "sector " + number + ": proof " + sector.sealProof().number() + " is not of this miner");
    require(
        sector.sealedCid().commitment().isPresent()
            && sector.sealedCid().codec() == Cid.FIL_COMMITMENT_SEALED,
        "sector " + number + ": sealed CID had wrong prefix");
    if (sector.unsealedCid().isPresent()) {
      Cid unsealed = sector.unsealedCid().get();
      require(
          unsealed.commitment().isPresent() && unsealed.codec() == Cid.FIL_COMMITMENT_UNSEALED,
          "sector " + number + ": unsealed CID had wrong prefix");
    }
    checkEpochs(sector);
  }

  private void checkEpochs(Sector sector) throws ActorAbort {
    SectorNumber number = sector.number();
    long now = x.epoch();
    long ticket = sector.sealRandEpoch().value();
    require(ticket < now, "sector " + number + ": seal challenge epoch " + ticket + " is not past");
    require(
        ticket >= now - Policy.MAX_PRE_COMMIT_RANDOMNESS_LOOKBACK,
        "sector " + number + ": seal challenge epoch " + ticket + " too old, now " + now);
    long activation = now + Policy.maxProveCommitDuration(sector.sealProof());
    long expiration = sector.expiration().value();
    require(
        expiration >= activation + Policy.MIN_SECTOR_EXPIRATION,
        "sector "
            + number
            + ": expiration "
            + expiration
            + " too early, activation may be as late"
            + " as "
            + activation);
    require(
        expiration <= now + Policy.MAX_SECTOR_EXPIRATION_EXTENSION
            && expiration <= activation + Policy.MAX_SECTOR_LIFETIME,
        "sector " + number + ": expiration " + expiration + " too late, now " + now);
  }

  private BitField allocate(List<Sector> sectors) throws ActorAbort {
    long[] numbers = sectors.stream().mapToLong(sector -> sector.number().value()).toArray();
    BitField wanted = BitField.of(numbers);
    require(
        wanted.size() == numbers.length, "duplicate sector number in " + Arrays.toString(numbers));
    BitField taken = miner.allocated().intersect(wanted);
    require(taken.isEmpty(), "sector numbers " + taken + " are allocated already");
    require(
        miner.allocated().plus(wanted).toRlePlus().length <= BitField.MAX_ENCODED_BYTES,
        "the allocated numbers would no longer fit " + BitField.MAX_ENCODED_BYTES + " bytes");
    return wanted;
  }
}
