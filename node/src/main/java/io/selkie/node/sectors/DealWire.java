package io.selkie.node.sectors;

import io.selkie.abi.ActorId;
import io.selkie.abi.Address;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.PieceDealInfo.AllocationKey;
import io.selkie.pipeline.PieceDealInfo.Notification;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.DataActivationNotification;
import io.selkie.rpc.api.DealProposal;
import io.selkie.rpc.api.DealSchedule;
import io.selkie.rpc.api.PieceActivationManifest;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.VerifiedAllocationKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a piece is stored for, between the wire's record and the pipeline's. The pipeline keeps
 * addresses as text with the network's prefix.
 *
 * @param network the prefix of addresses
 */
public record DealWire(Address.Network network) {

  PieceDealInfo toWire(io.selkie.pipeline.PieceDealInfo from) {
    return new PieceDealInfo(
        from.publishCid().orElse(null),
        from.dealId().value(),
        from.dealProposal().map(DealWire::toWire).orElse(null),
        new DealSchedule(
            from.dealSchedule().startEpoch().value(), from.dealSchedule().endEpoch().value()),
        from.pieceActivationManifest().map(DealWire::toWire).orElse(null),
        from.keepUnsealed());
  }

  /**
   * The pipeline's record, once the wire's is known to be complete.
   *
   * @throws RpcFault with the reference's text if it is neither a deal nor a manifest, or its
   *     epochs are wrong
   */
  public io.selkie.pipeline.PieceDealInfo fromWire(PieceDealInfo from) throws RpcFault {
    Optional<String> fault = from.fault();
    if (fault.isPresent()) {
      throw new RpcFault("piece metadata invalid: " + fault.get());
    }
    try {
      return new io.selkie.pipeline.PieceDealInfo(
          Optional.ofNullable(from.publishCid()),
          new DealId(from.dealId()),
          Optional.ofNullable(from.dealProposal()).map(this::fromWire),
          new io.selkie.pipeline.PieceDealInfo.DealSchedule(
              new ChainEpoch(from.dealSchedule().startEpoch()),
              new ChainEpoch(from.dealSchedule().endEpoch())),
          Optional.ofNullable(from.pieceActivationManifest()).map(this::fromWire),
          from.keepUnsealed());
    } catch (IllegalArgumentException refused) {
      throw new RpcFault("piece metadata invalid: " + refused.getMessage());
    }
  }

  private static DealProposal toWire(io.selkie.pipeline.PieceDealInfo.DealProposal from) {
    return new DealProposal(
        from.pieceCid(),
        from.pieceSize().bytes(),
        from.verifiedDeal(),
        Address.parse(from.client()),
        Address.parse(from.provider()),
        from.label(),
        from.startEpoch().value(),
        from.endEpoch().value(),
        from.storagePricePerEpoch(),
        from.providerCollateral(),
        from.clientCollateral());
  }

  private io.selkie.pipeline.PieceDealInfo.DealProposal fromWire(DealProposal from) {
    return new io.selkie.pipeline.PieceDealInfo.DealProposal(
        required(from.pieceCid(), "PieceCID"),
        new PaddedPieceSize(from.pieceSize()),
        from.verifiedDeal(),
        from.client().text(network),
        from.provider().text(network),
        from.label(),
        new ChainEpoch(from.startEpoch()),
        new ChainEpoch(from.endEpoch()),
        from.storagePricePerEpoch(),
        from.providerCollateral(),
        from.clientCollateral());
  }

  private static PieceActivationManifest toWire(
      io.selkie.pipeline.PieceDealInfo.PieceActivationManifest from) {
    return new PieceActivationManifest(
        from.cid(),
        from.size().bytes(),
        from.verifiedAllocationKey()
            .map(key -> new VerifiedAllocationKey(key.client().value(), key.id()))
            .orElse(null),
        from.notifications()
            .map(list ->
                list.stream()
                    .map(each ->
                        new DataActivationNotification(
                            Address.parse(each.address()), each.payload().bytes()))
                    .toList())
            .orElse(null));
  }

  private io.selkie.pipeline.PieceDealInfo.PieceActivationManifest fromWire(
      PieceActivationManifest from) {
    Optional<List<Notification>> notifications =
        Optional.ofNullable(from.notifications())
            .map(list ->
                list.stream()
                    .map(each ->
                        new Notification(
                            each.address().text(network),
                            OpaqueBytes.of(
                                Objects.requireNonNullElse(each.payload(), new byte[0]))))
                    .toList());
    return new io.selkie.pipeline.PieceDealInfo.PieceActivationManifest(
        required(from.cid(), "CID"),
        new PaddedPieceSize(from.size()),
        Optional.ofNullable(from.verifiedAllocationKey())
            .map(key -> new AllocationKey(new ActorId(key.client()), key.id())),
        notifications);
  }

  private static Cid required(@Nullable Cid cid, String member) {
    if (cid == null) {
      throw new IllegalArgumentException(member + " is null");
    }
    return cid;
  }
}
