package io.selkie.node.recovery;

import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DagCborException;
import io.selkie.abi.DagCborReader;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.PieceLayout;
import io.selkie.abi.ProveCommitSectors3Params.Notification;
import io.selkie.abi.ProveCommitSectors3Params.Piece;
import io.selkie.abi.SectorSize;
import io.selkie.chain.ProviderDeal;
import io.selkie.pipeline.ChainNode.DealOnChain;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.PieceDealInfo;
import io.selkie.pipeline.PieceDealInfo.AllocationKey;
import io.selkie.pipeline.PieceDealInfo.DealProposal;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.SectorPiece;
import io.selkie.proofs.file.NodeFile;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.proofs.pieces.ZeroPieces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sector's pieces, found again: by the message that proved them, else by looking for the miner's
 * deals in the data's tree, else as one piece of everything. What is returned always has the CommD
 * that was asked for.
 */
final class RebuiltPieces {

  /** The market actor. */
  private static final Address MARKET = Address.ofId(5);

  /** Smaller than any piece: what is not found in two nodes of this size is one unknown piece. */
  private static final long SMALLEST_PIECE_BYTES = 128;

  private static final int NODE_BYTES = 32;

  private final Address.Network network;
  private final SectorSize size;
  private final Commitment commD;
  private final List<ProviderDeal> deals;
  private final DealSchedule term;
  private final boolean keepUnsealed;
  private final List<String> unknown;

  /**
   * @param deals the miner's
   * @param term the sector's own, for pieces whose schedule nobody knows
   * @param keepUnsealed whether a readable copy is on disk
   * @param unknown told of what cannot be known
   */
  RebuiltPieces(
      Address.Network network,
      SectorSize size,
      Commitment commD,
      List<ProviderDeal> deals,
      DealSchedule term,
      boolean keepUnsealed,
      List<String> unknown) {
    this.network = network;
    this.size = size;
    this.commD = commD;
    this.deals = List.copyOf(deals);
    this.term = term;
    this.keepUnsealed = keepUnsealed;
    this.unknown = unknown;
  }

  /** Whether these pieces are the sector's data. */
  boolean fit(List<SectorPiece> pieces) {
    long sum = pieces.stream().mapToLong(each -> each.piece().size().bytes()).sum();
    return sum == size.bytes()
        && DataCommitment.ofPieces(size, pieces.stream().map(SectorPiece::piece).toList())
            .equals(commD);
  }

  /** The pieces that a message named, with the zeros between and behind them. */
  Optional<List<SectorPiece>> ofManifest(List<Piece> manifest) {
    List<SectorPiece> all = new ArrayList<>();
    long written = 0;
    for (Piece piece : manifest) {
      Optional<Commitment> commP = piece.cid().commitment();
      if (commP.isEmpty() || written + piece.size().bytes() > size.bytes()) {
        return Optional.empty();
      }
      written += addZeros(all, PieceLayout.paddingBefore(written, piece.size()));
      all.add(
          new SectorPiece(new PieceInfo(piece.size(), commP.get()), Optional.of(infoOf(piece))));
      written += piece.size().bytes();
    }
    if (written > size.bytes()) {
      return Optional.empty();
    }
    addZeros(all, PieceLayout.fillers(written, size));
    return fit(all) ? Optional.of(List.copyOf(all)) : Optional.empty();
  }

  private static long addZeros(List<SectorPiece> to, List<PaddedPieceSize> sizes) {
    long bytes = 0;
    for (PaddedPieceSize each : sizes) {
      to.add(SectorPiece.filler(new PieceInfo(each, ZeroPieces.commitment(each))));
      bytes += each.bytes();
    }
    return bytes;
  }

  private PieceDealInfo infoOf(Piece piece) {
    for (Notification notification : piece.notifications()) {
      if (notification.to().equals(MARKET)) {
        Optional<ProviderDeal> deal =
            dealId(notification.payload())
                .flatMap(
                    id -> deals.stream().filter(each -> each.deal().id().equals(id)).findFirst());
        if (deal.isPresent()) {
          return infoOf(deal.get());
        }
      }
    }
    unknown.add("the schedule of piece " + piece.cid() + " (taken: the sector's term)");
    return PieceDealInfo.direct(
        new PieceActivationManifest(
            piece.cid(),
            piece.size(),
            piece.allocation().map(key -> new AllocationKey(key.client(), key.id())),
            piece.notifications().isEmpty()
                ? Optional.empty()
                : Optional.of(
                    piece.notifications().stream()
                        .map(each ->
                            new PieceDealInfo.Notification(
                                each.to().text(network), OpaqueBytes.of(each.payload())))
                        .toList())),
        term,
        keepUnsealed);
  }

  private static Optional<DealId> dealId(byte[] payload) {
    try {
      DagCborReader in = new DagCborReader(payload);
      long id = in.natural();
      in.end();
      return Optional.of(new DealId(id));
    } catch (DagCborException _) { // a word to the market that names no deal
      return Optional.empty();
    }
  }

