package io.selkie.node.recovery;

import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborWriter;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.Devnet;
import io.selkie.chain.ProviderDeal;
import io.selkie.chain.SectorHistory;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.PreCommitOnChain;
import io.selkie.pipeline.ChainNode.RandomnessTag;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.SectorPiece;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.recovery.Diagnosis;
import io.selkie.pipeline.recovery.FileKind;
import io.selkie.pipeline.recovery.FileSeen;
import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.proofs.seal.CacheFiles;
import io.selkie.proofs.seal.ReplicaCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a sector's record again from the chain and its files, and says what neither of them knows.
 */
final class RecordRebuilder {

  /**
   * A record that was made again.
   *
   * @param record the record; its last error says what is not known, or why it is parked
   * @param unknown what could not be known, in words
   */
  record Rebuilt(SectorRecord record, List<String> unknown) {}

  private static final Address.Network NETWORK = Address.Network.TESTNET;

  private final RecoverySite site;
  private final Optional<Devnet> chain;
  private final SortedMap<SectorNumber, SectorHistory> histories;
  private final List<ProviderDeal> deals;

  /** Reads the miner's past once, for any number of sectors. */
  RecordRebuilder(RecoverySite site) throws ChainFault {
    this.site = site;
    this.chain = site.chain();
    this.histories =
        chain.isPresent() ? chain.get().sectorHistories(site.miner()) : new TreeMap<>();
    this.deals = chain.isPresent() ? chain.get().dealsOf(site.miner()) : List.of();
  }

  /** What one sector's record is made of. */
  private final class Facts {
    private final SectorNumber number;
    private final Optional<SectorRecord> before;
    private final List<FileSeen> files;
    private final List<String> unknown = new ArrayList<>();
    private final Optional<SectorOnChain> live;
    private final Optional<PreCommitOnChain> preCommit;
    private final Optional<Commitment> commR;
    private final Optional<SectorHistory.PreCommitted> promised;
    private final Optional<SectorHistory.Proven> proven;

    Facts(SectorNumber number, Optional<SectorRecord> before, List<FileSeen> files)
        throws ChainFault, IOException {
      this.number = number;
      this.before = before;
      this.files = files.stream().filter(FileSeen::inPlace).toList();
      this.live =
          chain.isPresent() ? chain.get().sectorInfo(site.miner(), number) : Optional.empty();
      this.preCommit =
          chain.isPresent() ? chain.get().preCommitInfo(site.miner(), number) : Optional.empty();
      Optional<SectorHistory> history = Optional.ofNullable(histories.get(number));
      Optional<Cid> onChain =
          live.map(SectorOnChain::sealedCid).or(() -> preCommit.map(PreCommitOnChain::sealedCid));
      this.commR =
          onChain
              .flatMap(Cid::commitment)
              .or(() -> before.flatMap(SectorRecord::commR))
              .or(this::commROnDisk);
      this.promised =
          history
              .flatMap(SectorHistory::preCommit)
              .filter(each ->
                  each.promised().sealedCid().commitment().equals(commR) && commR.isPresent());
      this.proven = live.isPresent() ? history.flatMap(SectorHistory::proven) : Optional.empty();
    }

    private Optional<Commitment> commROnDisk() {
      return file(FileKind.CACHE)
          .flatMap(cache -> {
            try {
              return ReplicaCheck.commR(cache);
            } catch (IOException unreadable) {
              unknown.add("CommR (" + unreadable.getMessage() + ")");
              return Optional.empty();
            }
          });
    }

    Optional<Path> file(FileKind kind) {
      return files.stream().filter(f -> f.kind() == kind).map(FileSeen::file).findFirst();
    }

    Optional<Path> treeD() {
      return file(FileKind.CACHE).map(c -> c.resolve(CacheFiles.TREE_D)).filter(Files::exists);
    }
  }

  /**
   * Makes a record.
   *
   * @param state where the sector goes
   * @param before what was recorded, if that can still be read
   * @param files what is on disk
   * @throws IOException if a file cannot be read
   */
  Rebuilt rebuild(
      SectorNumber number, String state, Optional<SectorRecord> before, List<FileSeen> files)
      throws ChainFault, IOException {
    Facts facts = new Facts(number, before, files);
    SectorId id = new SectorId(site.miner(), number);
    SectorRecord base =
        before.orElseGet(() -> SectorRecord.fresh(id, EvidenceReader.usualProof(site)));
    RegisteredSealProof proof =
        facts
            .live
            .map(SectorOnChain::proof)
            .or(() -> facts.preCommit.map(PreCommitOnChain::proof))
            .orElse(base.sealProof());
    Optional<Commitment> commD = commD(facts);
    List<SectorPiece> pieces = pieces(facts, commD);
    Optional<Drawn> ticket = ticket(facts);
    SectorRecord.PreCommit preCommit = preCommit(facts, base, commD);
    SectorRecord.Commit commit = commit(facts, base);
    String reason = reason(facts, state);
    return new Rebuilt(
        new SectorRecord(
            id,
            state,
            proof,
            base.createdAtS(),
            pieces,
            ticket,
            preCommit,
            commit,
            base.upgrade(),
            base.termination(),
            SectorRecord.fresh(id, proof).failures(),
            "",
            reason,
            0,
            base.moves()),
        List.copyOf(facts.unknown));
  }

  private static String reason(Facts facts, String state) {
    String missing =
        facts.unknown.isEmpty() ? "" : "; not known: " + String.join(", ", facts.unknown);
    if (!state.equals(Diagnosis.PARKED)) {
      return facts.unknown.isEmpty() ? "" : "rebuilt from chain and disk" + missing;
    }
    String where =
        facts.preCommit.isPresent()
            ? "it is pre-committed, and its proof cannot be computed from the files that are there"
            : "nothing of it is on chain; its files are kept: force a state, or remove it";
    return "rebuilt from chain and disk: " + where + missing;
  }

