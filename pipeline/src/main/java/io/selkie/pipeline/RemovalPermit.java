package io.selkie.pipeline;

import io.selkie.abi.SectorId;
import java.util.Locale;
import java.util.Objects;

/**
 * Leave to remove a sector's files: the second key at the level of files.
 *
 * <p>Only this package can make one, after it has looked at the chain, so no other code can have a
 * {@link Sealer} remove what a sector needs.
 */
public final class RemovalPermit {

  /** Why the files may go. */
  public enum Reason {
    /** The chain has neither a pre-commit nor the sector. */
    NEVER_ON_CHAIN,
    /** The sector has ended on chain before its time. */
    TERMINATED,
    /** The sector's time on chain is over. */
    EXPIRED,
    /** An operator gave its number a second time; the chain was not looked at. */
    SECOND_KEY
  }

  private final SectorId sector;
  private final Reason reason;

  private RemovalPermit(SectorId sector, Reason reason) {
    this.sector = Objects.requireNonNull(sector);
    this.reason = Objects.requireNonNull(reason);
  }

  static RemovalPermit of(SectorId sector, Reason reason) {
    return new RemovalPermit(sector, reason);
  }

  /** The one sector it is good for. */
  public SectorId sector() {
    return sector;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** The reason in lower-case words with hyphens, such as {@code never-on-chain}. */
  public String why() {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return "permit to remove sector " + sector + ": " + why();
  }
}
