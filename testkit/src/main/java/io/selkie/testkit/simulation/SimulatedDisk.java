package io.selkie.testkit.simulation;

import java.io.IOException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A file that is only written at its end. What was not forced is lost or torn when the machine
 * stops.
 */
final class SimulatedDisk {

  private byte[] bytes = new byte[1 << 16];
  private int written;
  private int forced;
  private final boolean lies;

  /** An empty one. */
  SimulatedDisk(Sabotage sabotage) {
    this.lies = sabotage == Sabotage.DISK_LIES;
  }

  /** Writes some of it and then no more. */
  void writeUntilFull(byte[] more, RandomGenerator random) throws IOException {
    write(Arrays.copyOf(more, random.nextInt(more.length)));
    throw new IOException("no space left on device");
  }

  void write(byte[] more) {
    while (written + more.length > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    System.arraycopy(more, 0, bytes, written, more.length);
    written += more.length;
  }

  void force() {
    forced = lies ? forced : written;
  }

  /** The machine stops: of what was not forced a part stays, and its last bytes may be others. */
  void stop(RandomGenerator random) {
    int unforced = written - forced;
    written = forced + (unforced == 0 ? 0 : random.nextInt(unforced + 1));
    if (written > forced && random.nextInt(3) == 0) {
      int torn = 1 + random.nextInt(Math.min(512, written - forced));
      Arrays.fill(bytes, written - torn, written, (byte) 0);
    }
    forced = written;
  }

  /** Cuts off what lies behind. */
  void cutAt(int length) {
    written = length;
    forced = length;
  }

  /** What is there. */
  byte[] content() {
    return Arrays.copyOf(bytes, written);
  }
}
