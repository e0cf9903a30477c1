package io.selkie.node.repo;

import java.util.List;

/**
 * Keys of lotus-miner's section {@code [Sealing]} that a configuration brought from there may hold
 * and that change nothing here. They are checked like any other, and the log says that they do
 * nothing. Source: lotus node/config/types.go and def.go, v1.36.
 */
final class KeysWithoutEffect {

  /**
   * One of them.
   *
   * @param count whether it holds a count; a truth value otherwise
   * @param why why it does nothing
   */
  record Key(String name, boolean count, String why) {}

  private static final String NO_UPGRADES = "sectors are not upgraded yet";
  private static final String DEAD = "the reference does not look at it either";

  private static final List<Key> ALL =
      List.of(
          new Key("Sealing.MaxUpgradingSectors", true, NO_UPGRADES),
          new Key("Sealing.PreferNewSectorsForDeals", false, NO_UPGRADES),
          new Key("Sealing.MinUpgradeSectorExpiration", true, NO_UPGRADES),
          new Key("Sealing.MinTargetUpgradeSectorExpiration", true, DEAD),
          new Key("Sealing.RequireActivationSuccessUpdate", false, NO_UPGRADES),
          new Key("Sealing.RequireNotificationSuccessUpdate", false, NO_UPGRADES),
          new Key("Sealing.MinCommitBatch", true, "proofs are not aggregated yet"),
          new Key("Sealing.MaxSectorProveCommitsSubmittedPerEpoch", true, DEAD));

  private KeysWithoutEffect() {}

  static List<Key> all() {
    return ALL;
  }
}
