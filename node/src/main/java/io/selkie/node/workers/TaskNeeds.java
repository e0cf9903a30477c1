package io.selkie.node.workers;

import io.selkie.abi.RegisteredSealProof;
import io.selkie.abi.SectorSize;
import io.selkie.rpc.api.TaskResources;
import io.selkie.rpc.api.WorkerInfo;
import io.selkie.rpc.api.WorkerResources;
import java.util.List;
import java.util.Map;

/**
 * What tasks need of a machine, and whether it has that (lotus
 * storage/sealer/storiface/resources.go and sched_resources.go).
 */
final class TaskNeeds {

  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  /** As many threads as the machine is good for. */
  private static final long ALL = -1;

  /** The share of the processors that "all" means: the rest is for everything else. */
  private static final double ALL_SHARE = 0.92;

  private static final TaskResources NONE = new TaskResources(0, 0, 0, 0, 0, 0, 0);

  private TaskNeeds() {}

  /** What a worker says a task needs there; the table's row where it says nothing. */
  static TaskResources of(WorkerInfo info, TaskType task, RegisteredSealProof proof) {
    Map<String, Map<Long, TaskResources>> own = info.resources().resources();
    if (own != null) {
      Map<Long, TaskResources> byProof = own.get(task.wireName());
      TaskResources given = byProof == null ? null : byProof.get((long) proof.number());
      if (given != null) {
        return given;
      }
    }
    return of(task, proof.sectorSize());
  }

  /** The table's row. */
  static TaskResources of(TaskType task, SectorSize size) {
    return switch (task) {
      // Whatever the sector's size: the reference takes the row of 32 GiB.
      case DATA_CID -> row(4 * GIB, 4 * GIB, GIB, 1, 0, 0);
      case ADD_PIECE ->
          switch (size) {
            case GIB_64 -> row(8 * GIB, 8 * GIB, GIB, 1, 0, 0);
            case GIB_32 -> row(4 * GIB, 4 * GIB, GIB, 1, 0, 0);
            case MIB_512 -> row(GIB, GIB, GIB, 1, 0, 0);
            case MIB_8 -> row(8 * MIB, 8 * MIB, 8 * MIB, 1, 0, 0);
            case KIB_2 -> row(2 * KIB, 2 * KIB, 2 * KIB, 1, 0, 0);
          };
      case PRE_COMMIT_1, UNSEAL ->
          switch (size) {
            case GIB_64 -> row(112 * GIB, 128 * GIB, 10 * MIB, 1, 0, 0);
            case GIB_32 -> row(56 * GIB, 64 * GIB, 10 * MIB, 1, 0, 0);
            case MIB_512 -> row(768 * MIB, GIB, MIB, 1, 0, 0);
            case MIB_8 -> row(8 * MIB, 8 * MIB, 8 * MIB, 1, 0, 0);
            case KIB_2 -> row(2 * KIB, 2 * KIB, 2 * KIB, 1, 0, 0);
          };
      case PRE_COMMIT_2 ->
          switch (size) {
            case GIB_64 -> row(30 * GIB, 30 * GIB, GIB, ALL, 6, 1);
            case GIB_32 -> row(15 * GIB, 15 * GIB, GIB, ALL, 6, 1);
            case MIB_512 -> row(GIB, 3 * GIB / 2, GIB, ALL, 0, 0);
            case MIB_8 -> row(8 * MIB, 8 * MIB, 8 * MIB, ALL, 0, 0);
            case KIB_2 -> row(2 * KIB, 2 * KIB, 2 * KIB, ALL, 0, 0);
          };
      case COMMIT_1 ->
          switch (size) {
            case GIB_64, GIB_32, MIB_512 -> row(GIB, GIB, GIB, 0, 0, 0);
            case MIB_8 -> row(8 * MIB, 8 * MIB, 8 * MIB, 0, 0, 0);
            case KIB_2 -> row(2 * KIB, 2 * KIB, 2 * KIB, 0, 0, 0);
          };
      case COMMIT_2 ->
          switch (size) {
            case GIB_64 -> row(60 * GIB, 190 * GIB, 64 * GIB, ALL, 6, 1);
            case GIB_32 -> row(30 * GIB, 150 * GIB, 32 * GIB, ALL, 6, 1);
            case MIB_512 -> row(GIB, 3 * GIB / 2, 10 * GIB, 1, 0, 1);
            case MIB_8 -> row(8 * MIB, 8 * MIB, 8 * MIB, 1, 0, 1);
            case KIB_2 -> row(2 * KIB, 2 * KIB, 2 * KIB, 1, 0, 1);
          };
      case FETCH -> row(MIB, MIB, 0, 0, 0, 0);
      case FINALIZE -> NONE;
    };
  }

  private static TaskResources row(
      long min, long max, long base, long threads, long threadsWithGpu, double gpus) {
    return new TaskResources(min, max, gpus, threads, threadsWithGpu, base, 0);
  }

  private static int gpuCount(WorkerResources machine) {
    List<String> names = machine.gpus();
    return names == null ? 0 : names.size();
  }

  /** How many threads a task takes on a machine. */
  static long threads(TaskResources needs, WorkerResources machine) {
    boolean gpu = gpuCount(machine) > 0 && needs.gpuUtilization() > 0;
    long wanted =
        gpu && needs.maxParallelismGpu() != 0 ? needs.maxParallelismGpu() : needs.maxParallelism();
    if (wanted != ALL) {
      return wanted;
    }
    long most = (long) (machine.cpus() * ALL_SHARE);
    return most == 0 ? machine.cpus() : most;
  }

  /**
   * What is taken of a machine.
   *
   * @param min bytes that must be memory
   * @param max bytes that may be swap
   * @param cpus threads
   * @param gpus shares of GPUs
   */
  record InUse(long min, long max, long cpus, double gpus) {

    static final InUse NOTHING = new InUse(0, 0, 0, 0);

    InUse plus(TaskResources needs, WorkerResources machine) {
      return new InUse(
          min + needs.minMemory(),
          max + needs.maxMemory(),
          cpus + threads(needs, machine),
          gpus + needs.gpuUtilization());
    }

    /**
     * Whether there is room for one more; a task's base memory is shared, so it is not added up.
     */
    boolean leaves(TaskResources needs, WorkerResources machine) {
      long memory = machine.memPhysical();
      long all = memory + machine.memSwap();
      long used = Math.max(max, machine.memUsed() + machine.memSwapUsed());
      int has = gpuCount(machine);
      return min + needs.minMemory() + needs.baseMinMemory() <= memory
          && needs.maxMemory() + needs.baseMinMemory() <= all - used
          && cpus + threads(needs, machine) <= machine.cpus()
          && (has == 0 || gpus + needs.gpuUtilization() <= has);
    }

    /** The largest of the shares that are taken. */
    double share(WorkerResources machine) {
      double most = machine.cpus() == 0 ? 0 : (double) cpus / machine.cpus();
      if (machine.memPhysical() > 0) {
        most = Math.max(most, (double) min / machine.memPhysical());
        most = Math.max(most, (double) max / (machine.memPhysical() + machine.memSwap()));
      }
      int has = gpuCount(machine);
      return has == 0 ? most : Math.max(most, gpus / has);
    }
  }
}
