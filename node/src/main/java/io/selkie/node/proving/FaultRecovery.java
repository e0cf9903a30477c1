package io.selkie.node.proving;

import io.selkie.abi.ActorId;
import io.selkie.abi.BitField;
import io.selkie.abi.Blake2b;
import io.selkie.abi.Cid;
import io.selkie.abi.FaultDeclarationsParams;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.TerminateSectorsParams;
import io.selkie.abi.TerminateSectorsParams.Declaration;
import io.selkie.abi.TokenAmount;
import io.selkie.node.Faults;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.ChainNode.OutMessage;
import io.selkie.pipeline.ChainNode.SectorPlace;
import io.selkie.rpc.RpcFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Declares sectors recovered because an operator says so (lotus storage/wdpost/
 * wdpost_run_faults.go, declareManualRecoveries). The same sectors, named again while their message
 * is on its way, are in no second one. Thread-safe.
 */
public final class FaultRecovery {

  /** Sectors in one message (builtin-actors policy, addressed_sectors_max). */
  static final int MOST_SECTORS = 25_000;

  /** How often the same sectors may be declared; each time is a message that has been executed. */
  static final int MOST_TIMES = 10_000;

  private static final Comparator<SectorPlace> BY_PLACE =
      Comparator.comparingLong(SectorPlace::deadline).thenComparingLong(SectorPlace::partition);

  /** What the node knows of. */
  @FunctionalInterface
  public interface KnownSectors {
    boolean has(SectorNumber number) throws IOException;
  }

  private final ActorId miner;
  private final ChainNode chain;
  private final KnownSectors known;

  public FaultRecovery(ActorId miner, ChainNode chain, KnownSectors known) {
    this.miner = miner;
    this.chain = chain;
    this.known = known;
  }

  /**
   * Declares them recovered.
   *
   * @param sectors their numbers, unsigned
   * @return the messages, by deadline and partition
   */
  List<Cid> recover(List<Long> sectors) throws RpcFault {
    for (long number : sectors) {
      if (!isKnown(number)) {
        throw new RpcFault(
            "sectors " + Long.toUnsignedString(number) + " not found in the sector list for miner");
      }
    }
    try {
      List<Cid> messages = new ArrayList<>();
      for (FaultDeclarationsParams params : messages(places(sectors))) {
        messages.add(push(params.encode()));
      }
      return List.copyOf(messages);
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }

  private boolean isKnown(long number) throws RpcFault {
    try {
      return number >= 0 && known.has(new SectorNumber(number));
    } catch (IOException unreadable) {
      throw new RpcFault(
          "could not get a list of all sectors from the miner: " + unreadable.getMessage());
    }
  }

  private Map<SectorPlace, BitField> places(List<Long> sectors) throws ChainFault, RpcFault {
    Map<SectorPlace, BitField> places = new TreeMap<>(BY_PLACE);
    for (long number : sectors) {
      Optional<SectorPlace> place = chain.sectorPlace(miner, new SectorNumber(number));
      if (place.isEmpty()) {
        throw new RpcFault(
            "failed to fetch partition and deadline details for sector %1$d: sector %1$d not due at"
                    .formatted(number)
                + " any deadline");
      }
      places.merge(place.get(), BitField.of(number), BitField::plus);
    }
    return places;
  }

  private static List<FaultDeclarationsParams> messages(Map<SectorPlace, BitField> places) {
    List<FaultDeclarationsParams> messages = new ArrayList<>();
    List<Declaration> declarations = new ArrayList<>();
    long named = 0;
    for (Map.Entry<SectorPlace, BitField> each : places.entrySet()) {
      long more = each.getValue().size();
      if (declarations.size() == TerminateSectorsParams.MAX_DECLARATIONS
          || named + more > MOST_SECTORS) {
        messages.add(new FaultDeclarationsParams(declarations));
        declarations.clear();
        named = 0;
      }
      SectorPlace place = each.getKey();
      declarations.add(new Declaration(place.deadline(), place.partition(), each.getValue()));
      named += more;
    }
    if (!declarations.isEmpty()) {
      messages.add(new FaultDeclarationsParams(declarations));
    }
    return messages;
  }

  /** The message on its way for these parameters, or a new one. */
  private synchronized Cid push(byte[] params) throws ChainFault, RpcFault {
    String name = "recover-faults-" + HexFormat.of().formatHex(Blake2b.digest256(params)) + "-";
    for (int time = 0; time < MOST_TIMES; time++) {
      Optional<Cid> before = chain.pushed(name + time);
      if (before.isEmpty() || chain.searchMessage(before.get()).isEmpty()) {
        return chain.push(
            new OutMessage(
                miner, FaultDeclarationsParams.DECLARE_FAULTS_RECOVERED, params, TokenAmount.ZERO),
            name + time);
      }
    }
    throw new RpcFault("these sectors were declared recovered " + MOST_TIMES + " times");
  }
}
