package io.selkie.node.workers;

import io.selkie.abi.Commitment;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.proofs.pieces.PieceCommitment;
import io.selkie.rpc.RpcFault;
import java.io.IOException;
import java.io.InputStream;

/** The commitments of data that belongs to no sector yet. */
@FunctionalInterface
public interface DataCids {

  /** Hashes it on this machine. */
  DataCids HERE =
      (size, data) -> {
        try {
          return PieceCommitment.compute(data, size);
        } catch (IOException | IllegalArgumentException broken) {
          throw new RpcFault("computing the data's commitment: " + broken.getMessage());
        }
      };

  /**
   * The commitment of exactly so many bytes.
   *
   * @throws RpcFault why there is none
   */
  Commitment of(UnpaddedPieceSize size, InputStream data) throws RpcFault;
}
