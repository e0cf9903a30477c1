package io.selkie.rpc.token;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a token may do. Permissions are not hierarchical: a token that allows only {@code admin}
 * cannot read.
 */
public enum Permission {
  READ,
  WRITE,
  SIGN,
  ADMIN;

  /** The name in tokens and messages, lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The permission of this name, exactly spelled. */
  public static Optional<Permission> ofWireName(String name) {
    return Arrays.stream(values()).filter(each -> each.wireName().equals(name)).findFirst();
  }

  /** The names an operator's token carries up to and including {@code last}. */
  public static List<String> namesUpTo(Permission last) {
    return Arrays.stream(values())
        .filter(each -> each.compareTo(last) <= 0)
        .map(Permission::wireName)
        .toList();
  }
}
