package io.selkie.pipeline;

import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.ProveCommitSectors3Params.Activation;
import io.selkie.abi.ProveCommitSectors3Params.Allocation;
import io.selkie.abi.ProveCommitSectors3Params.Notification;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.BatchKinds.CommitItem;
import io.selkie.pipeline.ChainLooks.SeedFinding;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.Sealer.UnpaddedRange;
import io.selkie.pipeline.SectorEvent.SectorChainPreCommitFailed;
import io.selkie.pipeline.SectorEvent.SectorCommitAggregateSent;
import io.selkie.pipeline.SectorEvent.SectorCommitFailed;
import io.selkie.pipeline.SectorEvent.SectorFinalizeFailed;
import io.selkie.pipeline.SectorEvent.SectorFinalized;
import io.selkie.pipeline.SectorEvent.SectorFinalizedAvailable;
import io.selkie.pipeline.SectorEvent.SectorProving;
import io.selkie.pipeline.SectorEvent.SectorRetryCommitWait;
import io.selkie.pipeline.SectorEvent.SectorRetrySubmitCommit;
import io.selkie.pipeline.SectorEvent.SectorSeedReady;
import io.selkie.pipeline.SectorEvent.SectorSubmitCommitAggregate;
import io.selkie.pipeline.WorkPool.Task;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a pre-commit on chain to a proven sector in long-term storage. */
final class CommitStates {

  /** The market actor, which hears of its deals' activation. */
  private static final Address MARKET = Address.ofId(5);

  private CommitStates() {}

  static Outcome waitSeed(SectorRecord sector, SealingServices services) throws ChainFault {
    ChainEpoch head = services.chain().head().height();
    Optional<PreCommitOnChain> found = ChainLooks.preCommit(sector, services);
    if (found.isEmpty()) {
      if (ChainLooks.proven(sector, services).isPresent()) {
        // The seed does not matter any more; Committing sees that and goes on.
        return sector.commit().seed().isPresent()
            ? Outcome.emit(
                new SectorSeedReady(
                    sector.commit().seed().get().value(), sector.commit().seed().get().epoch()))
            : Outcome.park("it is proven on chain already; force FinalizeSector");
      }
      return Outcome.emit(new SectorChainPreCommitFailed("its pre-commit is not on chain"));
    }
    ChainEpoch epoch = ChainLooks.seedEpoch(found.get(), services.chain().timing());
    ChainEpoch ready = epoch.plus(services.chain().timing().interactiveConfidence());
    if (ready.isAfter(head)) {
      return ChainLooks.untilEpoch(services, head, ready, "waits for its seed");
    }
    return Outcome.emit(
        new SectorSeedReady(
            services
                .chain()
                .beaconRandomness(
                    RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, epoch, services.entropy()),
            epoch));
  }

  /** The seed is checked before hours of work, and never after it: a proof is not thrown away. */
  static Outcome committing(SectorRecord sector, SealingServices services)
      throws ChainFault, SealFault, InterruptedException {
    if (isSettled(sector, services)) {
      return Outcome.emit(new SectorRetryCommitWait());
    }
    Optional<CommitProof> proof = CommitProof.of(sector, services);
    if (proof.isEmpty()) {
      return Outcome.emit(
          new SectorCommitFailed("CommD, CommR, the ticket or the seed is missing"));
    }
    Optional<String> objection = objection(sector, services);
    if (objection.isPresent()) {
      return Outcome.emit(new SectorCommitFailed(objection.get()));
    }
    return proof.get().compute();
  }

  static Outcome submitCommit(SectorRecord sector, SealingServices services) {
    return Outcome.emit(new SectorSubmitCommitAggregate());
  }

  static Outcome submitCommitAggregate(SectorRecord sector, SealingServices services)
      throws ChainFault {
    Optional<OpaqueBytes> proof = sector.commit().proof();
    if (sector.commD().isEmpty() || sector.commR().isEmpty() || proof.isEmpty()) {
      return Outcome.emit(new SectorCommitFailed("CommD, CommR or the proof is missing"));
    }
    if (isSettled(sector, services)) {
      return Outcome.emit(new SectorCommitFailed("its proof is on chain already"));
    }
    ChainEpoch head = services.chain().head().height();
    if (ChainLooks.isPending(sector.commit().message(), head, services)) {
      return Outcome.emit(new SectorCommitAggregateSent(sector.commit().message().get()));
    }
    SeedFinding finding = ChainLooks.seed(sector, services);
    Optional<String> objection = objection(finding);
    if (!(finding instanceof SeedFinding.Good good)) {
      return Outcome.emit(new SectorCommitFailed(objection.orElse("its seed does not fit")));
    }
    long cutoff =
        Math.min(
            good.preCommit().preCommitEpoch().value()
                + SealingLimits.maxProveCommit(sector.sealProof()),
            PreCommitStates.firstDealStart(sector));
    Instant at =
        services
            .commits()
            .offer(
                new Outbox.Member<>(
                    sector.sector(),
                    sector.moves(),
                    new CommitItem(
                        new Activation(sector.sector().number(), manifest(sector)),
                        proof.get(),
                        collateral(sector, services, good.preCommit(), head)),
                    Instant.ofEpochMilli(sector.enteredAtMs()),
                    ChainLooks.timeOf(services, head, cutoff)));
    return new Outcome.WaitUntil(at, Optional.empty(), "waits for a commit message");
  }

