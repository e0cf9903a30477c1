package io.selkie.node.remote;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorSize;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ChainNode;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.SectorStatus;
import io.selkie.rpc.server.WebAnswer;
import io.selkie.rpc.server.WebRequest;
import io.selkie.rpc.token.CallAudit;
import io.selkie.storage.RemovedFiles;
import io.selkie.storage.SectorFileName;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import io.selkie.storage.TrashEntry;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code DELETE /remote/KIND/SECTOR?keep=ID.ID}: takes the copies of a file that are on no kept
 * path into the trash. The last copy of a file goes only if neither the pipeline nor the chain
 * knows the sector, or with {@code confirm=NUMBER}, the sector's number a second time. Thread-safe.
 */
public final class RemoteDeletion {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteDeletion.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int OK = 200;
  private static final int FAILED = 500;

  private final RemovedFiles files;
  private final SectorIndex index;
  private final SectorPipeline pipeline;
  private final ChainNode chain;
  private final CallAudit audit;

  /**
   * @param audit is told of every deletion before it is done
   */
  public RemoteDeletion(
      RemovedFiles files,
      SectorIndex index,
      SectorPipeline pipeline,
      ChainNode chain,
      CallAudit audit) {
    this.files = files;
    this.index = index;
    this.pipeline = pipeline;
    this.chain = chain;
    this.audit = audit;
  }

  /** Why nothing is deleted. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why);
    }
  }

  /** The caller may administer; everything else is looked at here. */
  WebAnswer answer(WebRequest request, String kind, String name) {
    Optional<SectorFileType> type = SectorFileType.ofName(kind);
    Optional<SectorId> sector = SectorFileName.parse(name);
    if (type.isEmpty() || sector.isEmpty()) {
      return failed("deleting nothing: no file of a sector is named " + kind + "/" + name);
    }
    CallAudit.Call call =
        new CallAudit.Call(
            request.caller(),
            "DELETE " + request.path(),
            "[]",
            List.of(sector.get().number().value()),
            () -> List.of(holders(sector.get(), type.get())));
    CallAudit.Running record;
    try {
      record = audit.begin(call);
    } catch (IOException unrecorded) {
      LOG.error("{} is refused: it cannot be recorded", request.path(), unrecorded);
      return failed("audit: it cannot be recorded: " + unrecorded.getMessage());
    }
    String outcome = "crashed";
    try {
      delete(sector.get(), type.get(), request.query());
      outcome = "";
      return WebAnswer.text(OK, TEXT, "");
    } catch (Refused | IOException | ChainFault refused) {
      outcome = "not deleting " + kind + "/" + name + ": " + refused.getMessage();
      return failed(outcome);
    } finally {
      record.ended(outcome);
    }
  }

  private CallAudit.Value holders(SectorId sector, SectorFileType type) {
    List<String> ids =
        index.find(sector, EnumSet.of(type)).stream().map(each -> each.meta().id()).toList();
    return new CallAudit.Value("paths with its " + type.directoryName(), ids.toString());
  }

  private static WebAnswer failed(String why) {
    LOG.warn("{}: {}", RemoteFiles.PATH, why);
    return WebAnswer.text(FAILED, TEXT, why + "\n");
  }

  private void delete(SectorId sector, SectorFileType type, String query)
      throws Refused, IOException, ChainFault {
    Optional<String> key = value(query, "confirm");
    if (key.isPresent() && !key.get().equals(sector.number().toString())) {
      throw new Refused("confirm is '" + key.get() + "', the sector is " + sector.number());
    }
    if (index.find(sector, EnumSet.of(type)).isEmpty()) {
      throw new Refused("it is in no storage path");
    }
    String ids = value(query, "keep").orElse("");
    Set<String> keep = ids.isEmpty() ? Set.of() : Set.copyOf(List.of(ids.split("\\.", -1)));
    Optional<String> need = key.isPresent() ? Optional.empty() : need(sector);
    List<TrashEntry> taken;
    try {
      taken =
          files.dropCopies(sector, type, keep, sectorSize(), need.isEmpty(), "deleted-remotely");
    } catch (IOException stays) {
      if (need.isEmpty()) {
        throw stays;
      }
      throw new Refused(
          "%s; sector %s is needed: %s; with confirm=%s its last copies go too"
              .formatted(stays.getMessage(), sector.number(), need.get(), sector.number()));
    }
    LOG.info("{} copies of {} of {} deleted by request", taken.size(), type, sector);
  }

  private SectorSize sectorSize() throws ChainFault {
    return chain.minerInfo(pipeline.miner()).sectorSize();
  }

  /** Why the sector's files are needed; empty if nobody knows of it any more. */
  private Optional<String> need(SectorId sector) throws IOException, ChainFault {
    Optional<SectorStatus> known =
        sector.miner().equals(pipeline.miner())
            ? pipeline.status(sector.number())
            : Optional.empty();
    if (known.isPresent() && !known.get().record().state().equals(SectorState.Removed.wireName())) {
      return Optional.of("its state is " + known.get().record().state());
    }
    try {
      if (chain.sectorInfo(sector.miner(), sector.number()).isPresent()) {
        return Optional.of("it is proven on chain");
      }
      if (chain.preCommitInfo(sector.miner(), sector.number()).isPresent()) {
        return Optional.of("its pre-commit is on chain");
      }
      return Optional.empty();
    } catch (ChainFault fault) {
      if (fault.kind() == ChainFault.Kind.ACTOR_NOT_FOUND) {
        // No such miner, so no sector of it.
        return Optional.empty();
      }
      throw fault.within("the chain does not say whether it is needed");
    }
  }

  /** The first value of this name. */
  private static Optional<String> value(String query, String name) throws Refused {
    for (String pair : query.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        try {
          return Optional.of(
              URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException garbled) {
          throw new Refused(name + " cannot be decoded: " + garbled.getMessage());
        }
      }
    }
    return Optional.empty();
  }
}
