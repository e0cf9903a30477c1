package io.selkie.node.sectors;

import io.selkie.abi.Address;
import io.selkie.abi.BitField;
import io.selkie.abi.Cid;
import io.selkie.abi.SectorNumber;
import io.selkie.abi.UnpaddedPieceSize;
import io.selkie.node.Faults;
import io.selkie.node.receive.SectorReception;
import io.selkie.node.workers.DataCids;
import io.selkie.pipeline.BatchResult;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.ChainNode.SectorExpiration;
import io.selkie.pipeline.ChainNode.SectorOnChain;
import io.selkie.pipeline.Forcing;
import io.selkie.pipeline.PieceRefused;
import io.selkie.pipeline.SectorJournal.DealRef;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorStatus;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CommitBatchRes;
import io.selkie.rpc.api.NumAssignerMeta;
import io.selkie.rpc.api.PieceDealInfo;
import io.selkie.rpc.api.PreCommitBatchRes;
import io.selkie.rpc.api.RemoteSectorMeta;
import io.selkie.rpc.api.SealedRef;
import io.selkie.rpc.api.SectorInfo;
import io.selkie.rpc.api.SectorOffset;
import io.selkie.rpc.api.SectorRef;
import io.selkie.rpc.api.SectorsApi;
import io.selkie.rpc.api.WirePiece;
import io.selkie.rpc.api.WireSectorId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.AbstractList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sectors' methods of the wire, answered by the pipeline. Thread-safe. */
public final class SectorsService implements SectorsApi {

  private final SectorPipeline pipeline;
  private final ChainNode chain;
  private final UnsealCalls unseals;
  private final PieceCalls pieces;
  private final SealDelay sealDelay;
  private final Forcing forcing;
  private final SectorWire wire;
  private final SectorReception reception;
  private final DataCids dataCids;

  public SectorsService(
      SectorPipeline pipeline,
      ChainNode chain,
      UnsealCalls unseals,
      SealDelay sealDelay,
      Forcing forcing,
      SectorReception reception,
      DataCids dataCids,
      Address.Network network) {
    this.pipeline = pipeline;
    this.chain = chain;
    this.unseals = unseals;
    this.sealDelay = sealDelay;
    this.forcing = forcing;
    this.reception = reception;
    this.dataCids = dataCids;
    this.wire = new SectorWire(new DealWire(network));
    this.pieces = new PieceCalls(pipeline, chain, wire.deals());
  }

  @Override
  public List<Long> sectorsList() throws RpcFault {
    return reading(() -> values(pipeline.list()));
  }

  /** Null rather than an empty list, as in the reference. */
  @Override
  public @Nullable List<Long> sectorsListInStates(List<String> states) throws RpcFault {
    List<Long> found = reading(() -> values(pipeline.listInStates(new HashSet<>(states))));
    return found.isEmpty() ? null : found;
  }

  @Override
  public Map<String, Long> sectorsSummary() throws RpcFault {
    return reading(pipeline::summary);
  }

  @Override
  public Map<Long, @Nullable List<SealedRef>> sectorsRefs() throws RpcFault {
    Map<Long, @Nullable List<SealedRef>> result = new LinkedHashMap<>();
    reading(pipeline::refs)
        .forEach((deal, refs) ->
            result.put(deal.value(), refs.stream().map(SectorsService::ref).toList()));
    return result;
  }

  private static SealedRef ref(DealRef from) {
    return new SealedRef(from.sector().value(), from.offsetPaddedBytes(), from.sizeUnpaddedBytes());
  }

  @Override
  public SectorInfo sectorsStatus(long sector, boolean showOnChainInfo) throws RpcFault {
    SectorStatus status = status(sector);
    Optional<SectorOnChain> onChain = Optional.empty();
    Optional<SectorExpiration> expiration = Optional.empty();
    if (showOnChainInfo) {
      try {
        onChain = chain.sectorInfo(pipeline.miner(), new SectorNumber(sector));
      } catch (ChainFault fault) {
        throw Faults.ofChain(fault);
      }
      expiration = onChain.isPresent() ? expiration(sector) : Optional.empty();
    }
    return wire.info(sector, status.record(), status.log(), onChain, expiration);
  }

