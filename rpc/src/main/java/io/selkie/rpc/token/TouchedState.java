package io.selkie.rpc.token;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.json.JsonValue;
import io.selkie.rpc.json.WireReader;
import io.selkie.rpc.json.WireType;
import io.selkie.rpc.json.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What methods change besides the states of the sectors they name, and the methods that tell it:
 * these are asked before and after a recorded call. What no method tells is said by whoever answers
 * the call, with {@link io.selkie.rpc.server.CurrentCall#changed}. Thread-safe.
 */
public final class TouchedState {

  /** In the place of a reading method: what the call itself answers. */
  private static final String ANSWER = "answer";

  private static final String RESERVATIONS = "Filecoin.SectorNumReservations";
  private static final String LOCAL_PATHS = "Filecoin.StorageLocal";
  private static final String LOCKS = "Filecoin.StorageGetLocks";
  private static final String FILES = "Filecoin.StorageFindSector";

  /**
   * One thing that a method changes.
   *
   * @param method its wire name
   * @param reader the method that tells it, or {@link #ANSWER}
   * @param arguments of the reader: {@code $1} for the second argument of the call, {@code $0.ID}
   *     for a member of its first, else JSON
   */
  public record Row(String method, String reader, List<String> arguments) {
    Row(String method, String reader, String... arguments) {
      this(method, reader, List.of(arguments));
    }
  }

  public static final List<Row> ROWS =
      List.of(
          new Row("Filecoin.SectorNumReserve", RESERVATIONS),
          new Row("Filecoin.SectorNumReserveCount", RESERVATIONS),
          new Row("Filecoin.SectorNumFree", RESERVATIONS),
          new Row("Filecoin.SectorSetSealDelay", "Filecoin.SectorGetSealDelay"),
          new Row(
              "Filecoin.SectorSetExpectedSealDuration", "Filecoin.SectorGetExpectedSealDuration"),
          new Row("Filecoin.PledgeSector", ANSWER),
          new Row("Filecoin.SectorAddPieceToAny", ANSWER),
          new Row("Filecoin.ComputeDataCid", ANSWER),
          new Row("Filecoin.SectorMatchPendingPiecesToOpenSectors", "Filecoin.SectorsSummary"),
          new Row("Filecoin.SectorTerminateFlush", "Filecoin.SectorTerminatePending"),
          new Row("Filecoin.SectorPreCommitFlush", "Filecoin.SectorPreCommitPending"),
          new Row("Filecoin.SectorCommitFlush", "Filecoin.SectorCommitPending"),
          new Row("Filecoin.StorageAttach", "Filecoin.StorageInfo", "$0.ID"),
          new Row("Filecoin.StorageDetach", "Filecoin.StorageInfo", "$0"),
          new Row("Filecoin.StorageReportHealth", "Filecoin.StorageStat", "$0"),
          new Row("Filecoin.StorageDeclareSector", FILES, "$1", "$2", "0", "false"),
          new Row("Filecoin.StorageDropSector", FILES, "$1", "$2", "0", "false"),
          new Row("Filecoin.StorageLock", LOCKS),
          new Row("Filecoin.StorageTryLock", LOCKS),
          new Row("Filecoin.StorageAddLocal", LOCAL_PATHS),
          new Row("Filecoin.StorageDetachLocal", LOCAL_PATHS),
          new Row("Filecoin.WorkerConnect", "Filecoin.WorkerStats"),
          new Row("Filecoin.SealingRemoveRequest", "Filecoin.SealingSchedDiag", "false"),
          new Row("Selkie.StorageInit", ANSWER),
          new Row("Selkie.UnsealStart", ANSWER),
          new Row("Selkie.UnsealCancel", "Selkie.UnsealStatus", "$0"),
          new Row("Selkie.DevnetPublishDeal", ANSWER),
          new Row("Selkie.BackupCreate", ANSWER),
          new Row("Selkie.DoctorApply", ANSWER));

  /** Methods whose answerers say what they change: no method tells it. */
  public static final Set<String> TOLD_BY_THEIR_ANSWERERS =
      Set.of(
          "Filecoin.AuthNew",
          "Selkie.TokenNew",
          "Selkie.TokenRevoke",
          "Filecoin.LogSetLevel",
          "Filecoin.StorageRedeclareLocal",
          "Selkie.TrashRestore",
          "Selkie.TrashPurge",
          "Selkie.SectorsUpdateUndo",
          "Filecoin.CreateBackup",
          "Filecoin.Shutdown");

  private static final Map<String, List<Row>> BY_METHOD =
      ROWS.stream().collect(Collectors.groupingBy(Row::method));

  /** Calls a method of the table for the record. */
  @FunctionalInterface
  public interface Invoker {
    @Nullable Object invoke(ApiTable.Entry entry, @Nullable Object[] arguments) throws RpcFault;
  }

  private final ApiTable table;
  private final WireWriter writer;
  private final Invoker invoker;
  private final WireReader reader = new WireReader();

  public TouchedState(ApiTable table, WireWriter writer, Invoker invoker) {
    this.table = table;
    this.writer = writer;
    this.invoker = invoker;
  }

  private static List<Row> rows(ApiTable.Entry entry) {
    return BY_METHOD.getOrDefault(entry.wireName(), List.of());
  }

  /** What a call is about to change, or has changed, as it is now. */
  public List<CallAudit.Value> now(ApiTable.Entry entry, @Nullable Object[] arguments) {
    List<CallAudit.Value> values = new ArrayList<>();
    for (Row row : rows(entry)) {
      if (!row.reader().equals(ANSWER)) {
        table
            .find(row.reader())
            .ifPresent(asked -> values.add(read(asked, row, entry.params(), arguments)));
      }
    }
    return values;
  }

  private CallAudit.Value read(
      ApiTable.Entry asked, Row row, List<ApiTable.Param> types, @Nullable Object[] given) {
    String text;
    try {
      @Nullable Object[] arguments = new @Nullable Object[row.arguments().size()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = argument(row.arguments().get(i), asked.params().get(i), types, given);
      }
      text = text(asked.result(), invoker.invoke(asked, arguments));
    } catch (RpcFault fault) {
      text = AuditedParams.text(fault.text());
    }
    return new CallAudit.Value(asked.bareName(), text);
  }

  private @Nullable Object argument(
      String from, ApiTable.Param to, List<ApiTable.Param> types, @Nullable Object[] given)
      throws RpcFault {
    if (!from.startsWith("$")) {
      try {
        return reader.read(to.type(), JsonValue.parse(from).orElseThrow());
      } catch (WireReader.Mismatch e) {
        throw new IllegalStateException(from + " is no " + to.type().goName(), e);
      }
    }
    int dot = from.indexOf('.');
    int at = Integer.parseInt(dot < 0 ? from.substring(1) : from.substring(1, dot));
    return dot < 0 ? given[at] : member(types.get(at), given[at], from.substring(dot + 1));
  }

  private static @Nullable Object member(ApiTable.Param param, @Nullable Object value, String name)
      throws RpcFault {
    if (value == null) {
      throw new RpcFault("no " + param.name());
    }
    if (param.type() instanceof WireType.Struct struct) {
      for (WireType.Member member : struct.members()) {
        if (member.name().equals(name)) {
          try {
            return member.accessor().invoke(value);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("record " + struct.goName() + " cannot be read", e);
          }
        }
      }
    }
    throw new IllegalStateException(param.name() + " has no member " + name);
  }

  /** What a call answered, where that says what it did. */
  public List<CallAudit.Change> answered(ApiTable.Entry entry, @Nullable Object value) {
    return rows(entry).stream()
        .filter(row -> row.reader().equals(ANSWER))
        .map(_ -> new CallAudit.Change(ANSWER, "", text(entry.result(), value)))
        .toList();
  }

  private String text(WireType type, @Nullable Object value) {
    StringBuilder out = new StringBuilder();
    writer.write(out, type, value);
    return JsonValue.parse(out.toString()).map(AuditedParams::of).orElse("");
  }
}
