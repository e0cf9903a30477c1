package io.selkie.node;

import io.selkie.abi.Commitment;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.RemovalPermit;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

/** Unseals whatever it is asked to, with any ticket, and has no room for anything else. */
final class FixtureSealer implements Sealer {

  private final SectorIndex index;
  private final String path;

  /**
   * @param path declares the unsealed files
   */
  FixtureSealer(SectorIndex index, String path) {
    this.index = index;
    this.path = path;
  }

  @Override
  public void unseal(SectorRef sector, OpaqueBytes ticket, Commitment commD, Progress progress) {
    index.declare(path, sector.id(), Set.of(SectorFileType.UNSEALED), false);
  }

  private static SealFault noRoom() {
    return new SealFault(SealFault.Kind.NO_SPACE, "the fixture has no room");
  }

  @Override
  public PieceInfo addPiece(
      SectorRef sector,
      long offsetPaddedBytes,
      UnpaddedPieceSize size,
      PieceSource data,
      Progress progress)
      throws SealFault {
    throw noRoom();
  }

  @Override
  public PieceInfo addZeros(
      SectorRef sector, long offsetPaddedBytes, UnpaddedPieceSize size, Progress progress)
      throws SealFault {
    throw noRoom();
  }

  @Override
  public byte[] sealPreCommit1(
      SectorRef sector, Randomness ticket, List<PieceInfo> pieces, Progress progress)
      throws SealFault {
    throw noRoom();
  }

  @Override
  public SealedCommitments sealPreCommit2(SectorRef sector, byte[] preCommit1Out, Progress progress)
      throws SealFault {
    throw noRoom();
  }

  @Override
  public byte[] sealCommit1(
      SectorRef sector,
      Randomness ticket,
      Randomness seed,
      List<PieceInfo> pieces,
      SealedCommitments commitments,
      Progress progress)
      throws SealFault {
    throw noRoom();
  }

  @Override
  public byte[] sealCommit2(SectorRef sector, byte[] commit1Out, Progress progress)
      throws SealFault {
    throw noRoom();
  }

  @Override
  public void finalizeSector(SectorRef sector, List<UnpaddedRange> keepUnsealed) throws SealFault {
    throw noRoom();
  }

  @Override
  public void remove(SectorId sector, RemovalPermit permit) throws SealFault {
    throw noRoom();
  }

  @Override
  public boolean isUnsealed(SectorRef sector, UnpaddedRange range) {
    return !index.find(sector.id(), Set.of(SectorFileType.UNSEALED)).isEmpty();
  }

  @Override
  public InputStream readPiece(SectorRef sector, UnpaddedRange range) throws SealFault {
    throw noRoom();
  }
}
