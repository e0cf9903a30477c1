package io.selkie.testkit;

import io.selkie.abi.Blake2b;
import io.selkie.abi.Commitment;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.SectorId;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.pipeline.OpaqueBytes;
import io.selkie.pipeline.Progress;
import io.selkie.pipeline.RemovalPermit;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A sealer whose commitments are hashes of what it was given, and whose files are arrays: real
 * enough to notice a wrong byte, a wrong order or a missing step. It outlives a pipeline, as a disk
 * outlives a process.
 */
public final class FakeSealer implements Sealer {

  /** What a sealer is asked. */
  public enum Step {
    ADD_PIECE,
    ADD_ZEROS,
    PRE_COMMIT_1,
    PRE_COMMIT_2,
    COMMIT_1,
    COMMIT_2,
    FINALIZE,
    REMOVE,
    DROP_UPGRADE,
    UNSEAL
  }

  private final Map<SectorId, byte[]> unsealed = new HashMap<>();
  private final Map<SectorId, Boolean> finalized = new HashMap<>();
  private final Map<Step, Deque<SealFault>> faults = new EnumMap<>(Step.class);
  private final Map<Step, CountDownLatch> gates = new EnumMap<>(Step.class);
  private final List<String> calls = new ArrayList<>();
  private @Nullable RuntimeException bug;
  private @Nullable Step bugAt;

  /** The next call of this step fails so; several calls queue up. */
  public synchronized void failNext(Step step, SealFault.Kind kind) {
    faults
        .computeIfAbsent(step, _ -> new ArrayDeque<>())
        .add(new SealFault(kind, "injected into " + step));
  }

  /** The next call of this step throws what nobody foresaw. */
  public synchronized void breakNext(Step step, RuntimeException bug) {
    this.bug = bug;
    this.bugAt = step;
  }

  /** Calls of this step block until they are interrupted or the gate is opened. */
  public synchronized CountDownLatch gate(Step step) {
    CountDownLatch gate = new CountDownLatch(1);
    gates.put(step, gate);
    return gate;
  }

  /** What was asked, such as {@code PRE_COMMIT_1 s-t01000-0}. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** Whether the sector was finalised. */
  public synchronized boolean isFinalized(SectorId sector) {
    return finalized.containsKey(sector);
  }

  /** Whether any file of the sector is left. */
  public synchronized boolean hasFiles(SectorId sector) {
    return unsealed.containsKey(sector);
  }

  /** The commitment of these client bytes, which the fake takes for CommP. */
  public static Commitment commitmentOf(byte[] data) {
    return digest("piece".getBytes(StandardCharsets.UTF_8), data);
  }

  /** The piece that zeros of this size make. */
  public static PieceInfo zeros(UnpaddedPieceSize size) {
    return new PieceInfo(
        size.padded(),
        digest("zeros".getBytes(StandardCharsets.UTF_8), text(size.padded().bytes())));
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(StandardCharsets.UTF_8);
  }

  private static Commitment digest(byte[]... parts) {
    byte[] hash = Blake2b.digest256(parts);
    hash[31] &= 0x3f;
    return new Commitment(hash);
  }

