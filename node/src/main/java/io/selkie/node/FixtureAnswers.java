package io.selkie.node;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.SealSeed;
import io.selkie.rpc.SealTicket;
import io.selkie.rpc.SealedRef;
import io.selkie.rpc.SectorInfo;
import io.selkie.rpc.SectorLog;
import io.selkie.rpc.SectorsApi;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the fixture answers that no journal of ours can hold: a ticket of one byte, sectors whose
 * log is empty, and references of deals that no sector has. Everything else is answered by the
 * services.
 */
final class FixtureAnswers {

  /** The sector whose ticket and seed are one byte long. */
  private static final long ONE_BYTE_SECTOR = 9;

  private static final byte[] ONE_BYTE = {7};

  private final SectorsApi services;
  private final Fixture fixture;

  private FixtureAnswers(SectorsApi services, Fixture fixture) {
    this.services = services;
    this.fixture = fixture;
  }

  static SectorsApi over(SectorsApi services, Fixture fixture) {
    FixtureAnswers answers = new FixtureAnswers(services, fixture);
    return (SectorsApi)
        Proxy.newProxyInstance(
            FixtureAnswers.class.getClassLoader(),
            new Class<?>[] {SectorsApi.class},
            (_, method, arguments) -> answers.answer(method, arguments));
  }

  private @Nullable Object answer(Method method, Object @Nullable [] arguments) throws Throwable {
    if (method.getName().equals("sectorsRefs")) {
      return fixture == Fixture.F1R ? refs() : Map.of();
    }
    try {
      Object result = method.invoke(services, arguments);
      return result instanceof SectorInfo info ? asRecorded(info) : result;
    } catch (InvocationTargetException failed) {
      throw failed.getCause() == null ? new RpcFault(failed.toString()) : failed.getCause();
    }
  }

  /** Deals 5 and 98000 lie in two places, deal 6 in none. */
  private static Map<Long, @Nullable List<SealedRef>> refs() {
    List<SealedRef> places =
        List.of(new SealedRef(100, 10485760, 1048576), new SealedRef(7, 0, 127));
    Map<Long, @Nullable List<SealedRef>> refs = new TreeMap<>();
    refs.put(5L, places);
    refs.put(6L, null);
    refs.put(98000L, places);
    return refs;
  }

  private static SectorInfo asRecorded(SectorInfo info) {
    byte[] value = info.ticket().value();
    boolean oneByte =
        info.sectorId() == ONE_BYTE_SECTOR && value != null && value[0] == ONE_BYTE[0];
    SealTicket ticket = oneByte ? new SealTicket(ONE_BYTE, info.ticket().epoch()) : info.ticket();
    SealSeed seed = oneByte ? new SealSeed(ONE_BYTE, info.seed().epoch()) : info.seed();
    List<SectorLog> log =
        info.log().stream().filter(each -> !each.kind().equals(FixtureJournal.SEEDED)).toList();
    return new SectorInfo(
        info.sectorId(),
        info.state(),
        info.commD(),
        info.commR(),
        info.proof(),
        info.deals(),
        info.pieces(),
        ticket,
        seed,
        info.preCommitMsg(),
        info.commitMsg(),
        info.retries(),
        info.toUpgrade(),
        info.replicaUpdateMessage(),
        info.lastErr(),
        log,
        info.sealProof(),
        info.activation(),
        info.expiration(),
        info.dealWeight(),
        info.verifiedDealWeight(),
        info.initialPledge(),
        info.onTime(),
        info.early());
  }
}
