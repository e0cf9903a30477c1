package io.selkie.node.receive;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.node.Faults;
import io.selkie.node.sectors.DealWire;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.RemoteSealer;
import io.selkie.pipeline.SectorRecord;
import io.selkie.proofs.seal.Verdict;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.RemoteSectorMeta;
import io.selkie.rpc.api.SectorPiece;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which sectors sealed elsewhere could be taken over, with the reference's texts in the reference's
 * order: the later the state, the more is looked at first (lotus storage/pipeline/receive.go,
 * checkSectorMeta).
 */
final class ReceiveRules {

  private static final Set<String> PROVEN = Set.of("Proving", "Available");
  private static final Set<String> SEALED = Set.of("SubmitCommit");
  private static final Set<String> ENCODED = Set.of("PreCommitting");
  private static final Set<String> FILLED = Set.of("GetTicket", "Packing");

  private static final int RANDOMNESS_BYTES = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ReceiveRules.class);

  /** What the chain says of the pieces of a sector. */
  @FunctionalInterface
  interface PieceLook {
    /** What is wrong with them; empty if nothing is. */
    Optional<String> objection(SectorRecord sector) throws ChainFault;
  }

  private final ChainNode chain;
  private final PieceLook pieceLook;
  private final DealWire deals;
  private final byte[] entropy;

  ReceiveRules(ChainNode chain, PieceLook pieceLook, ActorId miner, DealWire deals) {
    this.chain = chain;
    this.pieceLook = pieceLook;
    this.deals = deals;
    this.entropy = new DagCborWriter().address(Address.ofId(miner)).toByteArray();
  }

  /**
   * Looks at the proof, then at what the state needs.
   *
   * @param current what sectors are sealed under here
   * @return the sector, in the state where it goes on
   */
  SectorRecord check(RemoteSectorMeta meta, RegisteredSealProof current) throws RpcFault {
    if (meta.type() != current.number()) {
      throw new RpcFault(
          "sector seal proof type doesn't match current seal proof type (%d!=%d)"
              .formatted(meta.type(), current.number()));
    }
    requireHead();
    boolean proven = PROVEN.contains(meta.state());
    boolean sealed = proven || SEALED.contains(meta.state());
    boolean encoded = sealed || ENCODED.contains(meta.state());
    if (!encoded && !FILLED.contains(meta.state())) {
      throw new RpcFault("imported sector State in not supported");
    }
    if (proven) {
      checkCommitMessage(meta.commitMessage());
    }
    if (sealed) {
      checkSeed(meta);
    }
    if (encoded) {
      checkReplica(meta);
    }
    checkPieces(meta);
    ReceivedSector received = new ReceivedSector(meta, current, deals, encoded, sealed, proven);
    SectorRecord sector = received.record();
    checkContent(meta, sector);
    if (meta.dataUnsealed() == null) {
      throw new RpcFault("expected DataUnsealed to be set");
    }
    if (sealed) {
      checkProof(received.poRep(sector), meta);
    }
    return sector;
  }

  private void requireHead() throws RpcFault {
    try {
      var _ = chain.head();
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault.within("getting chain head"));
    }
  }

  private void checkContent(RemoteSectorMeta meta, SectorRecord sector) throws RpcFault {
    Optional<String> objection = ReceivedSector.objectionToLayout(sector);
    try {
      if (objection.isEmpty()) {
        objection = pieceLook.objection(sector);
      }
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault.within("checking pieces"));
    }
    // A sector that is there to be filled may have none yet; every other must have them all.
    boolean filled = !meta.state().equals("Packing");
    if (objection.isEmpty() && filled) {
      objection = ReceivedSector.objectionToData(sector);
    }
    if (objection.isPresent()) {
      throw new RpcFault("checking pieces: " + objection.get());
    }
  }

  private static void checkProof(RemoteSealer.PoRep what, RemoteSectorMeta meta) throws RpcFault {
    byte[] proof = meta.commitProof() == null ? new byte[0] : meta.commitProof();
    if (HttpSealer.verify(what, proof) instanceof Verdict.Invalid invalid) {
      LOG.info("sector {} is not taken over: {}", what.sector().id(), invalid.reason());
      throw new RpcFault(
          invalid.reason().startsWith("malformed")
              ? "validating seal proof: " + invalid.reason()
              : "seal proof invalid");
    }
  }

  private static void checkCommitMessage(@Nullable Cid message) throws RpcFault {
    if (message != null
        && !(message.version() == 1
            && message.codec() == Cid.DAG_CBOR
            && message.hashFunction() == Cid.BLAKE2B_256)) {
      throw new RpcFault("commit message prefix: invalid message prefix");
    }
  }

  private void checkSeed(RemoteSectorMeta meta) throws RpcFault {
    if (meta.preCommitDeposit() == null) {
      throw new RpcFault("sector PreCommitDeposit was null");
    }
    byte[] seed = randomness(meta.seedValue(), "seed");
    try {
      Randomness drawn =
          chain.beaconRandomness(
              RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, new ChainEpoch(meta.seedEpoch()), entropy);
      requireSame(seed, drawn, "seeds");
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }

  private void checkReplica(RemoteSectorMeta meta) throws RpcFault {
    byte[] ticket = randomness(meta.ticketValue(), "ticket");
    try {
      Randomness drawn =
          chain.ticketRandomness(RandomnessTag.SEAL, new ChainEpoch(meta.ticketEpoch()), entropy);
      requireSame(ticket, drawn, "tickets");
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
    Cid commD = meta.commD();
    Cid commR = meta.commR();
    if (commD == null || commR == null) {
      throw new RpcFault(
          "both CommR/CommD cids need to be set for sectors in PreCommitting and later states");
    }
    if (commD.codec() != Cid.FIL_COMMITMENT_UNSEALED || commD.commitment().isEmpty()) {
      throw new RpcFault("CommD cid has wrong prefix");
    }
    if (commR.codec() != Cid.FIL_COMMITMENT_SEALED || commR.commitment().isEmpty()) {
      throw new RpcFault("CommR cid has wrong prefix");
    }
    if (meta.dataSealed() == null) {
      throw new RpcFault("expected DataSealed to be set");
    }
    if (meta.dataCache() == null) {
      throw new RpcFault("expected DataCache to be set");
    }
    checkUrl(meta.remoteCommit1Endpoint(), "c1");
    checkUrl(meta.remoteCommit2Endpoint(), "c2");
  }

  private static void checkPieces(RemoteSectorMeta meta) throws RpcFault {
    List<SectorPiece> pieces = meta.pieces() == null ? List.of() : meta.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      PieceDealInfo info = pieces.get(i).dealInfo();
      Optional<String> fault = info == null ? Optional.empty() : info.fault();
      if (fault.isPresent()) {
        throw new RpcFault("piece " + i + " deal info invalid: " + fault.get());
      }
    }
    checkUrl(meta.remoteSealingDoneEndpoint(), "sealing-done");
  }

  private static byte[] randomness(byte @Nullable [] value, String what) throws RpcFault {
    int length = value == null ? 0 : value.length;
    if (value == null || length != RANDOMNESS_BYTES) {
      throw new RpcFault(what + " randomness had wrong length " + length);
    }
    return value;
  }

  private static void requireSame(byte[] given, Randomness drawn, String what) throws RpcFault {
    if (!Arrays.equals(given, drawn.bytes())) {
      HexFormat hex = HexFormat.of();
      throw new RpcFault(
          "provided(%s) and generated(%s) %s differ"
              .formatted(hex.formatHex(given), hex.formatHex(drawn.bytes()), what));
    }
  }

  private static void checkUrl(String text, String which) throws RpcFault {
    try {
      var _ = new URI(text);
    } catch (URISyntaxException malformed) {
      throw new RpcFault("parsing remote " + which + " endpoint url: " + malformed.getMessage());
    }
  }
}
