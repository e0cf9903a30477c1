package io.selkie.pipeline;

/**
 * Told how far a long piece of work has come; called from any thread, often, and must return at
 * once.
 */
@FunctionalInterface
public interface Progress {

  /** Nobody looks. */
  Progress NONE = (phase, done, total) -> {};

  /**
   * Reports a state of the work.
   *
   * @param phase what is being done, such as {@code "layer 1"} or {@code "tree-c"}
   * @param done units finished, 0 to {@code total}
   * @param total units in the phase, greater than 0; the unit is the phase's own (labels, nodes,
   *     bytes)
   */
  void update(String phase, long done, long total);
}
