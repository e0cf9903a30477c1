package io.selkie.pipeline;

import io.selkie.abi.ActorId;
import io.selkie.abi.ChainEpoch;
import io.selkie.abi.Cid;
import io.selkie.abi.Commitment;
import io.selkie.abi.DealId;
import io.selkie.abi.PaddedPieceSize;
import io.selkie.abi.PieceInfo;
import io.selkie.abi.Randomness;
import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TokenAmount;
import io.selkie.pipeline.PieceDealInfo.AllocationKey;
import io.selkie.pipeline.PieceDealInfo.DealProposal;
import io.selkie.pipeline.PieceDealInfo.DealSchedule;
import io.selkie.pipeline.PieceDealInfo.Notification;
import io.selkie.pipeline.PieceDealInfo.PieceActivationManifest;
import io.selkie.pipeline.SectorRecord.Commit;
import io.selkie.pipeline.SectorRecord.Drawn;
import io.selkie.pipeline.SectorRecord.Failures;
import io.selkie.pipeline.SectorRecord.Imported;
import io.selkie.pipeline.SectorRecord.PreCommit;
import io.selkie.pipeline.SectorRecord.Termination;
import io.selkie.pipeline.SectorRecord.Upgrade;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Records and events with every member set. */
public final class SampleSectors {

  static final SectorId SECTOR = SectorId.of(1000, 7);

  private SampleSectors() {}

  static byte[] bytes(int fill) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  static Cid message(int fill) {
    return Cid.of(Cid.DAG_CBOR, Cid.BLAKE2B_256, bytes(fill));
  }

  static Cid sealed(int fill) {
    return Cid.ofSealed(new Commitment(bytes(fill)));
  }

  static Cid unsealed(int fill) {
    return Cid.ofUnsealed(new Commitment(bytes(fill)));
  }

  static PieceInfo piece(long size, int fill) {
    return new PieceInfo(new PaddedPieceSize(size), new Commitment(bytes(fill)));
  }

  static PieceDealInfo marketDeal(long id) {
    return new PieceDealInfo(
        Optional.of(message(9)),
        new DealId(id),
        Optional.of(
            new DealProposal(
                unsealed(1),
                new PaddedPieceSize(1024),
                true,
                "t0100",
                "t01000",
                "a <label> & \"more\"",
                new ChainEpoch(2000),
                new ChainEpoch(1_600_000),
                TokenAmount.of(5),
                TokenAmount.ZERO,
                TokenAmount.of(7))),
        new DealSchedule(new ChainEpoch(2000), new ChainEpoch(1_600_000)),
        Optional.empty(),
        true);
  }

  static PieceDealInfo direct(int fill, long size) {
    return PieceDealInfo.direct(
        new PieceActivationManifest(
            unsealed(fill),
            new PaddedPieceSize(size),
            Optional.of(new AllocationKey(new ActorId(101), 3)),
            Optional.of(List.of(new Notification("t05", OpaqueBytes.of(new byte[] {1, 2}))))),
        new DealSchedule(new ChainEpoch(2000), new ChainEpoch(1_600_000)),
        false);
  }

  /** A sector in this state with every member set. */
  public static SectorRecord full(String state) {
    SortedMap<String, Integer> entered = new TreeMap<>();
    entered.put("CommitFailed", 2);
    return new SectorRecord(
        SECTOR,
        state,
        RegisteredSealProof.STACKED_DRG_2KIB_V1_1,
        12,
        List.of(
            new SectorPiece(piece(1024, 1), Optional.of(marketDeal(44))),
            new SectorPiece(piece(512, 2), Optional.of(direct(2, 512))),
            SectorPiece.filler(piece(512, 3))),
        Optional.of(new Drawn(new Randomness(bytes(4)), new ChainEpoch(-883))),
        new PreCommit(
            Optional.of(OpaqueBytes.of(new byte[] {'{', '}'})),
            Optional.of(unsealed(5)),
            Optional.of(sealed(6)),
            Optional.of(message(7)),
            List.of(message(8)),
            TokenAmount.of(99)),
        new Commit(
            Optional.of(new Drawn(new Randomness(bytes(10)), new ChainEpoch(33))),
            Optional.of(OpaqueBytes.of(new byte[] {1, 2, 3})),
            Optional.of(message(11))),
        new Upgrade(
            true,
            List.of(SectorPiece.filler(piece(2048, 12))),
            Optional.of(sealed(13)),
            Optional.of(unsealed(14)),
            Optional.of(OpaqueBytes.of(new byte[] {4})),
            Optional.of(message(15))),
        new Termination(Optional.of(message(16)), new ChainEpoch(500)),
        new Failures(1, 2, 3, entered, Optional.of(message(17))),
        "PreCommit1",
        "why",
        77,
        6,
        Optional.of(new SectorNumber(7)),
        Optional.of(
            new Imported("https://a/u", Imported.LOCAL, "https://a/c", "", "https://b/2", "")));
  }

  /** The same before any upgrade. */
  public static SectorRecord neverUpgraded(String state) {
    return full(state).withUpgrade(Upgrade.NONE);
  }

  /** An event of this type with every member set to something. */
  static SectorEvent event(Class<? extends SectorEvent> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values =
        Arrays.stream(components).map(c -> value(c.getGenericType())).toArray(Object[]::new);
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type.getName(), e);
    }
  }

  private static Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == Optional.class) {
        return Optional.of(value(generic.getActualTypeArguments()[0]));
      } else if (generic.getRawType() == SortedMap.class) {
        SortedMap<Integer, DealId> map = new TreeMap<>();
        map.put(0, new DealId(123));
        return map;
      }
      return List.of(value(generic.getActualTypeArguments()[0]));
    }
    return switch (((Class<?>) type).getSimpleName()) {
      case "String" -> "some text";
      case "SectorNumber" -> new SectorNumber(7);
      case "RegisteredSealProof" -> RegisteredSealProof.STACKED_DRG_8MIB_V1_1;
      case "ChainEpoch" -> new ChainEpoch(4321);
      case "Cid" -> message(40);
      case "OpaqueBytes" -> OpaqueBytes.of(new byte[] {40, 41});
      case "Randomness" -> new Randomness(bytes(41));
      case "TokenAmount" -> TokenAmount.of(4242);
      case "PieceInfo" -> piece(128, 42);
      case "SectorPiece" -> SectorPiece.filler(piece(128, 43));
      case "ReplicaUpdateOut" -> new SectorEvent.ReplicaUpdateOut(sealed(44), unsealed(45));
      case "SectorRecord" -> SectorRecord.fresh(SECTOR, RegisteredSealProof.ofNumber(8));
      default -> throw new AssertionError("no sample of " + type);
    };
  }
}
