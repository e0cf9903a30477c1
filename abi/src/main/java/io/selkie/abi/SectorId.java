package io.selkie.abi;

/**
 * A sector, unambiguously: the miner and the number within it.
 *
 * @param miner the miner actor
 * @param number the number within that miner
 */
public record SectorId(ActorId miner, SectorNumber number) implements Comparable<SectorId> {

  /** The sector with these two numbers, for call sites that hold plain values. */
  public static SectorId of(long miner, long number) {
    return new SectorId(new ActorId(miner), new SectorNumber(number));
  }

  /**
   * The name of its files, {@code s-t0<miner>-<number>} on every network (lotus storiface,
   * SectorName).
   */
  public String fileName() {
    return "s-t0" + miner + "-" + number;
  }

  @Override
  public int compareTo(SectorId other) {
    int byMiner = miner.compareTo(other.miner);
    return byMiner != 0 ? byMiner : number.compareTo(other.number);
  }

  @Override
  public String toString() {
    return fileName();
  }
}
