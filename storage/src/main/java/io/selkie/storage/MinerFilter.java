package io.selkie.storage;

import io.selkie.abi.ActorId;
import java.util.List;
import java.util.regex.Pattern;

/** Which miners a storage path serves, by actor address such as {@code f01000}. */
final class MinerFilter {

  private static final Pattern ADDRESS = Pattern.compile("[ft]0(0|[1-9][0-9]{0,18})");

  private MinerFilter() {}

  static boolean allows(List<String> allowed, List<String> denied, ActorId miner) {
    return (allowed.isEmpty() || names(allowed, miner)) && !names(denied, miner);
  }

  /** Returns a copy of the list, once every entry is an address by number, on either network. */
  static List<String> requireAddresses(String member, List<String> addresses) {
    for (String address : addresses) {
      if (!ADDRESS.matcher(address).matches()) {
        throw new IllegalArgumentException(
            member + " holds '" + address + "', which is no actor address such as f01000");
      }
    }
    return List.copyOf(addresses);
  }

  private static boolean names(List<String> addresses, ActorId miner) {
    return addresses.contains("f0" + miner) || addresses.contains("t0" + miner);
  }
}
