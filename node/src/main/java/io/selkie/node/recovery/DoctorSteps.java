package io.selkie.node.recovery;

import io.selkie.abi.SectorId;
import io.selkie.pipeline.SectorRecord;
import io.selkie.storage.SectorFileType;
import java.io.IOException;
import java.nio.file.Path;

/** What the doctor does, with a node running or without. */
public interface DoctorSteps {

  /** Sends a sector to a state. */
  void forceState(SectorId sector, String state) throws IOException;

  /** Sets a sector's record. */
  void rebuild(SectorRecord record, String why) throws IOException;

  /** Marks a number as given out. */
  void allocate(SectorId sector) throws IOException;

  /** Moves one copy of a file to the trash. */
  void quarantine(SectorId sector, SectorFileType type, Path file) throws IOException;

  /** Brings a file back from the trash. */
  void untrash(String pathId, Path entry) throws IOException;

  /** Scans a storage path again. */
  void redeclare(String pathId) throws IOException;
}
