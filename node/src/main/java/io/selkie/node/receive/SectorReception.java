package io.selkie.node.receive;

import io.selkie.abi.SectorId;
import io.selkie.node.Faults;
import io.selkie.node.repo.AllowedUrls;
import io.selkie.node.sectors.DealWire;
import io.selkie.node.sectors.SectorCommands;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.ImportSources;
import io.selkie.pipeline.ImportSources.Header;
import io.selkie.pipeline.ImportSources.Location;
import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorRecord;
import io.selkie.pipeline.SectorRefused;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.RemoteSectorMeta;
import io.selkie.rpc.api.SectorLocation;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorImport;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The door for sectors that were sealed elsewhere. Thread-safe. */
public final class SectorReception {

  private static final Location LOCAL = new Location(true, "", List.of());

  private final SectorPipeline pipeline;
  private final ChainNode chain;
  private final SectorImport files;
  private final AllowedUrls allowed;
  private final DealWire deals;

  public SectorReception(
      SectorPipeline pipeline,
      ChainNode chain,
      SectorImport files,
      AllowedUrls allowed,
      DealWire deals) {
    this.pipeline = pipeline;
    this.chain = chain;
    this.files = files;
    this.allowed = allowed;
    this.deals = deals;
  }

  /** Takes the sector in, or says why not; nothing is fetched before this returns. */
  public void receive(RemoteSectorMeta meta) throws RpcFault, IOException {
    if (meta.sector().miner() != pipeline.miner().value()) {
      throw new RpcFault(
          "sector for wrong actor - expected actor id "
              + pipeline.miner()
              + ", sector was for actor "
              + Long.toUnsignedString(meta.sector().miner()));
    }
    if (pipeline.status(SectorCommands.number(meta.sector().number())).isPresent()) {
      throw new RpcFault(
          "sector with ID " + meta.sector().number() + " already exists in the sealing pipeline");
    }
    SectorRecord sector;
    try {
      sector =
          new ReceiveRules(chain, pipeline.imports()::objectionToPieces, pipeline.miner(), deals)
              .check(meta, pipeline.proofForNewSectors());
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
    boolean encoded = sector.commR().isPresent();
    ImportSources sources =
        new ImportSources(
            encoded && isLocal(meta.dataUnsealed())
                // It may have been dropped, and can be unsealed.
                ? Optional.of(LOCAL)
                : place(
                    "DataUnsealed", meta.dataUnsealed(), SectorFileType.UNSEALED, sector.sector()),
            encoded
                ? place("DataSealed", meta.dataSealed(), SectorFileType.SEALED, sector.sector())
                : Optional.empty(),
            encoded
                ? place("DataCache", meta.dataCache(), SectorFileType.CACHE, sector.sector())
                : Optional.empty(),
            // Nobody elsewhere can prove a replica that is made here; the reference passes over
            // them.
            encoded ? endpoint("RemoteCommit1Endpoint", meta.remoteCommit1Endpoint()) : "",
            encoded ? endpoint("RemoteCommit2Endpoint", meta.remoteCommit2Endpoint()) : "",
            endpoint("RemoteSealingDoneEndpoint", meta.remoteSealingDoneEndpoint()));
    try {
      pipeline.imports().receive(sector, sources);
    } catch (SectorRefused refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    }
  }

  private static boolean isLocal(@Nullable SectorLocation place) {
    return place != null && place.local();
  }

  private Optional<Location> place(
      String member, @Nullable SectorLocation from, SectorFileType type, SectorId sector)
      throws RpcFault {
    if (from == null) {
      return Optional.empty();
    }
    String file = "the " + type.directoryName() + " file of " + sector.fileName();
    boolean here;
    try {
      here = files.isHere(sector, type);
    } catch (SealFault fault) {
      throw new RpcFault(member + ": " + fault.getMessage());
    }
    if (from.local()) {
      if (!here) {
        throw new RpcFault(
            member + ": it is said to be local, but " + file + " is on no path of this machine");
      }
      return Optional.of(LOCAL);
    }
    if (here) {
      throw new RpcFault(
          member + ": " + file + " is here already; remove it, or say that it is local");
    }
    String url = Objects.requireNonNullElse(from.url(), "");
    List<Header> headers =
        from.headers() == null
            ? List.of()
            : from.headers().stream().map(each -> new Header(each.key(), each.value())).toList();
    refuse(member, RemoteRequests.objection(allowed, url, headers));
    return Optional.of(new Location(false, url, headers));
  }

  private String endpoint(String member, String url) throws RpcFault {
    if (!url.isEmpty()) {
      refuse(member, RemoteRequests.objection(allowed, url, List.of()));
    }
    return url;
  }

  private static void refuse(String member, Optional<String> objection) throws RpcFault {
    if (objection.isPresent()) {
      throw new RpcFault(member + ": " + objection.get());
    }
  }
}
