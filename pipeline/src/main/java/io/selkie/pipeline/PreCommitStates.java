package io.selkie.pipeline;

import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.PreCommitSectorBatch2Params;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.BatchKinds.PreCommitItem;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.NetworkTiming;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.ChainNode.TipSet;
import io.selkie.pipeline.PieceChecks.Finding;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.SectorEvent.SectorChainPreCommitFailed;
import io.selkie.pipeline.SectorEvent.SectorCommitFailed;
import io.selkie.pipeline.SectorEvent.SectorDealsExpired;
import io.selkie.pipeline.SectorEvent.SectorInvalidDealIDs;
import io.selkie.pipeline.SectorEvent.SectorOldTicket;
import io.selkie.pipeline.SectorEvent.SectorPreCommit1;
import io.selkie.pipeline.SectorEvent.SectorPreCommit2;
import io.selkie.pipeline.SectorEvent.SectorPreCommitBatch;
import io.selkie.pipeline.SectorEvent.SectorPreCommitBatchSent;
import io.selkie.pipeline.SectorEvent.SectorPreCommitLanded;
import io.selkie.pipeline.SectorEvent.SectorRetryPreCommit;
import io.selkie.pipeline.SectorEvent.SectorSealPreCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorSealPreCommit2Failed;
import io.selkie.pipeline.SectorEvent.SectorTicket;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.WorkPool.Task;
import java.time.Instant;
import java.util.Optional;

/** From a full sector to a pre-commit on chain. */
final class PreCommitStates {

  private PreCommitStates() {}

  static Outcome getTicket(SectorRecord sector, SealingServices services) throws ChainFault {
    ChainNode chain = services.chain();
    TipSet tipSet = chain.head();
    ChainEpoch head = tipSet.height();
    Optional<PreCommitOnChain> found = ChainLooks.preCommit(sector, services);
    if (found.isPresent() && isTooLate(found.get(), sector, head)) {
      return Outcome.park(
          "its pre-commit of epoch "
              + found.get().preCommitEpoch()
              + " was never proven and is too old at "
              + head
              + "; remove it");
    }
    if (found.isEmpty() && ChainLooks.isNumberUsed(sector, services, tipSet)) {
      if (sector.commit().message().isPresent()) {
        return Outcome.emit(
            new SectorCommitFailed("its number is used on chain, and a proof was sent"));
      }
      // The reference removes the sector here, data and all, for any error of the look-up too.
      return Outcome.park(
          "its number is used on chain, without a pre-commit or a proof of ours; remove it");
    }
    ChainEpoch epoch =
        found
            .map(PreCommitOnChain::sealRandEpoch)
            .orElseGet(() -> head.plus(-chain.timing().ticketLookback()));
    return Outcome.emit(
        new SectorTicket(
            chain.ticketRandomness(RandomnessTag.SEAL, epoch, services.entropy()), epoch));
  }

  static Outcome preCommit1(SectorRecord sector, SealingServices services)
      throws ChainFault, SealFault, InterruptedException {
    Optional<Outcome> objection = checkPieces(sector, services, SectorState.PreCommit1);
    if (objection.isPresent()) {
      return objection.get();
    }
    if (services.chain().sectorInfo(services.miner(), sector.sector().number()).isPresent()) {
      // A record older than the chain, from a backup: sealing begins with deleting the replica.
      return Outcome.park("it is proven on chain; its replica is not sealed over: see the doctor");
    }
    Optional<Drawn> ticket = sector.ticket();
    ChainEpoch head = services.chain().head().height();
    if (ticket.isEmpty() || isOld(ticket.get(), head)) {
      Optional<PreCommitOnChain> found = ChainLooks.preCommit(sector, services);
      if (ticket.isEmpty() || found.isEmpty() || isTooLate(found.get(), sector, head)) {
        return Outcome.emit(new SectorOldTicket());
      }
    }
    try {
      byte[] out =
          services
              .work()
              .run(
                  Task.PRE_COMMIT_1,
                  sector,
                  () ->
                      services
                          .sealer()
                          .sealPreCommit1(
                              InputStates.ref(sector),
                              ticket.get().value(),
                              sector.pieceInfos(),
                              services.progressOf(sector.sector())));
      return Outcome.emit(new SectorPreCommit1(OpaqueBytes.of(out)));
    } catch (SealFault e) {
      return failure(e, new SectorSealPreCommit1Failed("pre-commit 1: " + e.getMessage()));
    }
  }

