package io.selkie.chain;

import static io.selkie.chain.ActorAbort.require;

import io.selkie.abi.Address;
import io.selkie.abi.BatchReturn;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.DealId;
import io.selkie.abi.ProveCommitSectors3Params;
import io.selkie.abi.ProveCommitSectors3Params.Activation;
import io.selkie.abi.ProveCommitSectors3Params.Notification;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorId;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.ChainState.Miner;
import io.selkie.chain.ChainState.OwnedSector;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.proofs.seal.Verdict;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ProveCommitSectors3: pre-committed sectors become active if their proofs hold, each by itself
 * (FIP-0076; builtin-actors miner/src/lib.rs, prove_commit_sectors3).
 */
final class ProveCommit {

  private static final Logger LOG = LoggerFactory.getLogger(ProveCommit.class);

  private final Execution x;
  private Miner miner;

  ProveCommit(Execution x, Miner miner) {
    this.x = x;
    this.miner = miner;
  }

  /** A sector whose proof holds, with what its pieces weigh and the deals they fulfil. */
  private record Proven(
      PreCommitOnChain preCommit, long dealBytes, long verifiedBytes, Set<DealId> deals) {}

  BatchReturn run(ProveCommitSectors3Params params) throws ActorAbort, SQLException {
    checkShape(params);
    List<BatchReturn.Failure> failures = new ArrayList<>();
    String firstReason = "";
    for (int i = 0; i < params.activations().size(); i++) {
      Activation activation = params.activations().get(i);
      Proven proven;
      try {
        proven = prove(activation, params.proofs().get(i), params.requireNotificationSuccess());
      } catch (ActorAbort e) {
        LOG.warn("sector {} of {} not activated: {}", activation.number(), miner.id(), e.code(), e);
        failures.add(new BatchReturn.Failure(i, e.code().number()));
        firstReason = firstReason.isEmpty() ? String.valueOf(e.getMessage()) : firstReason;
        continue;
      }
      activate(proven);
    }
    int successes = params.activations().size() - failures.size();
    require(
        successes > 0 && (failures.isEmpty() || !params.requireActivationSuccess()),
        failures.size() + " of " + params.activations().size() + " sectors failed: " + firstReason);
    return new BatchReturn(successes, failures);
  }

  private static void checkShape(ProveCommitSectors3Params params) throws ActorAbort {
    int count = params.activations().size();
    require(count > 0, "no sectors");
    require(
        params.aggregateProof().length == 0 && params.aggregateProofType().isEmpty(),
        "the devnet takes no aggregate proofs: there are no SNARKs to aggregate");
    require(
        params.proofs().size() == count,
        params.proofs().size() + " proofs for " + count + " sectors");
    long distinct = params.activations().stream().map(Activation::number).distinct().count();
    require(distinct == count, "duplicate sector number");
  }

  private Proven prove(Activation activation, byte[] proof, boolean marketMustAccept)
      throws ActorAbort, SQLException {
    PreCommitOnChain preCommit =
        x.state()
            .preCommit(miner.id(), activation.number())
            .orElseThrow(() -> new ActorAbort(ExitCode.USR_NOT_FOUND, "no pre-commit"));
    long landed = preCommit.preCommitEpoch().value();
    long seedEpoch = landed + x.params().preCommitChallengeDelay();
    if (x.epoch() <= seedEpoch) {
      throw new ActorAbort(
          ExitCode.USR_FORBIDDEN,
          "too early to prove: seed at " + seedEpoch + ", now " + x.epoch());
    }
    long due = landed + Policy.maxProveCommitDuration(preCommit.proof());
    require(x.epoch() <= due, "too late to prove: due at " + due + ", now " + x.epoch());
    require(
        preCommit.expiration().value() > x.epoch(),
        "expired at " + preCommit.expiration() + ", now " + x.epoch());
    Commitment commD = commD(preCommit, activation.pieces());
    Proven proven = weigh(preCommit, activation.pieces(), marketMustAccept);
    verify(preCommit, commD, seedEpoch, proof);
    return proven;
  }

  /** The data that the pieces promise, which must be what was pre-committed. */
  private Commitment commD(PreCommitOnChain preCommit, List<Piece> pieces) throws ActorAbort {
    Commitment computed = UnsealedCommitment.of(miner.sectorSize(), pieces);
    if (preCommit.unsealedCid().isEmpty()) {
      require(pieces.isEmpty(), "pieces in a sector that was pre-committed without data");
      return computed;
    }
    Commitment promised = preCommit.unsealedCid().get().commitment().orElseThrow();
    require(
        computed.equals(promised),
        "CommD of the pieces is " + computed + ", pre-committed was " + promised);
    return computed;
  }

