package io.selkie.node.sectors;

import io.selkie.abi.SectorId;
import io.selkie.abi.SectorNumber;
import io.selkie.node.Faults;
import io.selkie.node.query.SectorQueryService;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.ForcedStates;
import io.selkie.pipeline.Forcing;
import io.selkie.pipeline.NoSuchSector;
import io.selkie.pipeline.SectorOutlook;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorRefused;
import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.recovery.FileKind;
import io.selkie.pipeline.recovery.StateNeeds;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.NeededFile;
import io.selkie.rpc.api.SectorControlApi;
import io.selkie.rpc.api.UpdatePlan;
import io.selkie.rpc.server.CurrentCall;
import io.selkie.storage.SectorFileType;
import io.selkie.storage.SectorIndex;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator's second words, answered by the pipeline. Thread-safe. */
public final class SectorControlService implements SectorControlApi {

  /** The sector's number and the entry by which its state was forced. */
  private static final Pattern TOKEN = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

  private final SectorPipeline pipeline;
  private final SectorIndex index;

  public SectorControlService(SectorPipeline pipeline, SectorIndex index) {
    this.pipeline = pipeline;
    this.index = index;
  }

  @Override
  public String sectorsUpdate(long sector, String state, boolean force) throws RpcFault {
    Forcing forcing = force ? Forcing.ANY_STATE : Forcing.CHECKED;
    SectorCommands.tell(sector, number -> pipeline.forceState(number, state, forcing));
    try {
      OptionalLong entry = pipeline.forcedStates().lastForced(new SectorNumber(sector));
      return entry.isPresent() ? sector + "-" + entry.getAsLong() : "";
    } catch (IOException unreadable) {
      throw SectorQueryService.journal(unreadable);
    }
  }

  @Override
  public UpdatePlan sectorsUpdatePlan(long sector, String state) throws RpcFault {
    try {
      ForcedStates.Plan plan = pipeline.forcedStates().plan(SectorCommands.number(sector), state);
      return new UpdatePlan(
          sector,
          plan.sector().state(),
          state,
          plan.objections().isEmpty(),
          !plan.unforceable(),
          plan.objections(),
          files(plan, state),
          plan.alive().orElse(""),
          plan.then().map(SectorOutlook::meaning).orElse(""),
          ExplainService.wire(plan.then().map(SectorOutlook::next).orElse(List.of())));
    } catch (NoSuchSector unknown) {
      throw new RpcFault(String.valueOf(unknown.getMessage()));
    } catch (ChainFault fault) {
      throw Faults.ofChain(fault);
    }
  }

  private List<NeededFile> files(ForcedStates.Plan plan, String state) {
    Set<FileKind> needed =
        SectorState.ofWireName(state)
            .map(known -> StateNeeds.files(known, plan.sector().pieces().size()))
            .orElse(Set.of());
    return needed.stream()
        .map(kind -> new NeededFile(kind.directory(), holders(plan.sector().sector(), kind)))
        .toList();
  }

  private List<String> holders(SectorId sector, FileKind kind) {
    return EnumSet.allOf(SectorFileType.class).stream()
        .filter(type -> type.directoryName().equals(kind.directory()))
        .flatMap(type -> index.find(sector, Set.of(type)).stream())
        .map(each -> each.meta().id())
        .toList();
  }

  @Override
  public String sectorsUpdateUndo(String token) throws RpcFault {
    Matcher parts = TOKEN.matcher(token);
    if (!parts.matches()) {
      throw new RpcFault("'" + token + "' is no token of a forced state");
    }
    try {
      SectorNumber sector = new SectorNumber(Long.parseLong(parts.group(1)));
      String before = pipeline.status(sector).map(each -> each.record().state()).orElse("");
      String after = pipeline.forcedStates().undo(sector, Long.parseLong(parts.group(2))).state();
      CurrentCall.changed("state of sector " + sector, before, after);
      return after;
    } catch (NoSuchSector | SectorRefused refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    } catch (IOException unreadable) {
      throw SectorQueryService.journal(unreadable);
    }
  }

  @Override
  public void sectorRemove(long sector, long confirmNumber) throws RpcFault {
    if (confirmNumber != sector) {
      throw new RpcFault(
          "the second key is "
              + Long.toUnsignedString(confirmNumber)
              + ", the sector is "
              + Long.toUnsignedString(sector)
              + "; nothing was removed");
    }
    SectorCommands.tell(sector, number -> pipeline.remove(number, Optional.of(number)));
  }

  @Override
  public void sectorRestart(long sector) throws RpcFault {
    SectorCommands.tell(sector, pipeline::restart);
  }
}
