package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.unseal.UnsealJob;

/** Told what happens in the pipeline; called from any thread, and must return at once. */
public interface PipelineListener {

  /** Nobody listens. */
  PipelineListener NONE = new PipelineListener() {};

  /** An event was recorded; the states are equal if the sector stayed. */
  default void recorded(SectorId sector, String from, String to, SectorEvent event) {}

  /**
   * An unsealing job came, began, waits for another try or ended; it is recorded, and nothing is
   * done for it before this returns.
   */
  default void unsealing(UnsealJob job) {}

  /** Long work came this far; see {@link Progress}. */
  default void progressed(SectorId sector, String phase, long done, long total) {}

  /**
   * The journal could not be written. Nothing more is recorded, and the process should end: what is
   * in memory may be ahead of what is on disk.
   */
  default void journalFailed(Throwable cause) {}
}
