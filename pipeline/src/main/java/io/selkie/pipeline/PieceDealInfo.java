package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.TokenAmount;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the client data in a piece: either a deal of the market actor ({@code
 * publishCid}, {@code dealId}, {@code dealProposal}) or a direct onboarding ({@code
 * pieceActivationManifest}).
 *
 * @param publishCid the message that published the deal
 * @param dealId the deal's number, 0 for a direct onboarding
 * @param dealProposal the deal itself
 * @param dealSchedule when the data must be proven, and until when it is kept
 * @param pieceActivationManifest what the miner actor is told of a direct onboarding
 * @param keepUnsealed whether a readable copy stays on disk
 */
public record PieceDealInfo(
    Optional<Cid> publishCid,
    @Wire("DealID") DealId dealId,
    Optional<DealProposal> dealProposal,
    DealSchedule dealSchedule,
    Optional<PieceActivationManifest> pieceActivationManifest,
    boolean keepUnsealed) {

  /** Between which epochs the data must be on chain. */
  public record DealSchedule(ChainEpoch startEpoch, ChainEpoch endEpoch) {}

  /**
   * A deal proposal of the market actor.
   *
   * @param pieceSize padded bytes
   * @param client an address as text, as the API shows it
   * @param provider an address as text
   * @param label free text of the client
   */
  public record DealProposal(
      @Wire("PieceCID") Cid pieceCid,
      PaddedPieceSize pieceSize,
      boolean verifiedDeal,
      String client,
      String provider,
      String label,
      ChainEpoch startEpoch,
      ChainEpoch endEpoch,
      TokenAmount storagePricePerEpoch,
      TokenAmount providerCollateral,
      TokenAmount clientCollateral) {}

  /** A verified allocation: the client's actor and the allocation's number. */
  public record AllocationKey(ActorId client, @Wire("ID") long id) {}

  /** Whom the miner actor tells of the activation, and what. */
  public record Notification(String address, OpaqueBytes payload) {}

  /**
   * What the miner actor is told of a piece (FIP-0076).
   *
   * @param size padded bytes
   * @param notifications absent and empty are told apart on the wire
   */
  public record PieceActivationManifest(
      @Wire("CID") Cid cid,
      PaddedPieceSize size,
      Optional<AllocationKey> verifiedAllocationKey,
      @Wire("Notify") Optional<List<Notification>> notifications) {}

  /** A direct onboarding without allocation, keeping no promise but the schedule. */
  public static PieceDealInfo direct(
      PieceActivationManifest manifest, DealSchedule schedule, boolean keepUnsealed) {
    return new PieceDealInfo(
        Optional.empty(),
        new DealId(0),
        Optional.empty(),
        schedule,
        Optional.of(manifest),
        keepUnsealed);
  }

  /** Whether this is a deal of the market actor, by the mark the chain's tools use. */
  public boolean isMarketDeal() {
    return publishCid.isPresent();
  }

  /** Why this is neither of the two kinds, in the reference's words; empty if it is one. */
  public Optional<String> problem() {
    boolean market = publishCid.isPresent() && dealId.value() != 0 && dealProposal.isPresent();
    boolean direct = pieceActivationManifest.isPresent();
    long start = dealSchedule.startEpoch().value();
    long end = dealSchedule.endEpoch().value();
    if (market && direct) {
      return Optional.of("piece deal info has both legacy deal info and piece activation manifest");
    }
    if (!market && !direct) {
      return Optional.of(
          "piece deal info has neither legacy deal info nor piece activation manifest");
    }
    if (start <= 0) {
      return Optional.of("invalid deal start epoch " + start);
    }
    if (end <= 0) {
      return Optional.of("invalid deal end epoch " + end);
    }
    if (end <= start) {
      return Optional.of("invalid deal end epoch " + end + " (start " + start + ")");
    }
    return Optional.empty();
  }

  /** The CID the data must have; present if {@link #problem} is empty. */
  public Optional<Cid> pieceCid() {
    return dealProposal
        .map(DealProposal::pieceCid)
        .or(() -> pieceActivationManifest.map(PieceActivationManifest::cid));
  }

  /** What tells this piece from every other, for recognising a repeated request. */
  public String identity() {
    return pieceActivationManifest
        .map(m -> "direct " + m.cid() + " " + m.size() + " " + m.verifiedAllocationKey())
        .orElseGet(() -> "deal " + dealId + " " + pieceCid() + " " + publishCid);
  }

  /** The same with another deal number. */
  public PieceDealInfo withDealId(DealId id) {
    return new PieceDealInfo(
        publishCid, id, dealProposal, dealSchedule, pieceActivationManifest, keepUnsealed);
  }
}
