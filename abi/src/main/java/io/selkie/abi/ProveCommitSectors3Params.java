package io.selkie.abi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of {@code ProveCommitSectors3}: pre-committed sectors with their proofs.
 *
 * <p>Source: FIP-0076; go-state-types builtin/v16/miner, ProveCommitSectors3Params.
 *
 * @param activations what to activate, at most {@link #MAX_SECTORS} when read
 * @param proofs one for each activation; none when they are aggregated
 * @param aggregateProof one proof for all; empty when {@code proofs} has them
 * @param aggregateProofType how they are aggregated; empty when they are not
 * @param requireActivationSuccess whether one failed activation fails the message
 * @param requireNotificationSuccess whether one refused notification fails its sector
 */
public record ProveCommitSectors3Params(
    List<Activation> activations,
    List<byte[]> proofs,
    byte[] aggregateProof,
    OptionalLong aggregateProofType,
    boolean requireActivationSuccess,
    boolean requireNotificationSuccess) {

  /** The method's number on the miner actor. */
  public static final long METHOD = 34;

  /** The most sectors in one message (specs-actors policy, MaxAggregatedSectors). */
  public static final int MAX_SECTORS = 819;

  /** The most pieces read for one sector: as many as fit the largest one. */
  public static final int MAX_PIECES = 1 << 16;

  /** The most notifications read for one piece. */
  public static final int MAX_NOTIFICATIONS = 16;

  /** The longest payload of a notification that is read, bytes. */
  public static final int MAX_PAYLOAD = 1024;

  /** Copies the lists. */
  public ProveCommitSectors3Params {
    activations = List.copyOf(activations);
    proofs = List.copyOf(proofs);
  }

  /** The usual message: a proof for each sector, each one succeeding or failing by itself. */
  public static ProveCommitSectors3Params ofProofs(
      List<Activation> activations, List<byte[]> proofs) {
    return new ProveCommitSectors3Params(
        activations, proofs, new byte[0], OptionalLong.empty(), false, false);
  }

  /** A sector and its pieces in order, the zero pieces left out. */
  public record Activation(SectorNumber number, List<Piece> pieces) {
    /** Copies the list. */
    public Activation {
      pieces = List.copyOf(pieces);
    }
  }

  /**
   * A piece as the chain is told of it (PieceActivationManifest).
   *
   * @param cid CommP
   * @param size its padded size
   * @param allocation the verified allocation it fulfils, if any
   * @param notifications who is told of it
   */
  public record Piece(
      Cid cid,
      PaddedPieceSize size,
      Optional<Allocation> allocation,
      List<Notification> notifications) {
    /** Copies the list. */
    public Piece {
      notifications = List.copyOf(notifications);
    }
  }

  /** A verified allocation: the client and the number. */
  public record Allocation(ActorId client, long id) {}

  /** An actor that hears of a piece, with what it needs to recognise it. */
  public record Notification(Address to, byte[] payload) {}

  /** The DAG-CBOR. */
  public byte[] encode() {
    DagCborWriter out = new DagCborWriter().array(6).array(activations.size());
    for (Activation activation : activations) {
      out.array(2).integer(activation.number().value()).array(activation.pieces().size());
      activation.pieces().forEach(piece -> encode(out, piece));
    }
    out.array(proofs.size());
    proofs.forEach(out::bytes);
    out.bytes(aggregateProof);
    aggregateProofType.ifPresentOrElse(out::integer, out::nul);
    return out.bool(requireActivationSuccess).bool(requireNotificationSuccess).toByteArray();
  }

  /**
   * Reads {@link #encode}.
   *
   * @throws DagCborException for anything else
   */
  public static ProveCommitSectors3Params decode(byte[] params) {
    DagCborReader in = new DagCborReader(params);
    in.tuple(6);
    int count = in.array(MAX_SECTORS);
    List<Activation> activations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      in.tuple(2);
      SectorNumber number = new SectorNumber(in.natural());
      int pieceCount = in.array(MAX_PIECES);
      List<Piece> pieces = new ArrayList<>();
      for (int j = 0; j < pieceCount; j++) {
        pieces.add(decodePiece(in));
      }
      activations.add(new Activation(number, pieces));
    }
    int proofCount = in.array(MAX_SECTORS);
    List<byte[]> proofs = new ArrayList<>(proofCount);
    for (int i = 0; i < proofCount; i++) {
      proofs.add(in.bytes(params.length));
    }
    byte[] aggregate = in.bytes(params.length);
    OptionalLong type = in.nul() ? OptionalLong.empty() : OptionalLong.of(in.integer());
    ProveCommitSectors3Params read =
        new ProveCommitSectors3Params(activations, proofs, aggregate, type, in.bool(), in.bool());
    in.end();
    return read;
  }

  private static void encode(DagCborWriter out, Piece piece) {
    out.array(4).cid(piece.cid()).integer(piece.size().bytes());
    piece
        .allocation()
        .ifPresentOrElse(
            key -> out.array(2).integer(key.client().value()).unsigned(key.id()), out::nul);
    out.array(piece.notifications().size());
    for (Notification notification : piece.notifications()) {
      out.array(2).address(notification.to()).bytes(notification.payload());
    }
  }

  private static Piece decodePiece(DagCborReader in) {
    in.tuple(4);
    Cid cid = in.cid();
    int sizeAt = in.offset();
    long size = in.natural();
    if (size < PaddedPieceSize.MIN_BYTES || Long.bitCount(size) != 1) {
      throw new DagCborException(sizeAt, size + " is no padded piece size");
    }
    Optional<Allocation> allocation = Optional.empty();
    if (!in.nul()) {
      in.tuple(2);
      allocation = Optional.of(new Allocation(new ActorId(in.natural()), in.unsigned()));
    }
    int count = in.array(MAX_NOTIFICATIONS);
    List<Notification> notifications = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      in.tuple(2);
      notifications.add(new Notification(in.address(), in.bytes(MAX_PAYLOAD)));
    }
    return new Piece(cid, new PaddedPieceSize(size), allocation, notifications);
  }
}
