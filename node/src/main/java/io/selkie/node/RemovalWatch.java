package io.selkie.node;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.SectorEvent;
import io.selkie.pipeline.SectorState;
import io.selkie.pipeline.unseal.UnsealJob;
import io.selkie.pipeline.unseal.UnsealJobs;

/** Takes unsealing jobs back whose sector is being removed, and passes everything on. */
final class RemovalWatch implements PipelineListener {

  private final UnsealJobs jobs;
  private final PipelineListener next;

  RemovalWatch(UnsealJobs jobs, PipelineListener next) {
    this.jobs = jobs;
    this.next = next;
  }

  @Override
  public void recorded(SectorId sector, String from, String to, SectorEvent event) {
    if (to.equals(SectorState.Removing.wireName())) {
      jobs.sectorRemoved(sector);
    }
    next.recorded(sector, from, to, event);
  }

  @Override
  public void unsealing(UnsealJob job) {
    next.unsealing(job);
  }

  @Override
  public void progressed(SectorId sector, String phase, long done, long total) {
    next.progressed(sector, phase, done, total);
  }

  @Override
  public void journalFailed(Throwable cause) {
    next.journalFailed(cause);
  }
}
