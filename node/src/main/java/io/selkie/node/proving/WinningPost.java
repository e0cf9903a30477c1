package io.selkie.node.proving;

import io.selkie.abi.ActorId;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.RegisteredPoStProof.Kind;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.node.proving.SectorProver.Challenged;
import io.selkie.node.proving.SectorProver.Outcome;
import io.selkie.node.remote.RemoteProofs;
import io.selkie.proofs.post.PostChallenges;
import io.selkie.proofs.post.PostProofBytes;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ExtendedSectorInfo;
import io.selkie.rpc.api.PostProof;
import io.selkie.storage.ReplicaProofs.Replica;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Winning proofs (lotus storage/winning_prover.go; storage/sealer/ffiwrapper/verifier_cgo.go).
 * Thread-safe.
 */
public final class WinningPost {

  private final ActorId miner;
  private final SectorProver prover;

  public WinningPost(ActorId miner, SectorProver prover) {
    this.miner = miner;
    this.prover = prover;
  }

  /** The proof of the one sector that was drawn. */
  List<PostProof> compute(List<ExtendedSectorInfo> sectors, byte @Nullable [] randomness)
      throws RpcFault, InterruptedException {
    if (sectors.isEmpty()) {
      throw new RpcFault("must provide sectors for winning post");
    }
    if (randomness == null || randomness.length != Randomness.LENGTH) {
      throw new RpcFault(
          "randomness of %d bytes, expected %d"
              .formatted(randomness == null ? 0 : randomness.length, Randomness.LENGTH));
    }
    ExtendedSectorInfo sector = sectors.getFirst();
    RegisteredPoStProof type = type(sector);
    if (sectors.size() != type.partitionSectors()) {
      throw new RpcFault(
          "invalid amount of replicas: %d, expected %d"
              .formatted(sectors.size(), type.partitionSectors()));
    }
    Optional<Commitment> commR = Optional.ofNullable(sector.sealedCid()).flatMap(Cid::commitment);
    if (commR.isEmpty() || sector.sectorNumber() < 0) {
      throw new RpcFault(
          "SealedCID %s of sector %s is no commitment"
              .formatted(sector.sealedCid(), Long.toUnsignedString(sector.sectorNumber())));
    }
    SectorNumber number = new SectorNumber(sector.sectorNumber());
    Challenged challenged =
        new Challenged(
            new SectorId(miner, number),
            sector.sectorKey() == null ? Replica.SEALED : Replica.UPDATED,
            type.sectorSize(),
            commR.get(),
            PostChallenges.nodes(type, new Randomness(randomness), number, 0));
    return switch (prover.prove(challenged, RemoteProofs.PATIENCE)) {
      case Outcome.Proven(var proof) ->
          List.of(new PostProof(type.number(), PostProofBytes.toBincode(type, List.of(proof))));
      case Outcome.Unprovable(String reason) ->
          throw new RpcFault(
              "pubSectorToPriv skipped sectors: [{%s %s}]: %s".formatted(miner, number, reason));
    };
  }

  private static RegisteredPoStProof type(ExtendedSectorInfo sector) throws RpcFault {
    try {
      RegisteredSealProof seal = RegisteredSealProof.ofNumber(sector.sealProof());
      return RegisteredPoStProof.of(seal.sectorSize(), Kind.WINNING);
    } catch (IllegalArgumentException unknown) {
      throw new RpcFault("failed to convert to winning post proof: " + unknown.getMessage());
    }
  }
}