  static Outcome preCommit2(SectorRecord sector, SealingServices services)
      throws SealFault, InterruptedException {
    Optional<OpaqueBytes> phase1 = sector.preCommit().phase1Out();
    if (phase1.isEmpty()) {
      return Outcome.emit(new SectorSealPreCommit1Failed("there is no output of pre-commit 1"));
    }
    try {
      SealedCommitments sealed =
          services
              .work()
              .run(
                  Task.PRE_COMMIT_2,
                  sector,
                  () ->
                      services
                          .sealer()
                          .sealPreCommit2(
                              InputStates.ref(sector),
                              phase1.get().bytes(),
                              services.progressOf(sector.sector())));
      return Outcome.emit(
          new SectorPreCommit2(Cid.ofSealed(sealed.commR()), Cid.ofUnsealed(sealed.commD())));
    } catch (SealFault e) {
      return failure(e, new SectorSealPreCommit2Failed("pre-commit 2: " + e.getMessage()));
    }
  }

  static Outcome preCommitting(SectorRecord sector, SealingServices services) {
    return Outcome.emit(new SectorPreCommitBatch());
  }

  static Outcome submitPreCommitBatch(SectorRecord sector, SealingServices services)
      throws ChainFault {
    Optional<Cid> commR = sector.preCommit().commR();
    Optional<Cid> commD = sector.preCommit().commD();
    Optional<Drawn> ticket = sector.ticket();
    if (commR.isEmpty() || commD.isEmpty() || ticket.isEmpty()) {
      return Outcome.emit(new SectorSealPreCommit1Failed("CommD, CommR or the ticket is missing"));
    }
    TipSet tipSet = services.chain().head();
    ChainEpoch head = tipSet.height();
    Optional<PreCommitOnChain> found = ChainLooks.preCommit(sector, services);
    if (found.isPresent()) {
      return onChainAlready(found.get(), ticket.get(), commR.get(), tipSet);
    }
    if (ChainLooks.isPending(sector.preCommit().message(), head, services)) {
      return Outcome.emit(new SectorPreCommitBatchSent(sector.preCommit().message().get()));
    }
    if (ChainLooks.proven(sector, services).isPresent()) {
      // Further on than it thought: it finds its way from there.
      return Outcome.emit(new SectorPreCommitLanded(tipSet.cids()));
    }
    if (ChainLooks.isNumberUsed(sector, services, tipSet)) {
      return Outcome.park("its number is used on chain, and there is no pre-commit of it");
    }
    if (isOld(ticket.get(), head)) {
      return Outcome.emit(
          new SectorSealPreCommit1Failed(
              "ticket of epoch " + ticket.get().epoch() + " is too old at " + head));
    }
    Optional<Outcome> objection = checkPieces(sector, services, SectorState.PreCommitting);
    if (objection.isPresent()) {
      return objection.get();
    }
    return offer(sector, services, ticket.get(), head);
  }

  private static Outcome onChainAlready(
      PreCommitOnChain found, Drawn ticket, Cid commR, TipSet tipSet) {
    if (!found.sealRandEpoch().equals(ticket.epoch())) {
      return Outcome.emit(
          new SectorSealPreCommit1Failed(
              "the pre-commit on chain has a ticket of epoch "
                  + found.sealRandEpoch()
                  + ", not "
                  + ticket.epoch()));
    }
    if (!found.sealedCid().equals(commR)) {
      return Outcome.park(
          "the pre-commit on chain is for the replica " + found.sealedCid() + ", not " + commR);
    }
    return Outcome.emit(new SectorPreCommitLanded(tipSet.cids()));
  }

  private static Outcome offer(
      SectorRecord sector, SealingServices services, Drawn ticket, ChainEpoch head)
      throws ChainFault {
    SealingConfig config = services.config();
    ChainEpoch expiration =
        Expirations.choose(
            sector, config.sectors().committedCapacityLifetime(), services.chain().timing(), head);
    PreCommitSectorBatch2Params.Sector promise = promise(sector, expiration);
    TokenAmount deposit =
        services.chain().preCommitDeposit(services.miner(), sector.sealProof(), expiration);
    long cutoff = ticket.epoch().value() + SealingLimits.MAX_TICKET_AGE;
    Instant at =
        services
            .preCommits()
            .offer(
                new Outbox.Member<>(
                    sector.sector(),
                    sector.moves(),
                    new PreCommitItem(promise, deposit),
                    Instant.ofEpochMilli(sector.enteredAtMs()),
                    ChainLooks.timeOf(services, head, Math.min(cutoff, firstDealStart(sector)))));
    return new Outcome.WaitUntil(at, Optional.empty(), "waits for a pre-commit message");
  }

