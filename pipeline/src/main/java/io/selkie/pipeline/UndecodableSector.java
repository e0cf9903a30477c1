package io.selkie.pipeline;

/** Something was told to a sector that stands still because its record cannot be read. */
final class UndecodableSector extends IllegalStateException {

  private static final long serialVersionUID = 1;

  UndecodableSector(UndecodableRecord cause) {
    super(cause.getMessage() + "; it stands still until it is repaired", cause);
  }
}
