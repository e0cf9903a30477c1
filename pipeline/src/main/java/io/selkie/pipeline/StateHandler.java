package io.selkie.pipeline;

/**
 * Acts for a sector that is in a certain state. It runs again after a restart and whenever its
 * timer fires, so everything it does may happen twice; it never waits for time or the chain, but
 * says what it waits for.
 */
@FunctionalInterface
interface StateHandler {

  /**
   * One attempt.
   *
   * @throws ChainFault tried again later, with growing pauses
   * @throws SealFault likewise; handlers turn what a later try cannot heal into an event
   * @throws InterruptedException somebody decided otherwise about this sector
   */
  Outcome run(SectorRecord sector, SealingServices services)
      throws ChainFault, SealFault, InterruptedException;
}
