package io.selkie.node.receive;

import java.time.Duration;

/**
 * How long others may take when this node asks them.
 *
 * @param connect to take the connection
 * @param head to begin the answer to a request for a file
 * @param window in which {@code windowBytes} of a body must come
 * @param windowBytes fewer are as good as none
 * @param proof to compute half a proof
 * @param report to take the news that sealing has ended
 */
public record FetchLimits(
    Duration connect,
    Duration head,
    Duration window,
    long windowBytes,
    Duration proof,
    Duration report) {

  /** A commit proof of 64 GiB takes an hour where no better machine is at hand. */
  public static final FetchLimits DEFAULT =
      new FetchLimits(
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          64 << 10,
          Duration.ofHours(3),
          Duration.ofMinutes(1));
}
