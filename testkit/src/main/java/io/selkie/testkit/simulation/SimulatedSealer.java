package io.selkie.testkit.simulation;

import io.selkie.abi.Blake2b;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.RemovalPermit;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import io.selkie.testkit.FakeSealer;
import io.selkie.testkit.simulation.Faults.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sealer of one life: commitments are hashes, and files are what {@link SectorFiles} says of
 * them. Every call takes its time, in which anything may happen.
 */
final class SimulatedSealer implements Sealer {

  private static final int ONE_PAUSE_IN = 2;
  private static final int LONG_WORK = 12;

  private final World world;
  private final Life life;
  private final Set<SectorId> busy = new HashSet<>();

  SimulatedSealer(World world, Life life) {
    this.world = world;
    this.life = life;
  }

  /** What nobody foresaw; without a trace, because that is not the same in every run. */
  private static final class Bug extends RuntimeException {
    private static final long serialVersionUID = 1;

    Bug(String where) {
      super("a bug in " + where, null, false, false);
    }
  }

  /** What is written to the files, between two pauses. */
  private interface Writing {
    void run() throws SealFault;
  }

  private void work(String what, SectorId sector, Writing writing) throws SealFault {
    if (life.isOver()) {
      throw new SealFault(SealFault.Kind.CANCELLED, "the process is dead");
    }
    world.books().worksOn(life, what, sector);
    if (!busy.add(sector)) {
      throw world.violation(what + " of " + sector + " while its files are worked on");
    }
    try {
      pause(what);
      mayFail(what);
      writing.run();
      pause(what);
      mayFail(what);
      world.files().force(sector);
      pause(what);
    } finally {
      busy.remove(sector);
    }
  }

  private void mayFail(String what) throws SealFault {
    Faults faults = world.faults();
    if (faults.strikes(Kind.CRASH_AT_WORK)) {
      life.end();
      world.trace(() -> "  killed in " + what);
      throw new SealFault(SealFault.Kind.CANCELLED, "the process is dead");
    }
    if (faults.strikes(Kind.NO_SPACE)) {
      throw new SealFault(SealFault.Kind.NO_SPACE, "no path has room for " + what);
    }
    if (faults.strikes(Kind.FILE_FAULT)) {
      throw new SealFault(SealFault.Kind.IO, what + ": input/output error");
    }
    if (faults.strikes(Kind.BUG)) {
      throw new Bug(what);
    }
  }

  private void pause(String what) throws SealFault {
    boolean interrupted = world.scheduler().pause(life, ONE_PAUSE_IN, LONG_WORK);
    if (life.isOver() || interrupted) {
      throw new SealFault(SealFault.Kind.CANCELLED, what + " was interrupted");
    }
  }

  private static Commitment digest(byte[]... parts) {
    byte[] hash = Blake2b.digest256(parts);
    hash[31] &= 0x3f;
    return new Commitment(hash);
  }

  static Commitment commD(List<PieceInfo> pieces) {
    return digest(pieces.toString().getBytes(StandardCharsets.UTF_8));
  }

