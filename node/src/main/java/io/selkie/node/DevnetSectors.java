package io.selkie.node;

import io.selkie.abi.ActorId;
import io.selkie.chain.Devnet;
import io.selkie.chain.LiveSectors;
import io.selkie.chain.PeriodOnChain;
import io.selkie.chain.ProvenSector;
import io.selkie.node.ChainSnapshot.Live;
import io.selkie.pipeline.ChainFault;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The devnet's sectors, read once per head. Thread-safe. */
final class DevnetSectors implements ChainSectors {

  /** A head that moves this often while its sectors are read moves faster than they are read. */
  private static final int TRIES = 5;

  private final Devnet devnet;
  private final ActorId miner;
  private final AtomicReference<@Nullable ChainSnapshot> last = new AtomicReference<>();

  DevnetSectors(Devnet devnet, ActorId miner) {
    this.devnet = devnet;
    this.miner = miner;
  }

  @Override
  public ChainSnapshot ofNumbers(long[] numbers) throws ChainFault {
    LiveSectors live = devnet.liveSectors(miner, numbers);
    return snapshot(live.head(), live.sectors());
  }

  private ChainSnapshot snapshot(PeriodOnChain head, List<ProvenSector> sectors) throws ChainFault {
    return ChainSnapshot.of(
        head.height(),
        head.headTime(),
        devnet.timing().blockDelayMs(),
        devnet.minerInfo(miner).sectorSize().bytes(),
        sectors.stream()
            .filter(ProvenSector::live)
            .map(each -> new Live(each.info(), each.expiration()))
            .toList());
  }

  @Override
  public ChainSnapshot now() throws ChainFault {
    ChainSnapshot known = last.get();
    PeriodOnChain head = devnet.provingPeriod(miner);
    if (known != null && known.height() == head.height()) {
      return known;
    }
    for (int i = 0; i < TRIES; i++) {
      List<ProvenSector> all = devnet.provenSectors(miner);
      PeriodOnChain after = devnet.provingPeriod(miner);
      if (after.height() == head.height()) {
        ChainSnapshot read = snapshot(head, all);
        last.set(read);
        return read;
      }
      head = after;
    }
    throw new ChainFault(
        ChainFault.Kind.OTHER,
        "the head moved " + TRIES + " times while the miner's sectors were read");
  }
}
