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
import io.selkie.storage.SectorLocks;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Unseals whatever it is asked to, to zeros, with any ticket, under the locks and with the patience
 * of a real one; has no room for anything else.
 */
final class FixtureSealer implements Sealer {

  private static final Set<SectorFileType> READ =
      EnumSet.of(
          SectorFileType.SEALED,
          SectorFileType.CACHE,
          SectorFileType.UPDATE,
          SectorFileType.UPDATE_CACHE);
  private static final Set<SectorFileType> UNSEALED = EnumSet.of(SectorFileType.UNSEALED);

  private final SectorIndex index;
  private final SectorLocks locks;
  private final FixtureStore store;
  private final Duration delay;

  /**
   * @param store holds the unsealed files
   * @param delay how long unsealing takes when there is something to unseal
   */
  FixtureSealer(SectorIndex index, SectorLocks locks, FixtureStore store, Duration delay) {
    this.index = index;
    this.locks = locks;
    this.store = store;
    this.delay = delay;
  }

  @Override
  public void unseal(SectorRef sector, OpaqueBytes ticket, Commitment commD, Progress progress)
      throws SealFault {
    try (SectorLocks.Held _ = locks.lock(sector.id(), READ, UNSEALED)) {
      if (!store.isUnsealed(sector.id())) {
        Thread.sleep(delay);
        store.writeZeros(sector.id());
      }
      index.declare(FixtureStore.ID, sector.id(), UNSEALED, false);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new SealFault(SealFault.Kind.CANCELLED, "context canceled", cancelled);
    } catch (IOException failed) {
      throw new SealFault(SealFault.Kind.IO, "unsealing: " + failed.getMessage(), failed);
    }
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
  public void dropUpgrade(SectorId sector) throws SealFault {
    throw noRoom();
  }

  @Override
  public boolean isUnsealed(SectorRef sector, UnpaddedRange range) throws SealFault {
    try {
      return !index.find(sector.id(), UNSEALED).isEmpty() && store.isUnsealed(sector.id());
    } catch (IOException unreadable) {
      throw new SealFault(SealFault.Kind.IO, "looking: " + unreadable.getMessage(), unreadable);
    }
  }

  @Override
  public InputStream readPiece(SectorRef sector, UnpaddedRange range) throws SealFault {
    throw noRoom();
  }
}
