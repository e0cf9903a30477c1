package io.selkie.rpc.token;

import io.selkie.abi.BitField;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.api.WireSectorId;
import io.selkie.rpc.json.WireType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The sectors that a call's arguments name, found by the types of the contract: whatever is a
 * sector number, a sector's id, or a set of numbers, wherever it stands.
 */
public final class NamedSectors {

  private static final String NUMBER = "abi.SectorNumber";
  private static final String SECTOR_ID = "abi.SectorID";

  /**
   * Sectors that follow one after the other.
   *
   * @param miner whose, where the argument says so
   * @param from the first number, unsigned
   * @param to the first one behind the last, or the first again if there is only one
   */
  public record Named(OptionalLong miner, long from, long to) {

    public static Named one(OptionalLong miner, long number) {
      return new Named(miner, number, number == Long.MAX_VALUE ? number : number + 1);
    }
  }

  private final List<Named> found = new ArrayList<>();

  private NamedSectors() {}

  public static List<Named> of(List<ApiTable.Param> params, @Nullable Object[] arguments) {
    NamedSectors all = new NamedSectors();
    for (int i = 0; i < arguments.length; i++) {
      all.look(params.get(i).type(), arguments[i]);
    }
    return all.found;
  }

  private void look(WireType type, @Nullable Object value) {
    if (value == null) {
      return;
    }
    switch (type) {
      case WireType.Absent absent -> look(absent.inner(), value);
      case WireType.Whole(String goName, _, _) -> {
        if (goName.equals(NUMBER) && value instanceof Long number) {
          found.add(Named.one(OptionalLong.empty(), number));
        }
      }
      case WireType.Bits _ -> {
        for (BitField.Run run : ((BitField) value).runs()) {
          found.add(new Named(OptionalLong.empty(), run.from(), run.to()));
        }
      }
      case WireType.ListOf list -> ((List<?>) value).forEach(each -> look(list.element(), each));
      case WireType.MapOf map -> ((Map<?, ?>) value).values().forEach(e -> look(map.value(), e));
      case WireType.Struct struct -> struct(struct, value);
      case WireType.Real _,
          WireType.Truth _,
          WireType.Text _,
          WireType.Bytes _,
          WireType.Amount _,
          WireType.Link _,
          WireType.Addr _,
          WireType.Time _,
          WireType.Nanos _,
          WireType.Uuid _,
          WireType.Any _,
          WireType.Reader _,
          WireType.Nothing _,
          WireType.Channel _ -> {}
    }
  }

  private void struct(WireType.Struct struct, Object value) {
    if (struct.goName().equals(SECTOR_ID) && value instanceof WireSectorId id) {
      found.add(Named.one(OptionalLong.of(id.miner()), id.number()));
      return;
    }
    for (WireType.Member member : struct.members()) {
      try {
        look(member.type(), member.accessor().invoke(value));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("record " + struct.goName() + " cannot be read", e);
      }
    }
  }
}
