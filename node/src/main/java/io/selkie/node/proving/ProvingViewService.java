package io.selkie.node.proving;

import io.selkie.abi.ActorId;
import io.selkie.abi.Cid;
import io.selkie.abi.TokenAmount;
import io.selkie.chain.Devnet;
import io.selkie.chain.MinerAccount;
import io.selkie.chain.PeriodOnChain;
import io.selkie.node.Faults;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode.MessageLookup;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.ChainPreCommit;
import io.selkie.rpc.api.ChainReceipt;
import io.selkie.rpc.api.ChainSector;
import io.selkie.rpc.api.MinerOnChain;
import io.selkie.rpc.api.ProvingDeadline;
import io.selkie.rpc.api.ProvingPartition;
import io.selkie.rpc.api.ProvingPeriod;
import io.selkie.rpc.api.ProvingViewApi;
import io.selkie.rpc.api.SectorSets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the devnet holds of the miner. It knows no window proofs: what is live and not declared
 * faulty is active, and no partition is proven. Thread-safe.
 */
public final class ProvingViewService implements ProvingViewApi {

  private final Devnet devnet;
  private final ActorId miner;

  public ProvingViewService(Devnet devnet, ActorId miner) {
    this.devnet = devnet;
    this.miner = miner;
  }

  private interface Question<T> {
    T ask() throws ChainFault;
  }

  private static <T> T answer(Question<T> question) throws RpcFault {
    try {
      return question.ask();
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }

  @Override
  public MinerOnChain minerOnChain() throws RpcFault {
    MinerAccount account = answer(() -> devnet.minerAccount(miner));
    long size = answer(() -> devnet.minerInfo(miner)).sectorSize().bytes();
    long active = account.rawPower().longValueExact() / size;
    return new MinerOnChain(
        account.period().height(),
        account.period().headTime(),
        size,
        new TokenAmount(account.rawPower()),
        new TokenAmount(account.qualityPower()),
        new TokenAmount(account.totalRawPower()),
        new TokenAmount(account.totalQualityPower()),
        active + account.faultySectors(),
        active,
        account.faultySectors(),
        account.balance(),
        account.deposits(),
        account.pledge(),
        TokenAmount.ZERO,
        account.balance().minus(account.deposits()).minus(account.pledge()),
        TokenAmount.ZERO,
        TokenAmount.ZERO,
        account.workerBalance(),
        account.activeDeals().count(),
        account.activeDeals().bytes(),
        account.waitingDeals().count(),
        account.waitingDeals().bytes());
  }

  @Override
  public ProvingPeriod provingPeriod() throws RpcFault {
    PeriodOnChain period = answer(() -> devnet.provingPeriod(miner));
    return new ProvingPeriod(
        period.height(),
        period.headTime(),
        Duration.ofMillis(devnet.timing().blockDelayMs()),
        period.start(),
        period.epochs(),
        period.deadlines(),
        period.index(),
        period.open(),
        period.close(),
        period.challenge(),
        period.faultCutoff());
  }

  @Override
  public List<ProvingDeadline> provingDeadlines() throws RpcFault {
    Map<Integer, TreeMap<Long, StandingSets>> sectors = new HashMap<>();
    PeriodOnChain period =
        answer(() ->
            devnet.eachSector(
                miner,
                sector ->
                    sectors
                        .computeIfAbsent(sector.deadline(), _ -> new TreeMap<>())
                        .computeIfAbsent(sector.partition(), _ -> new StandingSets())
                        .add(sector)));
    long window = period.epochs() / period.deadlines();
    List<ProvingDeadline> deadlines = new ArrayList<>();
    for (int i = 0; i < period.deadlines(); i++) {
      long open = period.start() + i * window;
      List<ProvingPartition> partitions = new ArrayList<>();
      sectors
          .getOrDefault(i, new TreeMap<>())
          .forEach((index, members) -> partitions.add(partition(index, members.sets())));
      deadlines.add(
          new ProvingDeadline(
              i, i < period.index() ? open + period.epochs() : open, 0, List.copyOf(partitions)));
    }
    return List.copyOf(deadlines);
  }

  private static ProvingPartition partition(long index, SectorSets sets) {
    return new ProvingPartition(
        index,
        sets.all(),
        sets.live(),
        sets.active(),
        sets.faulty(),
        sets.recovering(),
        sets.unproven());
  }

  @Override
  public SectorSets minerSectorSets() throws RpcFault {
    StandingSets sets = new StandingSets();
    PeriodOnChain _ = answer(() -> devnet.eachSector(miner, sets::add));
    return sets.sets();
  }

  @Override
  public List<ChainSector> chainSectors(long from, long limit) throws RpcFault {
    if (limit < 1 || limit > SECTORS_LIMIT) {
      throw new RpcFault("limit " + limit + " is not within 1 and " + SECTORS_LIMIT);
    }
    if (from < 0) {
      // Numbers over 63 bits are known to nobody.
      return List.of();
    }
    return answer(() -> devnet.liveSectorsFrom(miner, from, (int) limit)).stream()
        .map(sector ->
            new ChainSector(
                sector.info().number().value(),
                sector.info().proof().number(),
                sector.info().sealedCid(),
                sector.info().activation().value(),
                sector.info().expiration().value(),
                sector.maxExpiration().value(),
                sector.maxExtendNow().value(),
                sector.info().dealWeight(),
                sector.info().verifiedDealWeight(),
                sector.info().initialPledge(),
                sector.place().deadline(),
                sector.place().partition()))
        .toList();
  }

  @Override
  public List<ChainPreCommit> chainPreCommits() throws RpcFault {
    return answer(() -> devnet.dueProofs(miner)).stream()
        .map(due ->
            new ChainPreCommit(
                due.info().number().value(),
                due.info().proof().number(),
                due.info().sealedCid(),
                due.info().preCommitEpoch().value(),
                due.due().value(),
                due.info().expiration().value(),
                due.info().deposit()))
        .toList();
  }

  @Override
  public @Nullable ChainReceipt chainMessage(Cid message) throws RpcFault {
    Optional<MessageLookup> found = answer(() -> devnet.searchMessage(message));
    if (found.isEmpty()) {
      return null;
    }
    long height = found.get().tipSet().height().value();
    return new ChainReceipt(
        height,
        found.get().exitCode(),
        answer(() -> devnet.failureReason(message)).orElse(""),
        answer(devnet::head).height().value() - height);
  }
}
