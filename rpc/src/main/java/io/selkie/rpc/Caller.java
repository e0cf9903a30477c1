package io.selkie.rpc;

import java.util.Set;

/**
 * Who calls: what the token allows, and from where.
 *
 * @param permissions the names the token carries, unknown ones included
 * @param remote the address of the other end, for the audit record
 */
public record Caller(Set<String> permissions, String remote) {

  /** Whether this caller may do what needs {@code permission}. */
  public boolean may(Permission permission) {
    return permissions.contains(permission.wireName());
  }
}
