package io.selkie.node.sectors;

import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.unseal.UnsealJob;
import io.selkie.pipeline.unseal.UnsealJobs;
import io.selkie.pipeline.unseal.UnsealRefused;
import io.selkie.pipeline.unseal.UnsealRequest;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.SectorRef;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reference's calls that unseal, with its checks in its order. The work is a job: a caller who
 * leaves does not end it. Thread-safe.
 */
public final class UnsealCalls {

  private static final Logger LOG = LoggerFactory.getLogger(UnsealCalls.class);

  private final UnsealJobs jobs;
  private final Sealer sealer;
  private final SectorIndex index;

  public UnsealCalls(UnsealJobs jobs, Sealer sealer, SectorIndex index) {
    this.jobs = jobs;
    this.sealer = sealer;
    this.index = index;
  }

  /** Unseals the whole sector; the range only shows in one message, as in the reference. */
  public void unsealPiece(
      SectorRef sector, long offset, long size, byte @Nullable [] ticket, @Nullable Cid commD)
      throws RpcFault {
    String name = name(sector.id().miner(), sector.id().number());
    SectorId id = id(sector, name);
    requireReplica(index, id);
    if (commD == null) {
      throw new RpcFault(
          "cannot unseal piece (sector: {%s %d}, offset: %s size: %s) - unsealed cid is undefined"
              .formatted(
                  name,
                  sector.proofType(),
                  Long.toUnsignedString(offset),
                  Long.toUnsignedString(size)));
    }
    RegisteredSealProof proof;
    try {
      proof = RegisteredSealProof.ofNumber(sector.proofType());
    } catch (IllegalArgumentException unknown) {
      throw new RpcFault("getting sector size: " + unknown.getMessage());
    }
    Sealer.SectorRef ref = new Sealer.SectorRef(id, proof);
    // A job at work holds the file's lock: who comes then joins it instead of looking.
    if (!jobs.isLive(id) && isThere(ref)) {
      return;
    }
    wait(
        new UnsealRequest(
            ref,
            bytes(ticket),
            commitment(commD),
            UnsealRequest.whole(ref),
            0,
            "SectorsUnsealPiece"));
  }

  /** Whole sectors need not wait behind the work on others. */
  private boolean isThere(Sealer.SectorRef sector) throws RpcFault {
    try {
      return sealer.isUnsealed(sector, UnsealRequest.whole(sector));
    } catch (SealFault fault) {
      if (fault.kind() == SealFault.Kind.CANCELLED) {
        throw cancelled();
      }
      // Whatever is wrong with the file that is there, the job replaces it or says so.
      LOG.info("looking for unsealed data: {}", fault.getMessage());
      return false;
    }
  }

  private void wait(UnsealRequest request) throws RpcFault {
    Optional<UnsealJob> end;
    try {
      end = jobs.await(jobs.request(request).id());
    } catch (UnsealRefused refused) {
      throw worker(String.valueOf(refused.getMessage()));
    } catch (InterruptedException _) { // the caller's thread ends with this answer
      throw cancelled();
    }
    UnsealJob job = end.orElseThrow(() -> worker("its job was forgotten before its end was read"));
    switch (job.state()) {
      case DONE -> LOG.debug("job {} is done", job.id());
      case QUEUED, RUNNING, FAILED, CANCELLED -> throw worker(job.lastError());
    }
  }

  /** Starts to unseal what the record describes; how it ends is in the job. */
  void unsealInBackground(SectorRecord record) throws RpcFault {
    try {
      jobs.request(UnsealRequest.ofRecord(record, 0, "SectorUnseal"));
    } catch (UnsealRefused refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
  }

  /** Refuses a sector of which the index knows neither sealed nor update file. */
  static void requireReplica(SectorIndex index, SectorId id) throws RpcFault {
    if (index.find(id, EnumSet.of(SectorFileType.SEALED, SectorFileType.UPDATE)).isEmpty()) {
      throw noFile(name(id.miner().value(), id.number().value()));
    }
  }

  private static RpcFault worker(String reason) {
    return new RpcFault("worker UnsealPiece call: " + reason);
  }

  private static RpcFault cancelled() {
    return worker("context canceled");
  }

  private static String name(long miner, long number) {
    return "{" + Long.toUnsignedString(miner) + " " + Long.toUnsignedString(number) + "}";
  }

  private static SectorId id(SectorRef sector, String name) throws RpcFault {
    if (sector.id().miner() < 0 || sector.id().number() < 0) {
      throw noFile(name);
    }
    return SectorId.of(sector.id().miner(), sector.id().number());
  }

  private static RpcFault noFile(String name) {
    return new RpcFault("sealed or updated sector file not found for sector " + name);
  }

  private static OpaqueBytes bytes(byte @Nullable [] ticket) {
    return OpaqueBytes.of(ticket == null ? new byte[0] : ticket);
  }

  private static Commitment commitment(Cid commD) throws RpcFault {
    return commD.commitment().orElseThrow(() -> worker(commD + " is no CommD"));
  }
}