  private PieceDealInfo infoOf(ProviderDeal from) {
    DealOnChain deal = from.deal();
    return new PieceDealInfo(
        Optional.of(from.publishMessage()),
        deal.id(),
        Optional.of(
            new DealProposal(
                Cid.ofUnsealed(deal.piece().commP()),
                deal.piece().size(),
                deal.verified(),
                Address.ofId(deal.client()).text(network),
                Address.ofId(deal.provider()).text(network),
                deal.label(),
                deal.startEpoch(),
                deal.endEpoch(),
                deal.pricePerEpoch(),
                deal.providerCollateral(),
                deal.clientCollateral())),
        new DealSchedule(deal.startEpoch(), deal.endEpoch()),
        Optional.empty(),
        keepUnsealed);
  }

  /**
   * The pieces of the data whose tree this is: the miner's deals that no sector has activated, at
   * the places where the tree has their commitments, zeros, and what is left.
   *
   * @return nothing if the tree is of other data
   * @throws IOException if it cannot be read
   */
  Optional<List<SectorPiece>> ofTree(Path treeD) throws IOException {
    long leaves = size.nodeCount();
    try (NodeFile tree = NodeFile.open(treeD, 2 * leaves - 1)) {
      if (!new Commitment(tree.node(2 * leaves - 2)).equals(commD)) {
        return Optional.empty();
      }
      List<ProviderDeal> open =
          new ArrayList<>(deals.stream().filter(each -> each.sector().isEmpty()).toList());
      Search search = new Search(tree, leaves, open);
      List<SectorPiece> found = search.under(size.bytes(), 0);
      return fit(found) ? Optional.of(found) : Optional.empty();
    }
  }

  /** Walks down the data's tree. */
  private final class Search {
    private final NodeFile tree;
    private final long leaves;
    private final List<ProviderDeal> open;

    Search(NodeFile tree, long leaves, List<ProviderDeal> open) {
      this.tree = tree;
      this.leaves = leaves;
      this.open = open;
    }

    /** The pieces below the node of this many bytes, the {@code index}-th of its row. */
    List<SectorPiece> under(long bytes, long index) throws IOException {
      PaddedPieceSize piece = new PaddedPieceSize(bytes);
      Commitment node = new Commitment(tree.node(rowStart(bytes) + index));
      if (node.equals(ZeroPieces.commitment(piece))) {
        return List.of(SectorPiece.filler(new PieceInfo(piece, node)));
      }
      PieceInfo info = new PieceInfo(piece, node);
      for (ProviderDeal deal : open) {
        if (deal.deal().piece().equals(info)) {
          open.remove(deal);
          return List.of(new SectorPiece(info, Optional.of(infoOf(deal))));
        }
      }
      if (bytes > SMALLEST_PIECE_BYTES && !open.isEmpty()) {
        List<SectorPiece> both = new ArrayList<>(under(bytes / 2, 2 * index));
        both.addAll(under(bytes / 2, 2 * index + 1));
        if (both.stream().anyMatch(RebuiltPieces::isDeal)) {
          return both;
        }
      }
      return List.of(unknownPiece(info));
    }

    private long rowStart(long bytes) {
      long start = 0;
      for (long row = leaves; row * bytes / NODE_BYTES > leaves; row /= 2) {
        start += row;
      }
      return start;
    }
  }

  private static boolean isDeal(SectorPiece piece) {
    return piece.dealInfo().map(PieceDealInfo::isMarketDeal).orElse(false);
  }

  /** Everything as one piece that belongs to nobody known. */
  List<SectorPiece> asOne() {
    PaddedPieceSize whole = new PaddedPieceSize(size.bytes());
    if (commD.equals(ZeroPieces.commitment(whole))) {
      return List.of(SectorPiece.filler(new PieceInfo(whole, commD)));
    }
    return List.of(unknownPiece(new PieceInfo(whole, commD)));
  }

  private SectorPiece unknownPiece(PieceInfo piece) {
    return new SectorPiece(
        piece,
        Optional.of(
            PieceDealInfo.direct(
                new PieceActivationManifest(
                    Cid.ofUnsealed(piece.commP()),
                    piece.size(),
                    Optional.empty(),
                    Optional.empty()),
                term,
                keepUnsealed)));
  }

  /** Says which pieces belong to nobody known. */
  void noteUnknown(List<SectorPiece> pieces) {
    for (SectorPiece piece : pieces) {
      boolean nobodys = piece.dealInfo().map(info -> !info.isMarketDeal()).orElse(false);
      if (nobodys) {
        unknown.add(
            "whose the "
                + piece.piece().size().bytes()
                + " bytes of piece "
                + Cid.ofUnsealed(piece.piece().commP())
                + " are");
      }
    }
  }

  /** The sector's own term, where it is known. */
  static DealSchedule term(ChainEpoch start, ChainEpoch end) {
    return new DealSchedule(
        new ChainEpoch(Math.max(1, start.value())), new ChainEpoch(Math.max(2, end.value())));
  }
}
