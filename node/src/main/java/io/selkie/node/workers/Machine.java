package io.selkie.node.workers;

import com.sun.management.OperatingSystemMXBean;
import io.selkie.rpc.api.WorkerResources;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** This machine, as a scheduler sees it. */
public final class Machine {

  private Machine() {}

  /** What it has, and what of it is taken by whomever. */
  public static WorkerResources resources() {
    OperatingSystemMXBean machine =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long memory = machine.getTotalMemorySize();
    long swap = machine.getTotalSwapSpaceSize();
    return new WorkerResources(
        memory,
        memory - machine.getFreeMemorySize(),
        swap,
        swap - machine.getFreeSwapSpaceSize(),
        Runtime.getRuntime().availableProcessors(),
        List.of(),
        null);
  }

  /** Its name. */
  public static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      // A machine without a resolvable name is shown by what it can always be reached at.
      return "localhost";
    }
  }
}
