/**
 * Proofs of spacetime as far as they need no circuit: which nodes are challenged, the paths from
 * them to the root that a sector was sealed with, and their verification. Start at {@link
 * io.selkie.proofs.post.PostProver}.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.proofs.post;
