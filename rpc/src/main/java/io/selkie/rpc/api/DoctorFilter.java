package io.selkie.rpc.api;

import io.selkie.rpc.json.Wire;
import java.util.List;

/**
 * What the doctor is to look at.
 *
 * @param kinds names of findings; none for all
 * @param sectors numbers of sectors; none for all
 * @param deep whether the contents of files are verified too, replicas by samples
 * @param whole with {@code deep}: replicas to the last byte, which takes as long as building their
 *     trees
 */
@Wire(type = "selkie.DoctorFilter")
public record DoctorFilter(
    @Wire(type = "[]string") List<String> kinds,
    @Wire(type = "[]abi.SectorNumber") List<Long> sectors,
    boolean deep,
    boolean whole) {

  /** Looks at everything, contents left out. */
  public static final DoctorFilter ALL = new DoctorFilter(List.of(), List.of(), false, false);
}
