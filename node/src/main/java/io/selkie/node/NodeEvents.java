package io.selkie.node;

import io.selkie.abi.SectorId;

/** Told what happens in the node; called from any thread, and must return at once. */
public interface NodeEvents {

  /** Nobody listens. */
  NodeEvents NONE = new NodeEvents() {};

  /** A sector moved; its handler runs once this returns. */
  default void moved(SectorId sector, String from, String to) {}

  /**
   * An unsealing job of the sector is in this state; nothing is done for it before this returns.
   */
  default void unsealing(SectorId sector, String state) {}

  /** Long work came this far. */
  default void progressed(SectorId sector, String phase, long done, long total) {}
}