  /** The reference swallows this failure, and so the two members stay 0. */
  private Optional<SectorExpiration> expiration(long sector) {
    try {
      return chain.sectorExpiration(pipeline.miner(), new SectorNumber(sector));
    } catch (ChainFault _) {
      return Optional.empty();
    }
  }

  private SectorStatus status(long sector) throws RpcFault {
    return reading(() -> pipeline.status(SectorCommands.number(sector)))
        .orElseThrow(() ->
            new RpcFault(
                "No state for /" + Long.toUnsignedString(sector) + ": datastore: key not found"));
  }

  @Override
  public void sectorsUpdate(long sector, String state) throws RpcFault {
    SectorCommands.tell(sector, number -> pipeline.forceState(number, state, forcing));
  }

  @Override
  public void sectorsUnsealPiece(
      SectorRef sector, long offset, long size, byte @Nullable [] ticket, @Nullable Cid commD)
      throws RpcFault, InterruptedException {
    unseals.unsealPiece(sector, offset, size, ticket, commD);
  }

  @Override
  public WireSectorId pledgeSector() throws RpcFault {
    try {
      return id(pipeline.pledge());
    } catch (PieceRefused refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    } catch (IOException unreadable) {
      throw journal(unreadable);
    }
  }

  @Override
  public SectorOffset sectorAddPieceToAny(long size, InputStream data, PieceDealInfo info)
      throws RpcFault, InterruptedException {
    return pieces.addToAny(size, data, info);
  }

  @Override
  public WirePiece computeDataCid(long size, InputStream data) throws RpcFault {
    if (!UnpaddedPieceSize.isValid(size)) {
      throw new RpcFault("cannot allocate unpadded piece");
    }
    UnpaddedPieceSize unpadded = new UnpaddedPieceSize(size);
    return new WirePiece(unpadded.padded().bytes(), Cid.ofUnsealed(dataCids.of(unpadded, data)));
  }

  @Override
  public void sectorMatchPendingPiecesToOpenSectors() {
    pipeline.matchPieces();
  }

  @Override
  public void sectorStartSealing(long sector) throws RpcFault {
    SectorCommands.tell(sector, pipeline::startPacking);
  }

  @Override
  public void sectorSetSealDelay(Duration delay) throws RpcFault {
    try {
      sealDelay.set(delay);
    } catch (IOException refused) {
      throw new RpcFault("get config: " + refused.getMessage());
    }
  }

  @Override
  public Duration sectorGetSealDelay() {
    return sealDelay.delay();
  }

  @Override
  public void sectorSetExpectedSealDuration(Duration expected) {
    sealDelay.setExpected(expected);
  }

  @Override
  public Duration sectorGetExpectedSealDuration() {
    return sealDelay.expected();
  }

  @Override
  public void sectorRemove(long sector) throws RpcFault {
    SectorCommands.tell(sector, pipeline::remove);
  }

  @Override
  public void sectorTerminate(long sector) throws RpcFault {
    SectorCommands.tell(sector, pipeline::terminate);
  }

  @Override
  public @Nullable Cid sectorTerminateFlush() throws RpcFault {
    Cid sent = null;
    for (BatchResult each : pipeline.terminateFlush()) {
      if (each.message().isEmpty()) {
        throw new RpcFault("terminating " + each.sectors() + ": " + each.error());
      }
      sent = each.message().get();
    }
    return sent;
  }

  @Override
  public List<WireSectorId> sectorTerminatePending() {
    return pipeline.terminatePending().stream().map(SectorsService::id).toList();
  }

  @Override
  public @Nullable List<PreCommitBatchRes> sectorPreCommitFlush() {
    List<PreCommitBatchRes> sent =
        pipeline.preCommitFlush().stream()
            .map(each ->
                new PreCommitBatchRes(
                    numbers(each.sectors()), each.message().orElse(null), each.error()))
            .toList();
    return sent.isEmpty() ? null : sent;
  }

  @Override
  public List<WireSectorId> sectorPreCommitPending() {
    return pipeline.preCommitPending().stream().map(SectorsService::id).toList();
  }

