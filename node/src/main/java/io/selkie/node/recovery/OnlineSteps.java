package io.selkie.node.recovery;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.NoSuchSector;
import io.selkie.pipeline.SectorJournal;
import io.selkie.pipeline.SectorPipeline;
import io.selkie.pipeline.SectorRecord;
import io.selkie.storage.LocalPaths;
import io.selkie.storage.RemovedFiles;
import io.selkie.storage.SectorFileType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The doctor's steps while the node runs: through the pipeline, which goes on from them at once.
 */
public record OnlineSteps(
    SectorPipeline pipeline, SectorJournal journal, LocalPaths paths, RemovedFiles removed)
    implements DoctorSteps {

  @Override
  public void forceState(SectorId sector, String state) throws IOException {
    try {
      pipeline.forceState(sector.number(), state);
    } catch (NoSuchSector gone) {
      throw new IOException(gone.getMessage(), gone);
    }
  }

  @Override
  public void rebuild(SectorRecord record, String why) throws IOException {
    pipeline.rebuild(record, why);
  }

  @Override
  public void allocate(SectorId sector) throws IOException {
    journal.allocateNumber(sector);
  }

  @Override
  public void quarantine(SectorId sector, SectorFileType type, Path file) throws IOException {
    removed.quarantine(sector, type, file, "doctor");
  }

  @Override
  public void untrash(String pathId, Path entry) throws IOException {
    removed.restore(pathId, String.valueOf(entry.getFileName()));
  }

  @Override
  public void redeclare(String pathId) throws IOException {
    paths.redeclare(Optional.of(pathId), false);
  }
}
