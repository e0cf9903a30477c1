package io.selkie.rpc.api;

import io.selkie.rpc.RpcFault;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.RpcNamespace;
import io.selkie.rpc.json.Wire;
import io.selkie.rpc.token.Permission;

/**
 * What an operator may do to a sector beyond the reference's methods: the two that need a second
 * word before they act, a look before and a way back, and a fresh start for one that stands still.
 *
 * <p>Every method throws {@link RpcFault} for what its caller is to be told, and may be interrupted
 * when the caller cancels or goes away.
 */
@RpcNamespace("Selkie")
public interface SectorControlApi {

  /**
   * Forces a state.
   *
   * @param state one that exists
   * @param force whether it may be one that makes no sense for the sector; even then nothing is
   *     deleted that the chain believes alive
   * @return what {@link #sectorsUpdateUndo} takes it back with; empty if the sector has moved on
   *     already
   */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "string")
  String sectorsUpdate(
      @Wire(type = "abi.SectorNumber") long sector,
      @Wire(type = "api.SectorState") String state,
      @Wire(type = "bool") boolean force)
      throws RpcFault, InterruptedException;

  /**
   * What forcing a state would meet: whether it is taken, which files are there, what the chain
   * says, and where the sector could go from there. Changes nothing.
   */
  @RpcMethod(Permission.READ)
  UpdatePlan sectorsUpdatePlan(
      @Wire(type = "abi.SectorNumber") long sector, @Wire(type = "api.SectorState") String state)
      throws RpcFault, InterruptedException;

  /**
   * Makes a sector what it was before its state was forced, if nothing has happened to it since.
   *
   * @param token of {@link #sectorsUpdate}
   * @return the state it is in again
   */
  @RpcMethod(Permission.ADMIN)
  @Wire(type = "api.SectorState")
  String sectorsUpdateUndo(@Wire(type = "string") String token)
      throws RpcFault, InterruptedException;

  /**
   * Removes a sector even if the chain believes it alive.
   *
   * @param confirmNumber the sector's number once more, as the second key
   */
  @RpcMethod(Permission.ADMIN)
  void sectorRemove(
      @Wire(type = "abi.SectorNumber") long sector,
      @Wire(type = "abi.SectorNumber") long confirmNumber)
      throws RpcFault, InterruptedException;

  /** Lets the handler of a sector's state run once more, for one that stands still. */
  @RpcMethod(Permission.ADMIN)
  void sectorRestart(@Wire(type = "abi.SectorNumber") long sector)
      throws RpcFault, InterruptedException;
}
