package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.pipeline.SectorRecord;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SectorRef;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls that unseal, with the reference's checks in the reference's order. Thread-safe. */
final class UnsealCalls {

  private static final Logger LOG = LoggerFactory.getLogger(UnsealCalls.class);

  private final Sealer sealer;
  private final SectorIndex index;
  private final NodeEvents events;

  UnsealCalls(Sealer sealer, SectorIndex index, NodeEvents events) {
    this.sealer = sealer;
    this.index = index;
    this.events = events;
  }

  /** Unseals the whole sector; the range only shows in one message, as in the reference. */
  void unsealPiece(
      SectorRef sector, long offset, long size, byte @Nullable [] ticket, @Nullable Cid commD)
      throws RpcFault {
    String name =
        "{"
            + Long.toUnsignedString(sector.id().miner())
            + " "
            + Long.toUnsignedString(sector.id().number())
            + "}";
    SectorId id = id(sector, name);
    if (index.find(id, EnumSet.of(SectorFileType.SEALED, SectorFileType.UPDATE)).isEmpty()) {
      throw noFile(name);
    }
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
    try {
      sealer.unseal(
          new Sealer.SectorRef(id, proof), bytes(ticket), commitment(commD), progress(id));
    } catch (SealFault fault) {
      throw new RpcFault(
          fault.kind() == SealFault.Kind.CANCELLED
              ? "worker UnsealPiece call: context canceled"
              : "worker UnsealPiece call: " + fault.getMessage());
    }
  }

  /** Starts to unseal what the record describes; how it ends is in the log. */
  void unsealInBackground(ActorId miner, SectorRecord record) throws RpcFault {
    SectorId id = new SectorId(miner, record.sector().number());
    Randomness ticket =
        record
            .ticket()
            .map(SectorRecord.Drawn::value)
            .orElseThrow(() ->
                new RpcFault("sector " + id.number() + " has no ticket yet: it was never sealed"));
    Commitment commD =
        record
            .commD()
            .orElseThrow(() ->
                new RpcFault("sector " + id.number() + " has no CommD yet: it was never sealed"));
    Thread.ofVirtual()
        .name("unseal " + id)
        .start(() -> {
          try {
            sealer.unseal(
                new Sealer.SectorRef(id, record.sealProof()), ticket, commD, progress(id));
            LOG.info("unsealed {}", id);
          } catch (SealFault fault) {
            LOG.error("unsealing {} failed: {}", id, fault.getMessage(), fault);
          }
        });
  }

  private Progress progress(SectorId id) {
    return (phase, done, total) -> events.progressed(id, phase, done, total);
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
    return commD
        .commitment()
        .orElseThrow(() -> new RpcFault("worker UnsealPiece call: " + commD + " is no CommD"));
  }
}
