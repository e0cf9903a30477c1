package io.selkie.rpc;

/**
 * What an operator may do to a sector beyond the reference's methods: the two that need a second
 * word before they act, and a fresh start for one that stands still.
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
   */
  @RpcMethod(Permission.ADMIN)
  void sectorsUpdate(
      @Wire(type = "abi.SectorNumber") long sector,
      @Wire(type = "api.SectorState") String state,
      @Wire(type = "bool") boolean force)
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
