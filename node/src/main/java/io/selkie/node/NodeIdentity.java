package io.selkie.node;

/**
 * What a node calls itself in {@code Filecoin.Version}. Clients compare the API version only.
 *
 * @param version with the network behind a plus sign
 * @param agent the program
 */
public record NodeIdentity(String version, String agent) {

  /** This program on its devnet. */
  static final NodeIdentity SELKIE =
      new NodeIdentity("selkie-" + Main.VERSION + "+devnet", "selkie");
}