  @Override
  public @Nullable List<CommitBatchRes> sectorCommitFlush() {
    List<CommitBatchRes> sent =
        pipeline.commitFlush().stream()
            .map(each ->
                new CommitBatchRes(
                    numbers(each.sectors()), null, each.message().orElse(null), each.error()))
            .toList();
    return sent.isEmpty() ? null : sent;
  }

  @Override
  public List<WireSectorId> sectorCommitPending() {
    return pipeline.commitPending().stream().map(SectorsService::id).toList();
  }

  @Override
  public void sectorMarkForUpgrade(long sector, boolean snap) throws RpcFault {
    if (!snap) {
      throw new RpcFault("non-snap upgrades are not supported");
    }
    SectorStatus status;
    try {
      status = status(sector);
    } catch (RpcFault unknown) {
      throw new RpcFault("getting sector info: " + unknown.text());
    }
    if (!status.record().state().equals("Proving")) {
      throw new RpcFault("unable to snap-up sectors not in the 'Proving' state");
    }
    if (status.record().hasDeals()) {
      throw new RpcFault("not a committed-capacity sector, has deals");
    }
    UpgradeRules.check(chain, pipeline.miner(), SectorCommands.number(sector));
    SectorCommands.tell(sector, number -> pipeline.markForUpgrade(number, true));
  }

  @Override
  public void sectorAbortUpgrade(long sector) throws RpcFault {
    SectorCommands.tell(sector, number -> pipeline.markForUpgrade(number, false));
  }

  @Override
  public void sectorUnseal(long sector) throws RpcFault {
    unseals.unsealInBackground(status(sector).record());
  }

  @Override
  public void sectorReceive(RemoteSectorMeta meta) throws RpcFault {
    try {
      reception.receive(meta);
    } catch (IOException unreadable) {
      throw journal(unreadable);
    }
  }

  @Override
  public NumAssignerMeta sectorNumAssignerMeta() throws RpcFault {
    try {
      var meta = pipeline.numbers().meta();
      return new NumAssignerMeta(
          meta.reserved(), meta.allocated(), meta.inUse(), meta.next().value());
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    } catch (IOException unreadable) {
      throw journal(unreadable);
    }
  }

  @Override
  public Map<String, BitField> sectorNumReservations() throws RpcFault {
    return reading(() -> pipeline.numbers().reservations());
  }

  @Override
  public void sectorNumReserve(String name, BitField numbers, boolean force) throws RpcFault {
    reading(() -> {
      pipeline.numbers().reserve(name, numbers, force);
      return true;
    });
  }

  @Override
  public BitField sectorNumReserveCount(String name, long count) throws RpcFault {
    try {
      return pipeline.numbers().reserveCount(name, count);
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    } catch (IOException unreadable) {
      throw journal(unreadable);
    } catch (IllegalArgumentException refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public void sectorNumFree(String name) throws RpcFault {
    reading(() -> {
      pipeline.numbers().free(name);
      return true;
    });
  }

  /** Something that reads or writes the journal. */
  @FunctionalInterface
  private interface Reading<T> {
    T run() throws IOException, RpcFault;
  }

  private static <T> T reading(Reading<T> action) throws RpcFault {
    try {
      return action.run();
    } catch (IOException unreadable) {
      throw journal(unreadable);
    } catch (IllegalArgumentException refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
  }

  private static RpcFault journal(IOException unreadable) {
    return new RpcFault("the journal: " + unreadable.getMessage());
  }

  /** A view, not a copy: there may be millions of numbers. */
  private static List<Long> values(List<SectorNumber> numbers) {
    return new AbstractList<>() {
      @Override
      public Long get(int index) {
        return numbers.get(index).value();
      }

      @Override
      public int size() {
        return numbers.size();
      }
    };
  }

  private static List<Long> numbers(List<io.selkie.abi.SectorId> sectors) {
    return sectors.stream().map(each -> each.number().value()).toList();
  }

  private static WireSectorId id(io.selkie.abi.SectorId sector) {
    return new WireSectorId(sector.miner().value(), sector.number().value());
  }
}
