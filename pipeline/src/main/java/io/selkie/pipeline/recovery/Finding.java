package io.selkie.pipeline.recovery;

import io.selkie.abi.SectorNumber;
import java.util.Optional;

/**
 * Something that does not fit, with what is to be done.
 *
 * @param sector whose; empty if it is no sector's
 * @param trouble what
 * @param severity how bad
 * @param seen what each source says
 * @param remedy the step of the plan
 */
public record Finding(
    Optional<SectorNumber> sector, Trouble trouble, Severity severity, Seen seen, Remedy remedy) {

  /** What each source says, in words. */
  public record Seen(String journal, String disk, String chain) {
    static final Seen NOTHING = new Seen("", "", "");
  }

  /** One line that tells this finding from every other, also when it is found again. */
  public String identity() {
    return sector.map(SectorNumber::toString).orElse("-")
        + " "
        + trouble
        + " -> "
        + remedy
        + " ["
        + seen.journal()
        + "; "
        + seen.chain()
        + "]";
  }
}
