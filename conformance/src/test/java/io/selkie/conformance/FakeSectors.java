package io.selkie.conformance;

import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ApiVersion;
import io.selkie.rpc.api.CommonApi;
import io.selkie.rpc.api.DealSchedule;
import io.selkie.rpc.api.DevnetApi;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.SealSeed;
import io.selkie.rpc.api.SealTicket;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorLog;
import io.selkie.rpc.api.SectorPiece;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.server.JsonRpcServer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** A node with sectors that a test moves from state to state; it answers what a browser asks. */
final class FakeSectors {

  static final Cid PIECE =
      Cid.parse("baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq");

  private static final long STARTED_S = 1_770_000_000;

  private final Map<Long, SectorInfo> sectors = new ConcurrentSkipListMap<>();

  /** Puts a sector into a state; each event that led there has a line in its log. */
  void put(long number, String state, String... events) {
    List<SectorLog> log = new ArrayList<>();
    long at = STARTED_S + number;
    for (String event : events) {
      log.add(new SectorLog("event;sealing.Sector" + event, at, "", "{\"User\":{}}"));
      at += 60;
    }
    put(number, state, log);
  }

  /** The same with a last event that failed. */
  void putFailed(long number, String state, String trace) {
    put(
        number,
        state,
        List.of(
            new SectorLog("event;sealing.SectorStart", STARTED_S, "", "{\"User\":{}}"),
            new SectorLog("event;sealing." + state, STARTED_S + 5, trace, "{\"User\":{}}")));
  }

  private void put(long number, String state, List<SectorLog> log) {
    WirePiece piece = new WirePiece(1024, PIECE);
    sectors.put(
        number,
        new SectorInfo(
            number,
            state,
            PIECE,
            null,
            null,
            List.of(0L, 0L),
            List.of(
                new SectorPiece(
                    piece, PieceDealInfo.direct(piece, new DealSchedule(10, 518_500), true)),
                new SectorPiece(piece, null)),
            new SealTicket(new byte[32], 77),
            new SealSeed(null, 0),
            null,
            null,
            0,
            false,
            null,
            "",
            log,
            5,
            0,
            0,
            TokenAmount.ZERO,
            TokenAmount.ZERO,
            TokenAmount.ZERO,
            0,
            0));
  }

  /** Serves itself on this server; methods that no browser calls end in an error. */
  JsonRpcServer.Builder serveOn(JsonRpcServer.Builder server) {
    return server
        .serve(SectorsApi.class, proxy(SectorsApi.class))
        .serve(CommonApi.class, proxy(CommonApi.class))
        .serve(DevnetApi.class, proxy(DevnetApi.class));
  }

  private <T> T proxy(Class<T> api) {
    InvocationHandler handler = (_, method, arguments) -> answer(method.getName(), arguments);
    return api.cast(Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, handler));
  }

  private Object answer(String method, Object[] arguments) throws RpcFault {
    return switch (method) {
      case "sectorsList" -> List.copyOf(sectors.keySet());
      case "sectorsListInStates" ->
          sectors.values().stream()
              .filter(sector -> ((List<?>) arguments[0]).contains(sector.state()))
              .map(SectorInfo::sectorId)
              .toList();
      case "sectorsSummary" ->
          sectors.values().stream()
              .collect(Collectors.groupingBy(SectorInfo::state, Collectors.counting()));
      case "sectorsStatus" -> status((Long) arguments[0]);
      case "chainHeight" -> 4321L;
      case "actorSectorSize" -> 2048L;
      case "version" -> new ApiVersion("0.1.0", 66_816, 30, "selkie");
      default -> throw new RpcFault("this node has no " + method);
    };
  }

  private SectorInfo status(long number) throws RpcFault {
    SectorInfo found = sectors.get(number);
    if (found == null) {
      throw new RpcFault("No state for /" + number + ": datastore: key not found");
    }
    return found;
  }
}