  static Commitment commR(SectorNumber number, Randomness ticket, Commitment commD) {
    return digest(labels(ticket, commD), number.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] labels(Randomness ticket, Commitment commD) {
    return ("{\"comm_d\":\"" + commD.hex() + "\",\"ticket\":\"" + ticket.hex() + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The proof that the chain expects. */
  static byte[] proof(Randomness ticket, Randomness seed, Commitment commR, Commitment commD) {
    return Blake2b.digest256(
        Blake2b.digest256(ticket.bytes(), seed.bytes(), commR.bytes(), commD.bytes()));
  }

  @Override
  public PieceInfo addPiece(
      SectorRef sector,
      long offsetPaddedBytes,
      UnpaddedPieceSize size,
      PieceSource data,
      Progress progress)
      throws SealFault {
    byte[] bytes;
    try (InputStream in = data.open()) {
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new SealFault(SealFault.Kind.IO, "reading the piece: " + e.getMessage(), e);
    }
    if (bytes.length != size.bytes()) {
      throw new SealFault(
          SealFault.Kind.BAD_REQUEST, bytes.length + " bytes came, expected " + size);
    }
    PieceInfo piece = new PieceInfo(size.padded(), FakeSealer.commitmentOf(bytes));
    write(sector, offsetPaddedBytes, piece);
    return piece;
  }

  @Override
  public PieceInfo addZeros(
      SectorRef sector, long offsetPaddedBytes, UnpaddedPieceSize size, Progress progress)
      throws SealFault {
    PieceInfo piece = FakeSealer.zeros(size);
    write(sector, offsetPaddedBytes, piece);
    return piece;
  }

  private void write(SectorRef sector, long offset, PieceInfo piece) throws SealFault {
    PaddedPieceSize size = piece.size();
    if (offset % size.bytes() != 0 || offset + size.bytes() > sector.proof().sectorSize().bytes()) {
      throw new SealFault(
          SealFault.Kind.BAD_REQUEST, size + " padded bytes do not fit at " + offset);
    }
    work(
        "writing a piece", sector.id(), () -> world.files().writePiece(sector.id(), offset, piece));
  }

  @Override
  public byte[] sealPreCommit1(
      SectorRef sector, Randomness ticket, List<PieceInfo> pieces, Progress progress)
      throws SealFault {
    byte[] out = labels(ticket, commD(pieces));
    work(
        "pre-commit 1",
        sector.id(),
        () -> {
          world.files().dropSealing(sector.id());
          world.books().sealedFrom(sector.id(), pieces);
          pause("pre-commit 1");
          world.files().writeLabels(sector.id(), out);
        });
    return out;
  }

  @Override
  public SealedCommitments sealPreCommit2(SectorRef sector, byte[] preCommit1Out, Progress progress)
      throws SealFault {
    String text = new String(preCommit1Out, StandardCharsets.UTF_8);
    Commitment commD = Commitment.ofHex(text.substring(11, 75));
    Commitment commR =
        digest(preCommit1Out, sector.id().number().toString().getBytes(StandardCharsets.UTF_8));
    work(
        "pre-commit 2",
        sector.id(),
        () -> {
          if (!world.files().hasLabels(sector.id(), preCommit1Out)) {
            throw new SealFault(SealFault.Kind.MISSING_FILE, "the labels are not there");
          }
          world.files().writeReplica(sector.id(), commR);
        });
    return new SealedCommitments(commR, commD);
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
    work(
        "commit 1",
        sector.id(),
        () -> {
          if (!world.files().hasLabels(sector.id())
              || !world.files().hasReplica(sector.id(), commitments.commR())) {
            throw new SealFault(SealFault.Kind.MISSING_FILE, "the layers or the replica are gone");
          }
        });
    return Blake2b.digest256(
        ticket.bytes(), seed.bytes(), commitments.commR().bytes(), commitments.commD().bytes());
  }

  @Override
  public byte[] sealCommit2(SectorRef sector, byte[] commit1Out, Progress progress)
      throws SealFault {
    work("commit 2", sector.id(), () -> {});
    return Blake2b.digest256(commit1Out);
  }

  @Override
  public void finalizeSector(SectorRef sector, List<UnpaddedRange> keepUnsealed) throws SealFault {
    work(
        "finalize",
        sector.id(),
        () -> {
          if (world.files().isEmpty(sector.id())) {
            throw new SealFault(SealFault.Kind.MISSING_FILE, "there is nothing to finalise");
          }
          world.files().writeFinalized(sector.id());
        });
  }

  @Override
  public void remove(SectorId sector, RemovalPermit permit) throws SealFault {
    work(
        "removal",
        sector,
        () -> {
          world.books().removes(sector);
          world.files().delete(sector);
        });
  }

  @Override
  public void dropUpgrade(SectorId sector) {}

  @Override
  public void unseal(SectorRef sector, OpaqueBytes ticket, Commitment commD, Progress progress) {}

  @Override
  public boolean isUnsealed(SectorRef sector, UnpaddedRange range) {
    return true;
  }

  @Override
  public InputStream readPiece(SectorRef sector, UnpaddedRange range) throws SealFault {
    throw new SealFault(SealFault.Kind.MISSING_FILE, "nothing is read here");
  }
}