  private Optional<Commitment> commD(Facts facts) throws IOException {
    if (facts.preCommit.isPresent()) {
      return Optional.of(orZeros(facts.preCommit.get().unsealedCid()));
    }
    if (facts.promised.isPresent()) {
      return Optional.of(orZeros(facts.promised.get().promised().unsealedCid()));
    }
    Optional<Commitment> before = facts.before.flatMap(SectorRecord::commD);
    if (before.isPresent()) {
      return before;
    }
    Optional<Path> treeD = facts.treeD();
    if (treeD.isPresent()) {
      long nodes = 2 * site.sectorSize().nodeCount() - 1;
      try (NodeFile tree = NodeFile.open(treeD.get(), nodes)) {
        return Optional.of(new Commitment(tree.node(nodes - 1)));
      }
    }
    facts.unknown.add("CommD");
    return Optional.empty();
  }

  /** The data that was promised; promising none promises zeros. */
  private Commitment orZeros(Optional<Cid> unsealed) {
    return unsealed
        .flatMap(Cid::commitment)
        .orElseGet(() -> ZeroPieces.commitment(new PaddedPieceSize(site.sectorSize().bytes())));
  }

  private List<SectorPiece> pieces(Facts facts, Optional<Commitment> commD)
      throws ChainFault, IOException {
    List<SectorPiece> before = facts.before.map(SectorRecord::pieces).orElse(List.of());
    if (commD.isEmpty()) {
      if (before.isEmpty()) {
        facts.unknown.add("its pieces");
      }
      return before;
    }
    RebuiltPieces search =
        new RebuiltPieces(
            NETWORK,
            site.sectorSize(),
            commD.get(),
            deals,
            term(facts),
            facts.file(FileKind.UNSEALED).isPresent(),
            facts.unknown);
    if (!before.isEmpty() && search.fit(before)) {
      return before;
    }
    Optional<List<SectorPiece>> found =
        facts.proven.isPresent()
            ? search.ofManifest(facts.proven.get().pieces())
            : Optional.empty();
    if (found.isPresent()) {
      return found.get();
    }
    Optional<Path> treeD = facts.treeD();
    List<SectorPiece> pieces =
        (treeD.isPresent() ? search.ofTree(treeD.get()) : Optional.<List<SectorPiece>>empty())
            .orElseGet(search::asOne);
    search.noteUnknown(pieces);
    return pieces;
  }

  private static DealSchedule term(Facts facts) {
    ChainEpoch end =
        facts
            .live
            .map(SectorOnChain::expiration)
            .or(() -> facts.preCommit.map(PreCommitOnChain::expiration))
            .orElse(new ChainEpoch(2));
    ChainEpoch start = facts.live.map(SectorOnChain::activation).orElse(end.plus(-1));
    return RebuiltPieces.term(start, end);
  }

  private Optional<Drawn> ticket(Facts facts) throws ChainFault {
    Optional<ChainEpoch> epoch =
        facts
            .preCommit
            .map(PreCommitOnChain::sealRandEpoch)
            .or(() -> facts.promised.map(each -> each.promised().sealRandEpoch()));
    if (epoch.isPresent() && chain.isPresent()) {
      return Optional.of(
          new Drawn(
              chain.get().ticketRandomness(RandomnessTag.SEAL, epoch.get(), entropy()),
              epoch.get()));
    }
    Optional<Drawn> before = facts.before.flatMap(SectorRecord::ticket);
    if (before.isEmpty()) {
      facts.unknown.add("its ticket");
    }
    return before;
  }

  private static SectorRecord.PreCommit preCommit(
      Facts facts, SectorRecord base, Optional<Commitment> commD) {
    Optional<Cid> message = facts.promised.map(SectorHistory.PreCommitted::message);
    if (message.isEmpty() && (facts.live.isPresent() || facts.preCommit.isPresent())) {
      facts.unknown.add("its pre-commit message");
    }
    return new SectorRecord.PreCommit(
        base.preCommit().phase1Out(),
        commD.map(Cid::ofUnsealed),
        facts.commR.map(Cid::ofSealed),
        message.or(() -> base.preCommit().message()),
        facts.promised.map(SectorHistory.PreCommitted::tipSet).orElse(base.preCommit().tipSet()),
        TokenAmount.ZERO);
  }

  private SectorRecord.Commit commit(Facts facts, SectorRecord base) throws ChainFault {
    if (facts.live.isEmpty() || chain.isEmpty()) {
      return base.commit();
    }
    Optional<Drawn> seed = base.commit().seed();
    if (facts.promised.isPresent()) {
      ChainEpoch epoch =
          facts.promised.get().landed().plus(chain.get().timing().preCommitChallengeDelay());
      seed =
          Optional.of(
              new Drawn(
                  chain
                      .get()
                      .beaconRandomness(RandomnessTag.INTERACTIVE_SEAL_CHALLENGE, epoch, entropy()),
                  epoch));
    } else if (seed.isEmpty()) {
      facts.unknown.add("its seed");
    }
    Optional<Cid> message = facts.proven.map(SectorHistory.Proven::message);
    Optional<OpaqueBytes> proof =
        message.isPresent()
            ? chain.get().proofIn(message.get(), facts.number).map(OpaqueBytes::of)
            : base.commit().proof();
    if (message.isEmpty()) {
      facts.unknown.add("the message that proved it");
    }
    return new SectorRecord.Commit(seed, proof, message.or(() -> base.commit().message()));
  }

  private byte[] entropy() {
    return new DagCborWriter().address(Address.ofId(site.miner())).toByteArray();
  }
}
