package io.selkie.pipeline;

/** How much a state that an operator forces is looked at first. */
public enum Forcing {
  /** It must exist, and the sector and the chain must have what its handler needs. */
  CHECKED,
  /** It must exist; states that delete are still refused for a sector that is alive on chain. */
  ANY_STATE,
  /** As in the reference: any name at all. */
  LENIENT
}
