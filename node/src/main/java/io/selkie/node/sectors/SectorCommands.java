package io.selkie.node.sectors;

import io.selkie.abi.SectorNumber;
import io.selkie.pipeline.ChainFault;
import io.selkie.pipeline.NoSuchSector;
import io.selkie.pipeline.SectorRefused;
import io.selkie.rpc.RpcFault;

/** Commands to sectors, and what their callers are told when they are not taken. */
public final class SectorCommands {

  /** Something that a sector is told. */
  @FunctionalInterface
  interface Command {
    void run(SectorNumber sector) throws NoSuchSector, SectorRefused, ChainFault;
  }

  private SectorCommands() {}

  static void tell(long sector, Command command) throws RpcFault {
    try {
      command.run(number(sector));
    } catch (NoSuchSector | SectorRefused refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    } catch (ChainFault fault) {
      throw new RpcFault(
          "sector " + sector + ": the chain has to be asked first: " + fault.getMessage());
    }
  }

  /** Numbers over 63 bits are known to nobody; the chain does not have them either. */
  public static SectorNumber number(long sector) throws RpcFault {
    if (sector < 0) {
      throw new RpcFault(
          "No state for /" + Long.toUnsignedString(sector) + ": datastore: key not found");
    }
    return new SectorNumber(sector);
  }
}