  private Proven weigh(PreCommitOnChain preCommit, List<Piece> pieces, boolean marketMustAccept)
      throws ActorAbort, SQLException {
    long dealBytes = 0;
    long verifiedBytes = 0;
    Set<DealId> deals = new TreeSet<>();
    for (Piece piece : pieces) {
      boolean verified = false;
      if (piece.allocation().isPresent()) {
        MarketActor.checkAllocation(x, miner.id(), piece, piece.allocation().get());
        verified = true;
      }
      for (Notification notification : piece.notifications()) {
        try {
          verified |= MarketActor.accept(x, miner.id(), preCommit, piece, notification, deals);
        } catch (ActorAbort e) {
          LOG.warn("notification of sector {} refused", preCommit.number(), e);
          if (marketMustAccept) {
            throw e;
          }
        }
      }
      if (verified) {
        verifiedBytes += piece.size().bytes();
      } else {
        dealBytes += piece.size().bytes();
      }
    }
    return new Proven(preCommit, dealBytes, verifiedBytes, deals);
  }

  private void verify(PreCommitOnChain preCommit, Commitment commD, long seedEpoch, byte[] proof)
      throws ActorAbort, SQLException {
    byte[] entropy = new DagCborWriter().address(Address.ofId(miner.id())).toByteArray();
    Randomness ticket =
        ChainRandomness.ticket(
            x.state(), RandomnessTag.SEAL, preCommit.sealRandEpoch().value(), entropy);
    Randomness seed =
        ChainRandomness.beacon(
            x.state(), RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, seedEpoch, entropy);
    Verdict verdict =
        x.verifier()
            .verify(
                preCommit.proof(),
                new SectorId(miner.id(), preCommit.number()),
                preCommit.sealedCid().commitment().orElseThrow(),
                commD,
                ticket,
                seed,
                proof);
    switch (verdict) {
      case Verdict.Valid() -> {}
      case Verdict.Invalid(String reason) ->
          throw new ActorAbort(ExitCode.USR_ILLEGAL_ARGUMENT, "invalid seal: " + reason);
    }
  }

  private void activate(Proven proven) throws ActorAbort, SQLException {
    PreCommitOnChain preCommit = proven.preCommit();
    TokenAmount pledge = Pledges.initialPledge(miner.sectorSize(), proven.verifiedBytes());
    TokenAmount deposits = miner.deposits().minus(preCommit.deposit());
    Miner next = miner.with(miner.balance(), deposits, miner.pledge().plus(pledge));
    if (next.available().compareTo(TokenAmount.ZERO) < 0) {
      throw new ActorAbort(
          ExitCode.USR_INSUFFICIENT_FUNDS,
          "insufficient funds for initial pledge " + pledge + ", missing " + next.available());
    }
    long duration = preCommit.expiration().value() - x.epoch();
    SectorOnChain info =
        new SectorOnChain(
            preCommit.number(),
            preCommit.proof(),
            preCommit.sealedCid(),
            new ChainEpoch(x.epoch()),
            preCommit.expiration(),
            weight(proven.dealBytes(), duration),
            weight(proven.verifiedBytes(), duration),
            pledge);
    SectorPlace place = assign();
    long onTime =
        miner.deadlines().endNotBefore((int) place.deadline(), preCommit.expiration().value());
    x.state().addSector(new OwnedSector(miner.id(), info, place, onTime, 0));
    x.state().removePreCommit(miner.id(), preCommit.number());
    x.state().putMiner(next);
    for (DealId deal : proven.deals()) {
      x.state().activateDeal(deal, x.epoch(), preCommit.number());
    }
    miner = next;
  }

  /** A deadline with a partition that is not full, else the one with the fewest partitions. */
  private SectorPlace assign() throws SQLException {
    long partitionSize = Policy.partitionSectors(miner.sectorSize());
    int chosen = -1;
    long chosenRank = Long.MAX_VALUE;
    long chosenCount = 0;
    for (int deadline = 0; deadline < Policy.DEADLINES; deadline++) {
      if (!miner.deadlines().isMutable(deadline, x.epoch())) {
        continue;
      }
      long count = x.state().sectorsInDeadline(miner.id(), deadline);
      long rank = count % partitionSize != 0 ? -1 : count / partitionSize;
      if (rank < chosenRank) {
        chosen = deadline;
        chosenRank = rank;
        chosenCount = count;
      }
    }
    return new SectorPlace(chosen, chosenCount / partitionSize);
  }

  private static TokenAmount weight(long bytes, long epochs) {
    return new TokenAmount(BigInteger.valueOf(bytes).multiply(BigInteger.valueOf(epochs)));
  }
}
