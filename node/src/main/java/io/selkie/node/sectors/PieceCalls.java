package io.selkie.node.sectors;

import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.node.Faults;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.PieceRefused;
import io.selkie.pipeline.Sealer.PieceSource;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SectorOffset;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls that bring a piece: they block until it is written and recorded. Thread-safe. */
final class PieceCalls {

  private final SectorPipeline pipeline;
  private final ChainNode chain;
  private final DealWire deals;

  PieceCalls(SectorPipeline pipeline, ChainNode chain, DealWire deals) {
    this.pipeline = pipeline;
    this.chain = chain;
    this.deals = deals;
  }

  /** Adds the piece; a caller who goes away takes it back if no sector has begun to write it. */
  SectorOffset addToAny(long size, InputStream data, PieceDealInfo info)
      throws RpcFault, InterruptedException {
    CompletableFuture<io.selkie.pipeline.SectorOffset> added;
    io.selkie.pipeline.PieceDealInfo deal;
    try {
      checkSize(size);
      deal = deals.fromWire(info);
      added = pipeline.addPiece(size, once(data), deal);
    } catch (PieceRefused refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
    try {
      io.selkie.pipeline.SectorOffset place = added.get();
      return new SectorOffset(place.sector().value(), place.offset());
    } catch (InterruptedException gone) {
      pipeline.withdraw(deal);
      throw gone;
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new RpcFault(String.valueOf(cause.getMessage()));
    }
  }

  /** The size is looked at before the deal, as in the reference. */
  private void checkSize(long size) throws RpcFault, ChainFault {
    if (!UnpaddedPieceSize.isValid(size)) {
      throw new RpcFault("cannot allocate unpadded piece");
    }
    if (size > chain.minerInfo(pipeline.miner()).sectorSize().unpadded().bytes()) {
      throw new RpcFault("piece cannot fit into a sector");
    }
  }

  /** What came over the wire can be read once; a second attempt needs the client. */
  private static PieceSource once(InputStream data) {
    AtomicBoolean taken = new AtomicBoolean();
    return () -> {
      if (taken.getAndSet(true)) {
        throw new IOException("the piece's data was sent once and has been read");
      }
      return data;
    };
  }
}
