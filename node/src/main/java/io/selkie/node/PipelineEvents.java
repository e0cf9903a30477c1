package io.selkie.node;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.PipelineListener;
import io.selkie.pipeline.SectorEvent;
import io.selkie.pipeline.unseal.UnsealJob;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the pipeline tells, to the log and to the node's listener. */
final class PipelineEvents implements PipelineListener {

  private static final Logger LOG = LoggerFactory.getLogger(PipelineEvents.class);

  private final NodeEvents events;
  private final Consumer<Throwable> onJournalFailed;

  PipelineEvents(NodeEvents events, Consumer<Throwable> onJournalFailed) {
    this.events = events;
    this.onJournalFailed = onJournalFailed;
  }

  @Override
  public void recorded(SectorId sector, String from, String to, SectorEvent event) {
    if (!from.equals(to)) {
      LOG.info("{} {} -> {}", sector, from.isEmpty() ? "(new)" : from, to);
      events.moved(sector, from, to);
    }
  }

  @Override
  public void unsealing(UnsealJob job) {
    events.unsealing(job.request().sector().id(), job.state().wireName());
  }

  @Override
  public void progressed(SectorId sector, String phase, long done, long total) {
    events.progressed(sector, phase, done, total);
  }

  @Override
  public void journalFailed(Throwable cause) {
    onJournalFailed.accept(cause);
  }
}
