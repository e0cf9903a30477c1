package io.selkie.node.remote;

import io.selkie.abi.Address;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredPoStProof;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.node.proving.SectorProver;
import io.selkie.node.proving.SectorProver.Challenged;
import io.selkie.node.proving.SectorProver.Outcome;
import io.selkie.node.proving.TimedWork;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.PoRepVanillaParams;
import io.selkie.rpc.api.PostSectorChallenge;
import io.selkie.rpc.api.SingleVanillaParams;
import io.selkie.rpc.json.WireJson;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebRequest;
import io.selkie.storage.ReplicaProofs.Replica;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /remote/vanilla/single} and {@code /porep}: vanilla proofs from files that are here,
 * for a prover elsewhere. The caller may administer; whatever goes wrong is answered 500 with the
 * reason, as in the reference. Thread-safe.
 */
public final class RemoteProofs {

  /** As many as any proof of spacetime has: those of a winning one. */
  static final int MOST_CHALLENGES = 66;

  /** Proofs of replication at once: each reads layers and trees all over the disk. */
  public static final int POREPS_AT_ONCE = 2;

  /** For a proof of replication: a minute where all is well, even for 64 GiB. */
  public static final Duration ONE_POREP = Duration.ofMinutes(30);

  /** How long a caller waits for those before it; the reference's client tries elsewhere then. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Sixty-six challenges of twenty digits and the rest, several times over. */
  private static final int BODY_BYTES = 16 << 10;

  private static final Duration BODY_TIME = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(RemoteProofs.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String BYTES = "application/octet-stream";
  private static final int OK = 200;
  private static final int FAILED = 500;

  private final SectorProver prover;
  private final Sealer sealer;
  private final TimedWork poreps;
  private final WireJson json;

  /**
   * @param poreps whose places and times proofs of replication keep to
   */
  public RemoteProofs(
      SectorProver prover, Sealer sealer, TimedWork poreps, Address.Network network) {
    this.prover = prover;
    this.sealer = sealer;
    this.poreps = poreps;
    this.json = new WireJson(network);
  }

  /** Makes what the path asks for. */
  @FunctionalInterface
  private interface Making {
    byte[] proof(String body) throws RpcFault, InterruptedException;
  }

  /** The proof of the challenged nodes of one sector. */
  WebAnswer single(WebRequest request) throws IOException, InterruptedException {
    return answer(request, body -> single(json.read(SingleVanillaParams.class, body)));
  }

  /** The output of the first phase of a sector's commit. */
  WebAnswer porep(WebRequest request) throws IOException, InterruptedException {
    return answer(request, body -> porep(json.read(PoRepVanillaParams.class, body)));
  }

  private static WebAnswer answer(WebRequest request, Making making)
      throws IOException, InterruptedException {
    try {
      return WebAnswer.of(OK, BYTES, making.proof(request.text(BODY_BYTES, BODY_TIME)));
    } catch (RpcFault refused) {
      LOG.warn("{}: {}", request.path(), refused.text());
      return WebAnswer.text(FAILED, TEXT, refused.text() + "\n");
    } catch (IllegalArgumentException nonsense) {
      LOG.warn("{}: {}", request.path(), nonsense.getMessage());
      return WebAnswer.text(FAILED, TEXT, nonsense.getMessage() + "\n");
    }
  }

  private byte[] single(SingleVanillaParams asked) throws RpcFault, InterruptedException {
    PostSectorChallenge sector = asked.sector();
    SectorSize size = RegisteredPoStProof.ofNumber(asked.proofType()).sectorSize();
    Challenged challenged =
        new Challenged(
            SectorId.of(asked.miner(), sector.sectorNumber()),
            sector.update() ? Replica.UPDATED : Replica.SEALED,
            size,
            commitment("SealedCID", sector.sealedCid()),
            nodes(sector.challenge(), size));
    return switch (prover.prove(challenged, PATIENCE)) {
      case Outcome.Proven(var proof) -> proof.toBincode();
      case Outcome.Unprovable(String reason) -> throw new RpcFault(reason);
    };
  }

  private static long[] nodes(List<Long> challenges, SectorSize size) throws RpcFault {
    if (challenges.isEmpty() || challenges.size() > MOST_CHALLENGES) {
      throw new RpcFault(challenges.size() + " challenges, expected 1 to " + MOST_CHALLENGES);
    }
    for (long node : challenges) {
      if (Long.compareUnsigned(node, size.nodeCount()) >= 0) {
        throw new RpcFault(
            "challenge %s of a sector of %d nodes"
                .formatted(Long.toUnsignedString(node), size.nodeCount()));
      }
    }
    return challenges.stream().mapToLong(Long::longValue).toArray();
  }

  private byte[] porep(PoRepVanillaParams asked) throws RpcFault, InterruptedException {
    RegisteredSealProof type = RegisteredSealProof.ofNumber(asked.sector().proofType());
    SectorId id = SectorId.of(asked.sector().id().miner(), asked.sector().id().number());
    Commitment commD = commitment("Unsealed", asked.unsealed());
    var commitments = new Sealer.SealedCommitments(commitment("Sealed", asked.sealed()), commD);
    Randomness ticket = randomness("Ticket", asked.ticket());
    Randomness seed = randomness("Seed", asked.seed());
    // Whatever the pieces were: one that fills the sector has the sector's commitment.
    var whole = new PieceInfo(new PaddedPieceSize(type.sectorSize().bytes()), commD);
    try {
      return poreps.run(
          "porep-" + id,
          PATIENCE,
          () ->
              sealer.sealCommit1(
                  new Sealer.SectorRef(id, type),
                  ticket,
                  seed,
                  List.of(whole),
                  commitments,
                  Progress.NONE));
    } catch (TimedWork.Late late) {
      throw new RpcFault("proving " + id + ": " + late.getMessage());
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof SealFault fault) {
        throw new RpcFault(String.valueOf(fault.getMessage()));
      }
      throw new IllegalStateException("proving " + id, failed.getCause());
    }
  }

  private static Commitment commitment(String name, @Nullable Cid cid) throws RpcFault {
    if (cid == null) {
      throw new RpcFault(name + " is missing");
    }
    return cid.commitment().orElseThrow(() -> new RpcFault(name + " " + cid + " is no commitment"));
  }

  private static Randomness randomness(String name, byte @Nullable [] bytes) throws RpcFault {
    if (bytes == null || bytes.length != Randomness.LENGTH) {
      throw new RpcFault(
          name
              + " of "
              + (bytes == null ? 0 : bytes.length)
              + " bytes, expected "
              + Randomness.LENGTH);
    }
    return new Randomness(bytes);
  }
}
