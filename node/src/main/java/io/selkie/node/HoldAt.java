package io.selkie.node;

import io.selkie.abi.SectorId;

/**
 * Keeps every sector that enters one state from acting in it, and says so on standard output: the
 * moment in which a test kills the process. What the journal holds then is the state itself, on
 * disk, with nothing done for it.
 */
final class HoldAt implements NodeEvents {

  private final String state;

  HoldAt(String state) {
    this.state = state;
  }

  /** Jobs are held by their state's name behind {@code Unseal}, such as {@code UnsealQueued}. */
  @Override
  public void unsealing(SectorId sector, String jobState) {
    hold(sector, "Unseal" + jobState);
  }

  @Override
  public void moved(SectorId sector, String from, String to) {
    hold(sector, to);
  }

  private void hold(SectorId sector, String to) {
    if (!to.equals(state)) {
      return;
    }
    System.out.println("held " + sector + " " + to);
    System.out.flush();
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