  private void enter(Step step, SectorId sector) throws SealFault {
    CountDownLatch gate;
    synchronized (this) {
      calls.add(step + " " + sector.fileName());
      Deque<SealFault> waiting = faults.get(step);
      if (waiting != null && !waiting.isEmpty()) {
        throw waiting.remove();
      }
      if (step == bugAt && bug != null) {
        RuntimeException thrown = bug;
        bug = null;
        throw thrown;
      }
      gate = gates.get(step);
    }
    if (gate != null) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new SealFault(SealFault.Kind.CANCELLED, step + " interrupted", e);
      }
    }
  }

  @Override
  public PieceInfo addPiece(
      SectorRef sector,
      long offsetPaddedBytes,
      UnpaddedPieceSize size,
      PieceSource data,
      Progress progress)
      throws SealFault {
    enter(Step.ADD_PIECE, sector.id());
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
    put(sector, offsetPaddedBytes, size.padded(), bytes);
    progress.update("piece", bytes.length, bytes.length);
    return new PieceInfo(size.padded(), commitmentOf(bytes));
  }

  @Override
  public PieceInfo addZeros(
      SectorRef sector, long offsetPaddedBytes, UnpaddedPieceSize size, Progress progress)
      throws SealFault {
    enter(Step.ADD_ZEROS, sector.id());
    put(sector, offsetPaddedBytes, size.padded(), new byte[0]);
    return zeros(size);
  }

  private synchronized void put(SectorRef sector, long offset, PaddedPieceSize size, byte[] bytes)
      throws SealFault {
    long end = offset + size.bytes();
    if (offset % size.bytes() != 0 || end > sector.proof().sectorSize().bytes()) {
      throw new SealFault(
          SealFault.Kind.BAD_REQUEST, size + " padded bytes do not fit at " + offset);
    }
    byte[] file =
        unsealed.computeIfAbsent(
            sector.id(), _ -> new byte[(int) sector.proof().sectorSize().bytes()]);
    Arrays.fill(file, (int) offset, (int) end, (byte) 0);
    System.arraycopy(bytes, 0, file, (int) offset, bytes.length);
  }

  private static byte[] listOf(List<PieceInfo> pieces) {
    return pieces.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] sealPreCommit1(
      SectorRef sector, Randomness ticket, List<PieceInfo> pieces, Progress progress)
      throws SealFault {
    enter(Step.PRE_COMMIT_1, sector.id());
    long total = pieces.stream().mapToLong(p -> p.size().bytes()).sum();
    if (total != sector.proof().sectorSize().bytes()) {
      throw new SealFault(
          SealFault.Kind.BAD_REQUEST, "pieces of " + total + " bytes do not fill " + sector);
    }
    progress.update("labels", 1, 1);
    Commitment commD = digest(listOf(pieces));
    return ("{\"comm_d\":\"" + commD.hex() + "\",\"ticket\":\"" + ticket.hex() + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public SealedCommitments sealPreCommit2(SectorRef sector, byte[] preCommit1Out, Progress progress)
      throws SealFault {
    enter(Step.PRE_COMMIT_2, sector.id());
    String text = new String(preCommit1Out, StandardCharsets.UTF_8);
    if (!text.matches("\\{\"comm_d\":\"[0-9a-f]{64}\",\"ticket\":\"[0-9a-f]{64}\"}")) {
      throw new SealFault(SealFault.Kind.BAD_REQUEST, "not this sealer's output: " + text);
    }
    Commitment commD = Commitment.ofHex(text.substring(11, 75));
    return new SealedCommitments(digest(preCommit1Out, text(sector.id().number().value())), commD);
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
    enter(Step.COMMIT_1, sector.id());
    if (!commitments.commD().equals(digest(listOf(pieces)))) {
      throw new SealFault(SealFault.Kind.BAD_REQUEST, "CommD is not of these pieces");
    }
    return Blake2b.digest256(
        ticket.bytes(), seed.bytes(), commitments.commR().bytes(), commitments.commD().bytes());
  }

  @Override
  public byte[] sealCommit2(SectorRef sector, byte[] commit1Out, Progress progress)
      throws SealFault {
    enter(Step.COMMIT_2, sector.id());
    return Blake2b.digest256(commit1Out);
  }

  @Override
  public void finalizeSector(SectorRef sector, List<UnpaddedRange> keepUnsealed) throws SealFault {
    enter(Step.FINALIZE, sector.id());
    synchronized (this) {
      finalized.put(sector.id(), true);
    }
  }

  @Override
  public void remove(SectorId sector, RemovalPermit permit) throws SealFault {
    if (!permit.sector().equals(sector)) {
      throw new SealFault(SealFault.Kind.BAD_REQUEST, permit + " is not for sector " + sector);
    }
    enter(Step.REMOVE, sector);
    synchronized (this) {
      unsealed.remove(sector);
      finalized.remove(sector);
    }
  }

  @Override
  public void dropUpgrade(SectorId sector) throws SealFault {
    enter(Step.DROP_UPGRADE, sector);
  }

  @Override
  public void unseal(SectorRef sector, OpaqueBytes ticket, Commitment commD, Progress progress)
      throws SealFault {
    progress.update("labels", 1, 2);
    enter(Step.UNSEAL, sector.id());
    synchronized (this) {
      unsealed.computeIfAbsent(
          sector.id(), _ -> new byte[(int) sector.proof().sectorSize().bytes()]);
    }
  }

  @Override
  public synchronized boolean isUnsealed(SectorRef sector, UnpaddedRange range) {
    return unsealed.containsKey(sector.id());
  }

  @Override
  public synchronized InputStream readPiece(SectorRef sector, UnpaddedRange range)
      throws SealFault {
    byte[] file =
        Optional.ofNullable(unsealed.get(sector.id()))
            .orElseThrow(() ->
                new SealFault(SealFault.Kind.MISSING_FILE, "no unsealed file of " + sector.id()));
    int from = (int) new PaddedOffset(range.offsetBytes()).bytes();
    return new ByteArrayInputStream(file, from, (int) range.sizeBytes());
  }

  private record PaddedOffset(long unpadded) {
    long bytes() {
      return unpadded + unpadded / UnpaddedPieceSize.MIN_BYTES;
    }
  }
}
