package io.selkie.chain;

import io.selkie.pipeline.ChainFault;
import java.sql.SQLException;

/** Works on the chain's database; what it refuses, and what breaks, is a {@link ChainFault}. */
record ChainAccess(ChainDatabase database) {

  <T> T read(ChainDatabase.Work<T> work) throws ChainFault {
    return guarded(() -> database.read(work));
  }

  <T> T write(ChainDatabase.Work<T> work) throws ChainFault {
    return guarded(() -> database.write(work));
  }

  private interface Guarded<T> {
    T run() throws SQLException;
  }

  private static <T> T guarded(Guarded<T> work) throws ChainFault {
    try {
      return work.run();
    } catch (Refusal.NoActor e) {
      throw fault(ChainFault.Kind.ACTOR_NOT_FOUND, e);
    } catch (Refusal | SQLException e) {
      throw fault(ChainFault.Kind.OTHER, e);
    }
  }

  private static ChainFault fault(ChainFault.Kind kind, Exception cause) {
    ChainFault fault = new ChainFault(kind, String.valueOf(cause.getMessage()));
    fault.initCause(cause);
    return fault;
  }
}