  /** What the chain is told of a sealed sector. */
  static PreCommitSectorBatch2Params.Sector promise(SectorRecord sector, ChainEpoch expiration) {
    return new PreCommitSectorBatch2Params.Sector(
        sector.sealProof(),
        sector.sector().number(),
        sector.preCommit().commR().orElseThrow(),
        sector.ticket().orElseThrow().epoch(),
        expiration,
        sector.hasDeals() ? sector.preCommit().commD() : Optional.empty());
  }

  static Outcome preCommitWait(SectorRecord sector, SealingServices services) throws ChainFault {
    Optional<Cid> message = sector.preCommit().message();
    if (message.isEmpty()) {
      return Outcome.emit(new SectorChainPreCommitFailed("no pre-commit message is recorded"));
    }
    NetworkTiming timing = services.chain().timing();
    TipSet head = services.chain().head();
    Optional<MessageLookup> lookup = services.chain().searchMessage(message.get());
    if (lookup.isEmpty()) {
      Optional<PreCommitOnChain> found = ChainLooks.preCommit(sector, services);
      if (found.isPresent()
          && head.height().value()
              >= found.get().preCommitEpoch().value() + timing.messageConfidence()) {
        return Outcome.emit(new SectorPreCommitLanded(head.cids()));
      }
      return ChainLooks.untilNextHead(
          services, head.height(), "waits for its pre-commit message to land");
    }
    ChainEpoch confirmed = ChainLooks.confirmedAt(lookup.get(), timing);
    if (confirmed.isAfter(head.height())) {
      return ChainLooks.untilEpoch(
          services, head.height(), confirmed, "waits for its pre-commit to be confirmed");
    }
    long exit = lookup.get().exitCode();
    if (exit == 0) {
      return Outcome.emit(new SectorPreCommitLanded(lookup.get().tipSet().cids()));
    }
    if (exit == ChainLooks.INSUFFICIENT_FUNDS || exit == ChainLooks.OUT_OF_GAS) {
      return Outcome.emit(new SectorRetryPreCommit());
    }
    return Outcome.emit(
        new SectorChainPreCommitFailed(
            "pre-commit message " + message.get() + " ended with exit code " + exit));
  }

  /** The event for pieces that are not what the chain says; empty if they are. */
  static Optional<Outcome> checkPieces(
      SectorRecord sector, SealingServices services, SectorState returnTo) throws ChainFault {
    return switch (PieceChecks.check(sector, services)) {
      case Finding.Good _ -> Optional.empty();
      case Finding.InvalidDeals invalid ->
          Optional.of(new Outcome.Emit(new SectorInvalidDealIDs(returnTo.wireName()), () -> {}));
      case Finding.ExpiredDeals expired ->
          Optional.of(Outcome.emit(new SectorDealsExpired(expired.why())));
      case Finding.InvalidPiece wrong -> Optional.of(Outcome.park(wrong.why()));
    };
  }

  /**
   * A full or unreachable disk or a cancelled call is tried again; everything else becomes the
   * event.
   */
  static Outcome failure(SealFault fault, SectorEvent event) throws SealFault {
    return switch (fault.kind()) {
      case NO_SPACE, UNREACHABLE, CANCELLED -> throw fault;
      case MISSING_FILE, DAMAGED_FILE, BAD_REQUEST, IO -> Outcome.emit(event);
    };
  }

  static boolean isOld(Drawn ticket, ChainEpoch head) {
    return head.value() - ticket.epoch().value() > SealingLimits.MAX_TICKET_AGE;
  }

  static long firstDealStart(SectorRecord sector) {
    return sector.pieces().stream()
        .flatMap(piece -> piece.dealInfo().stream())
        .mapToLong(info -> info.dealSchedule().startEpoch().value())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static boolean isTooLate(PreCommitOnChain found, SectorRecord sector, ChainEpoch head) {
    return head.value()
        > found.preCommitEpoch().value() + SealingLimits.maxProveCommit(sector.sealProof());
  }
}
