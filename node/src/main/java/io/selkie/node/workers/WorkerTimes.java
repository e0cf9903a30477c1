package io.selkie.node.workers;

import java.time.Duration;

/**
 * How long is waited for workers.
 *
 * @param heartbeat between two looks whether a worker is there
 * @param answer for the answer to a short question
 * @param patience that a worker may be silent before it is given up and its calls with it
 * @param idle that a task waits for a worker that could take it before it is told that there is
 *     none
 * @param small that a call on a sector of up to 512 MiB may take before it is given up
 * @param large that one on a larger sector may: several times what slow machines take
 */
record WorkerTimes(
    Duration heartbeat,
    Duration answer,
    Duration patience,
    Duration idle,
    Duration small,
    Duration large) {

  /** The reference's heartbeat and time for its answer; a sector then tries again by its own. */
  static final WorkerTimes DEFAULT =
      new WorkerTimes(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofHours(2),
          Duration.ofDays(2));
}
