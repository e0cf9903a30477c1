package io.selkie.node.workers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What an operator wants of workers.
 *
 * @param reach where workers may be
 * @param local what the node does itself; the tasks that need files where they are it always does
 */
public record WorkerRules(Reach reach, Set<TaskType> local) {

  /** Which addresses the node calls when it is asked to take a worker on. */
  public enum Reach {
    /** None: there are no workers. */
    NONE,
    /** This machine's own. */
    LOOPBACK,
    /** All of them. */
    ANY;

    /**
     * The address to call for one that somebody named. Of this machine's own it is the one that was
     * looked at: a name could lead elsewhere when it is asked for again.
     *
     * @throws IOException if it is not to be called, or has no host that is known
     */
    public URI allowed(URI address) throws IOException {
      String host = address.getHost();
      if (host == null) {
        throw new IOException("'" + address + "' names no host");
      }
      return switch (this) {
        case NONE -> throw new IOException("Storage.RemoteWorkers is \"none\"");
        case LOOPBACK -> ofThisMachine(address, host);
        case ANY -> address;
      };
    }

    private static URI ofThisMachine(URI address, String host) throws IOException {
      InetAddress[] found = InetAddress.getAllByName(host);
      for (InetAddress each : found) {
        if (!each.isLoopbackAddress()) {
          throw new IOException(
              host
                  + " is not this machine; Storage.RemoteWorkers = \"any\" lets workers be"
                  + " elsewhere");
        }
      }
      String number = found[0].getHostAddress();
      try {
        return new URI(
            address.getScheme(),
            address.getUserInfo(),
            number.contains(":") ? "[" + number + "]" : number,
            address.getPort(),
            address.getPath(),
            address.getQuery(),
            address.getFragment());
      } catch (URISyntaxException e) {
        throw new IOException("'" + address + "': " + e.getMessage(), e);
      }
    }

    /**
     * As the configuration writes it.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static Reach ofText(String text) {
      for (Reach each : values()) {
        if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
          return each;
        }
      }
      throw new IllegalArgumentException("'" + text + "' is none of none, loopback, any");
    }
  }

  /** The reference's switches of what the node does itself; proofs and moves it always may. */
  public static final Map<String, Set<TaskType>> SWITCHES =
      Map.of(
          "AllowAddPiece",
          Set.of(TaskType.ADD_PIECE),
          "AllowPreCommit1",
          Set.of(TaskType.PRE_COMMIT_1),
          "AllowPreCommit2",
          Set.of(TaskType.PRE_COMMIT_2),
          "AllowCommit",
          Set.of(TaskType.COMMIT_2),
          "AllowUnseal",
          Set.of(TaskType.UNSEAL));

  /** Workers on this machine; the node does all there is to do. */
  public static final WorkerRules DEFAULT =
      new WorkerRules(Reach.LOOPBACK, Set.of(TaskType.values()));

  /** Copies the set. */
  public WorkerRules {
    local = Set.copyOf(local);
  }
}