  static Outcome commitWait(SectorRecord sector, SealingServices services) throws ChainFault {
    ChainEpoch head = services.chain().head().height();
    Optional<MessageLookup> lookup = ChainLooks.message(sector.commit().message(), services);
    boolean proven = ChainLooks.proven(sector, services).isPresent();
    if (lookup.isEmpty()) {
      if (proven) {
        return Outcome.emit(new SectorProving());
      }
      return sector.commit().message().isEmpty()
          ? Outcome.emit(new SectorCommitFailed("no commit message is recorded"))
          : ChainLooks.untilNextHead(services, head, "waits for its commit message to land");
    }
    ChainEpoch confirmed = ChainLooks.confirmedAt(lookup.get(), services.chain().timing());
    if (confirmed.isAfter(head)) {
      return ChainLooks.untilEpoch(
          services, head, confirmed, "waits for its proof to be confirmed");
    }
    if (proven) {
      return Outcome.emit(new SectorProving());
    }
    long exit = lookup.get().exitCode();
    if (exit == ChainLooks.INSUFFICIENT_FUNDS || exit == ChainLooks.OUT_OF_GAS) {
      return Outcome.emit(new SectorRetrySubmitCommit());
    }
    // The message succeeds as a whole even if it failed for this sector, so 0 is no proof.
    return Outcome.emit(
        new SectorCommitFailed(
            "commit message "
                + lookup.get().message()
                + " ended with exit code "
                + exit
                + ", and the sector is not on chain"));
  }

  static Outcome finalizeSector(SectorRecord sector, SealingServices services)
      throws SealFault, InterruptedException {
    SealingConfig.Sectors config = services.config().sectors();
    List<UnpaddedRange> keep = keepUnsealed(sector, config.alwaysKeepUnsealedCopy());
    try {
      services
          .work()
          .run(
              Task.FINALIZE,
              sector,
              () -> {
                services.sealer().finalizeSector(InputStates.ref(sector), keep);
                return true;
              });
    } catch (SealFault e) {
      return PreCommitStates.failure(e, new SectorFinalizeFailed("finalize: " + e.getMessage()));
    }
    return Outcome.emit(
        config.makeCcSectorsAvailable() && !sector.hasDeals()
            ? new SectorFinalizedAvailable()
            : new SectorFinalized());
  }

  /** Whether the chain has the proof already, whoever sent it. */
  static boolean isSettled(SectorRecord sector, SealingServices services) throws ChainFault {
    return ChainLooks.proven(sector, services).isPresent();
  }

  private static Optional<String> objection(SectorRecord sector, SealingServices services)
      throws ChainFault {
    return objection(ChainLooks.seed(sector, services));
  }

  private static Optional<String> objection(SeedFinding finding) {
    return switch (finding) {
      case SeedFinding.Good _ -> Optional.empty();
      case SeedFinding.NoPreCommit _ -> Optional.of("its pre-commit is not on chain");
      case SeedFinding.BadSeed bad -> Optional.of("bad seed: " + bad.why());
    };
  }

  private static TokenAmount collateral(
      SectorRecord sector, SealingServices services, PreCommitOnChain found, ChainEpoch head)
      throws ChainFault {
    long verifiedBytes =
        sector.pieces().stream()
            .filter(piece ->
                piece
                    .dealInfo()
                    .flatMap(PieceDealInfo::pieceActivationManifest)
                    .flatMap(PieceActivationManifest::verifiedAllocationKey)
                    .isPresent())
            .mapToLong(piece -> piece.piece().size().bytes())
            .sum();
    long duration = found.expiration().value() - head.value();
    if (duration <= 0) {
      return TokenAmount.ZERO;
    }
    TokenAmount pledge =
        services
            .chain()
            .initialPledge(
                services.miner(), sector.sealProof().sectorSize(), duration, verifiedBytes);
    TokenAmount rest = pledge.minus(found.deposit());
    return rest.atto().compareTo(BigInteger.ZERO) < 0 ? TokenAmount.ZERO : rest;
  }

  /** What the miner actor is told of the data; it takes gaps for zeros. */
  static List<Piece> manifest(SectorRecord sector) {
    List<Piece> pieces = new ArrayList<>();
    for (SectorPiece piece : sector.pieces()) {
      piece.dealInfo().ifPresent(info -> pieces.add(manifest(piece, info)));
    }
    return pieces;
  }

  private static Piece manifest(SectorPiece piece, PieceDealInfo info) {
    return info.pieceActivationManifest()
        .map(m ->
            new Piece(
                m.cid(),
                m.size(),
                m.verifiedAllocationKey().map(key -> new Allocation(key.client(), key.id())),
                m.notifications().orElse(List.of()).stream()
                    .map(n -> new Notification(Address.parse(n.address()), n.payload().bytes()))
                    .toList()))
        .orElseGet(() ->
            new Piece(
                Cid.ofUnsealed(piece.piece().commP()),
                piece.piece().size(),
                Optional.empty(),
                List.of(
                    new Notification(
                        MARKET,
                        new DagCborWriter().integer(info.dealId().value()).toByteArray()))));
  }

  static List<UnpaddedRange> keepUnsealed(SectorRecord sector, boolean always) {
    List<UnpaddedRange> keep = new ArrayList<>();
    long offset = 0;
    for (SectorPiece piece : sector.pieces()) {
      long size = piece.piece().size().unpadded().bytes();
      if (piece.dealInfo().map(info -> always || info.keepUnsealed()).orElse(false)) {
        keep.add(new UnpaddedRange(offset, size));
      }
      offset += size;
    }
    return keep;
  }
}
