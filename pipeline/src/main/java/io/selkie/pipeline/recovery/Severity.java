package io.selkie.pipeline.recovery;

/** How bad a finding is, the worst first. */
public enum Severity {
  /** Data or collateral is at risk until somebody acts. */
  CRITICAL,
  /** The sector does not go on, or is not answered for rightly. */
  ERROR,
  /** Odd, and harmless for now. */
  WARNING,
  /** Worth knowing. */
  INFO
}
