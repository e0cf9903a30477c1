package io.selkie.node.query;

import io.selkie.rpc.RpcFault;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a query may be asked to tell of each sector, by its name on the wire. */
enum QueryField {
  SectorID(false),
  State(false),
  EnteredAt(false),
  LastError(false),
  SealProof(false),
  PieceCount(false),
  Deals(false),
  PieceCIDs(false),
  Paths(false),
  Activation(true),
  Expiration(true),
  InitialPledge(true);

  /** Those that are in the row itself. */
  private static final Set<QueryField> CHEAP =
      Set.of(SectorID, State, EnteredAt, LastError, SealProof, PieceCount);

  private final boolean onChain;

  QueryField(boolean onChain) {
    this.onChain = onChain;
  }

  /** Whether only the chain knows it. */
  boolean isOnChain() {
    return onChain;
  }

  /** The fields of these names; the cheap ones if there are none. */
  static Set<QueryField> of(List<String> names) throws RpcFault {
    if (names.isEmpty()) {
      return CHEAP;
    }
    Set<QueryField> fields = EnumSet.noneOf(QueryField.class);
    for (String name : names) {
      fields.add(
          Arrays.stream(values())
              .filter(each -> each.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new RpcFault("there is no field '" + name + "'; there are " + names())));
    }
    return fields;
  }

  private static String names() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }
}
