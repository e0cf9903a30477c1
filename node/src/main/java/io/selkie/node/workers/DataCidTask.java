package io.selkie.node.workers;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.proofs.pieces.PieceCommitment;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.client.ZeroStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Data that is hashed by a worker. It comes once: who has begun to read it must end it, and what a
 * worker says of it is held to its size only; where the piece is added it is hashed again.
 * Thread-safe.
 */
final class DataCidTask implements DataCids {

  /** The reference's, of data without a sector (lotus storiface/storage.go, NoSectorRef). */
  private static final SectorRef NO_SECTOR =
      new SectorRef(SectorId.of(0, 0), RegisteredSealProof.STACKED_DRG_2KIB_V1);

  private final Dispatch dispatch;

  /** Each is work of its own. */
  private final AtomicLong count = new AtomicLong();

  DataCidTask(Dispatch dispatch) {
    this.dispatch = dispatch;
  }

  /** Knows whether anybody has read of it. */
  private static final class Once extends FilterInputStream {
    private volatile boolean begun;

    Once(InputStream data) {
      super(data);
    }

    @Override
    public int read() throws IOException {
      begun = true;
      return in.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      begun = true;
      return in.read(buffer, offset, length);
    }
  }

  @Override
  public Commitment of(UnpaddedPieceSize size, InputStream data) throws RpcFault {
    Once once = new Once(data);
    Work work =
        Work.of(TaskType.DATA_CID, NO_SECTOR, List.of(Long.toString(count.incrementAndGet())));
    try {
      return dispatch
          .run(
              new RemoteTask<>(
                  work,
                  NO_SECTOR,
                  Set.of(),
                  Set.of(),
                  Set.of(),
                  false,
                  Set.of(),
                  worker -> {
                    requireWhole(once);
                    // Zeros are not sent, only how many they are.
                    return worker
                        .api()
                        .dataCid(size.bytes(), data instanceof ZeroStream ? data : once);
                  },
                  result -> Answers.piece(result, size),
                  false),
              () -> here(size, once))
          .commP();
    } catch (SealFault fault) {
      throw new RpcFault("computing the data's commitment: " + fault.getMessage());
    }
  }

  private static void requireWhole(Once data) throws RpcFault {
    if (data.begun) {
      throw new RpcFault("a worker that failed has read of the data, which comes once");
    }
  }

  private static PieceInfo here(UnpaddedPieceSize size, Once data) throws SealFault {
    try {
      requireWhole(data);
      return new PieceInfo(size.padded(), PieceCommitment.compute(data, size));
    } catch (RpcFault gone) {
      throw new SealFault(SealFault.Kind.UNREACHABLE, gone.text());
    } catch (IOException | IllegalArgumentException broken) {
      throw new SealFault(SealFault.Kind.BAD_REQUEST, String.valueOf(broken.getMessage()), broken);
    }
  }
}
