package io.selkie.pipeline;

import io.selkie.pipeline.RemoteSealer.PoRep;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.pipeline.SectorEvent.SectorCommitted;
import io.selkie.pipeline.SectorEvent.SectorComputeProofFailed;
import io.selkie.pipeline.SectorEvent.SectorProofReady;
import io.selkie.pipeline.SectorEvent.SectorRemoteCommit1Failed;
import io.selkie.pipeline.SectorEvent.SectorRemoteCommit2Failed;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.SectorRecord.Imported;
import io.selkie.pipeline.WorkPool.Task;
import io.selkie.pipeline.WorkPool.Work;
import java.util.Optional;
import java.util.function.Function;

/**
 * Computes a sector's proof of replication: here, or each half where those who sealed it elsewhere
 * want it computed. What comes from elsewhere is verified before it is used.
 */
final class CommitProof {

  private final SectorRecord sector;
  private final SealingServices services;
  private final SectorRef ref;
  private final PoRep what;

  private CommitProof(
      SectorRecord sector,
      SealingServices services,
      SealedCommitments sealed,
      Drawn ticket,
      Drawn seed) {
    this.sector = sector;
    this.services = services;
    this.ref = InputStates.ref(sector);
    this.what = new PoRep(ref, ticket.value(), seed.value(), sealed);
  }

  /** The proof to be computed; empty if the sector lacks what it is computed from. */
  static Optional<CommitProof> of(SectorRecord sector, SealingServices services) {
    if (sector.commD().isEmpty()
        || sector.commR().isEmpty()
        || sector.ticket().isEmpty()
        || sector.commit().seed().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CommitProof(
            sector,
            services,
            new SealedCommitments(sector.commR().get(), sector.commD().get()),
            sector.ticket().get(),
            sector.commit().seed().get()));
  }

  /** The event that follows. */
  Outcome compute() throws SealFault, InterruptedException {
    boolean remote1 = isSet(Imported::commit1);
    boolean remote2 = isSet(Imported::commit2);
    return remote1 || remote2 ? elsewhere(remote1, remote2) : here();
  }

  private boolean isSet(Function<Imported, String> endpoint) {
    return sector.imported().map(endpoint).filter(each -> !each.isEmpty()).isPresent();
  }

  private Outcome here() throws SealFault, InterruptedException {
    try {
      return done(inSlot(() -> half2(half1())));
    } catch (SealFault e) {
      return failedHere(e);
    }
  }

  private Outcome elsewhere(boolean remote1, boolean remote2)
      throws SealFault, InterruptedException {
    Optional<ImportSources> endpoints = services.imports().of(sector.sector());
    RemoteSealer remote = services.elsewhere();
    byte[] commit1Out;
    try {
      commit1Out =
          remote1
              ? remote.commit1(address(endpoints.map(ImportSources::commit1)), what)
              : inSlot(this::half1);
    } catch (SealFault e) {
      return remote1
          ? PreCommitStates.failure(e, new SectorRemoteCommit1Failed(words(e)))
          : failedHere(e);
    }
    byte[] proof;
    try {
      proof =
          remote2
              ? remote.commit2(address(endpoints.map(ImportSources::commit2)), ref, commit1Out)
              : inSlot(() -> half2(commit1Out));
    } catch (SealFault e) {
      return remote2
          ? PreCommitStates.failure(e, new SectorRemoteCommit2Failed(words(e)))
          : failedHere(e);
    }
    Optional<String> objection = remote.objection(what, proof);
    if (objection.isPresent()) {
      String why = "the proof that came back does not hold: " + objection.get();
      return Outcome.emit(
          remote2 ? new SectorRemoteCommit2Failed(why) : new SectorRemoteCommit1Failed(why));
    }
    return done(proof);
  }

  private static String address(Optional<String> endpoint) throws SealFault {
    return endpoint
        .filter(each -> !each.isEmpty())
        .orElseThrow(() ->
            new SealFault(
                SealFault.Kind.BAD_REQUEST, "the address of its sealer is not recorded any more"));
  }

  private <T> T inSlot(Work<T> work) throws SealFault, InterruptedException {
    return services.work().run(Task.COMMIT, sector, work);
  }

  private byte[] half1() throws SealFault {
    return services
        .sealer()
        .sealCommit1(
            ref,
            what.ticket(),
            what.seed(),
            sector.pieceInfos(),
            what.sealed(),
            services.progressOf(sector.sector()));
  }

  private byte[] half2(byte[] commit1Out) throws SealFault {
    return services.sealer().sealCommit2(ref, commit1Out, services.progressOf(sector.sector()));
  }

  private static Outcome failedHere(SealFault fault) throws SealFault {
    return PreCommitStates.failure(
        fault, new SectorComputeProofFailed("computing the proof: " + fault.getMessage()));
  }

  private static String words(SealFault fault) {
    return String.valueOf(fault.getMessage());
  }

  private Outcome done(byte[] proof) {
    OpaqueBytes bytes = OpaqueBytes.of(proof);
    return Outcome.emit(
        services.config().sectors().finalizeEarly()
            ? new SectorProofReady(bytes)
            : new SectorCommitted(bytes));
  }
}
