package io.selkie.storage;

import io.selkie.abi.SectorId;
import java.util.Set;

/** Is told what changes in an index; must return at once. */
public interface IndexListener {

  /** Nobody listens. */
  IndexListener NONE =
      new IndexListener() {
        @Override
        public void declared(
            String path, SectorId sector, Set<SectorFileType> types, boolean primary) {
          // Nobody listens.
        }

        @Override
        public void dropped(String path, SectorId sector, Set<SectorFileType> types) {
          // Nobody listens.
        }

        @Override
        public void reported(String path, HealthReport report) {
          // Nobody listens.
        }
      };

  /** Files are there. */
  void declared(String path, SectorId sector, Set<SectorFileType> types, boolean primary);

  /** Files are there no more. */
  void dropped(String path, SectorId sector, Set<SectorFileType> types);

  /** How full a path is. */
  void reported(String path, HealthReport report);
}
