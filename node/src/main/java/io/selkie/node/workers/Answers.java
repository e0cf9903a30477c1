package io.selkie.node.workers;

import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.node.workers.RemoteTask.WrongAnswer;
import io.selkie.pipeline.Sealer.SealedCommitments;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.proofs.pieces.DataCommitment;
import io.selkie.proofs.pieces.ZeroPieces;
import io.selkie.proofs.seal.Commit1Output;
import io.selkie.proofs.seal.VanillaVerifier;
import io.selkie.proofs.seal.Verdict;
import io.selkie.rpc.api.SectorCids;
import io.selkie.rpc.api.WirePiece;
import io.selkie.storage.PreCommit1Json;
import java.util.ArrayList;
import java.util.List;

/** What workers return, looked at before it is used. */
final class Answers {

  /** Looks at something that came. */
  @FunctionalInterface
  interface Look<T> {
    void at(T came) throws WrongAnswer;
  }

  private Answers() {}

  static byte[] bytes(CallResult result) throws WrongAnswer {
    if (result instanceof CallResult.Bytes(byte[] bytes)) {
      return bytes;
    }
    throw new WrongAnswer("expected bytes, found " + result.kind());
  }

  static boolean done(CallResult result) throws WrongAnswer {
    if (result instanceof CallResult.Done) {
      return true;
    }
    throw new WrongAnswer("expected that it is done, found " + result.kind());
  }

  /** A piece of the size that was asked for. */
  static PieceInfo piece(CallResult result, UnpaddedPieceSize size) throws WrongAnswer {
    if (!(result instanceof CallResult.Piece(WirePiece piece))) {
      throw new WrongAnswer("expected a piece, found " + result.kind());
    }
    if (piece.size() != size.padded().bytes() || piece.pieceCid() == null) {
      throw new WrongAnswer("a piece of " + piece.size() + " bytes, expected " + size.padded());
    }
    return new PieceInfo(size.padded(), commitment(piece.pieceCid()));
  }

  private static Commitment commitment(io.selkie.abi.Cid cid) throws WrongAnswer {
    return cid.commitment().orElseThrow(() -> new WrongAnswer(cid + " is no commitment"));
  }

  /** The commitment of zeros is known. */
  static void requireZeros(PieceInfo piece) throws WrongAnswer {
    Commitment zeros = ZeroPieces.commitment(piece.size());
    if (!piece.commP().equals(zeros)) {
      throw new WrongAnswer("zeros have the commitment " + zeros + ", not " + piece.commP());
    }
  }

  /** Pieces that take exactly the bytes before an offset, for calls that name what is there. */
  static List<Long> before(long offsetPaddedBytes) {
    List<Long> sizes = new ArrayList<>();
    long left = offsetPaddedBytes;
    while (left > 0) {
      long piece = Long.highestOneBit(left);
      sizes.add(new PaddedPieceSize(piece).unpadded().bytes());
      left -= piece;
    }
    return sizes;
  }

  /** An output of this proof, over the data of these pieces. */
  static byte[] preCommit1(CallResult result, SectorRef sector, List<PieceInfo> pieces)
      throws WrongAnswer {
    byte[] out = bytes(result);
    Commitment expected = DataCommitment.ofPieces(sector.proof().sectorSize(), pieces);
    try {
      Commitment found = PreCommit1Json.requireFor(out, sector.proof());
      if (!found.equals(expected)) {
        throw new WrongAnswer("its data has the commitment " + found + ", expected " + expected);
      }
      return out;
    } catch (IllegalArgumentException e) {
      throw new WrongAnswer(String.valueOf(e.getMessage()));
    }
  }

  /** Two commitments, of which the data's is known. */
  static SealedCommitments preCommit2(CallResult result, byte[] preCommit1Out) throws WrongAnswer {
    if (!(result instanceof CallResult.Cids(SectorCids cids))
        || cids.sealed() == null
        || cids.unsealed() == null) {
      throw new WrongAnswer("expected two commitments, found " + result.kind());
    }
    Commitment commD = commitment(cids.unsealed());
    Commitment expected = PreCommit1Json.commD(preCommit1Out);
    if (!commD.equals(expected)) {
      throw new WrongAnswer("CommD is " + commD + ", expected " + expected);
    }
    return new SealedCommitments(commitment(cids.sealed()), commD);
  }

  /** An output whose proof holds, for this sector, ticket and seed. */
  static byte[] commit1(
      CallResult result,
      SectorRef sector,
      Randomness ticket,
      Randomness seed,
      SealedCommitments commitments)
      throws WrongAnswer {
    byte[] out = bytes(result);
    Verdict verdict =
        VanillaVerifier.verify(
            sector.proof(),
            sector.id(),
            commitments.commR(),
            commitments.commD(),
            ticket,
            seed,
            proof(out));
    if (verdict instanceof Verdict.Invalid(String why)) {
      throw new WrongAnswer(why);
    }
    return out;
  }

  /** The proof in an output of commit 1, as it goes on chain while there are no circuits. */
  static byte[] proof(byte[] commit1Out) throws WrongAnswer {
    try {
      return Commit1Output.ofJson(commit1Out).toBincode();
    } catch (IllegalArgumentException e) {
      throw new WrongAnswer(String.valueOf(e.getMessage()));
    }
  }
}
