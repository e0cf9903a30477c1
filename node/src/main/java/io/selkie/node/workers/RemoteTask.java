package io.selkie.node.workers;

import io.selkie.pipeline.SealFault;
import io.selkie.pipeline.Sealer.SectorRef;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.CallId;
import io.selkie.storage.SectorFileType;
import java.util.Optional;
import java.util.Set;

/**
 * A task that a worker may be given.
 *
 * @param read kinds that are locked for reading
 * @param write kinds that are locked for writing
 * @param needs kinds that must be where the task is done
 * @param fetches whether they may be brought there first; otherwise only who has them does the task
 * @param makes kinds that it makes anew: what there is of them is cleared first
 * @param begin hands it over
 * @param reading takes the result
 * @param durable whether it is waited for after a restart of the node
 * @param confirming another task whose result, from the same worker, shows whether this one's is
 *     right; none where nothing can
 */
record RemoteTask<T>(
    Work work,
    SectorRef sector,
    Set<SectorFileType> read,
    Set<SectorFileType> write,
    Set<SectorFileType> needs,
    boolean fetches,
    Set<SectorFileType> makes,
    Begin begin,
    Reading<T> reading,
    boolean durable,
    Confirming<T> confirming) {

  /** Of a result that is looked at alone. */
  RemoteTask(
      Work work,
      SectorRef sector,
      Set<SectorFileType> read,
      Set<SectorFileType> write,
      Set<SectorFileType> needs,
      boolean fetches,
      Set<SectorFileType> makes,
      Begin begin,
      Reading<T> reading,
      boolean durable) {
    this(
        work,
        sector,
        read,
        write,
        needs,
        fetches,
        makes,
        begin,
        reading,
        durable,
        _ -> Optional.empty());
  }

  /** Shows whether a result is right. */
  @FunctionalInterface
  interface Confirming<T> {
    Optional<RemoteTask<?>> of(T read);
  }

  /** Hands a task over to a worker. */
  @FunctionalInterface
  interface Begin {
    CallId begin(RemoteWorker worker) throws RpcFault, InterruptedException;
  }

  /** Makes something of a result that nobody has looked at. */
  @FunctionalInterface
  interface Reading<T> {
    T read(CallResult result) throws WrongAnswer;
  }

  /** The same, done here. */
  @FunctionalInterface
  interface Here<T> {
    T run() throws SealFault;
  }

  /** A worker's result is none. */
  static final class WrongAnswer extends Exception {
    private static final long serialVersionUID = 1;

    WrongAnswer(String what) {
      super(what);
    }
  }

  TaskType type() {
    return work.task();
  }
}
