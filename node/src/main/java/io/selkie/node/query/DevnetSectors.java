package io.selkie.node.query;

import io.selkie.abi.ActorId;
import io.selkie.chain.Devnet;
import io.selkie.chain.LiveSectors;
import io.selkie.chain.PeriodOnChain;
import io.selkie.chain.ProvenSector;
import io.selkie.node.query.ChainSnapshot.Live;
import io.selkie.pipeline.ChainFault;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The devnet's sectors; the terms of all are read once per head. Thread-safe. */
public final class DevnetSectors implements ChainSectors {

  private final Devnet devnet;
  private final ActorId miner;
  private final AtomicReference<@Nullable ChainTerms> last = new AtomicReference<>();

  public DevnetSectors(Devnet devnet, ActorId miner) {
    this.devnet = devnet;
    this.miner = miner;
  }

  @Override
  public ChainSnapshot ofNumbers(long[] numbers) throws ChainFault {
    LiveSectors live = devnet.liveSectors(miner, numbers);
    return snapshot(live.head(), live.sectors());
  }

  private static ChainSnapshot snapshot(PeriodOnChain head, List<ProvenSector> sectors) {
    return ChainSnapshot.of(
        head.height(),
        sectors.stream()
            .filter(ProvenSector::live)
            .map(each -> new Live(each.info(), each.expiration()))
            .toList());
  }

  @Override
  public ChainTerms now() throws ChainFault {
    ChainTerms known = last.get();
    if (known != null && known.height() == devnet.provingPeriod(miner).height()) {
      return known;
    }
    ChainTerms read =
        new ChainTerms(
            devnet.sectorTerms(miner),
            devnet.timing().blockDelayMs(),
            devnet.minerInfo(miner).sectorSize().bytes());
    last.set(read);
    return read;
  }
}
