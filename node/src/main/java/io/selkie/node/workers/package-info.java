/**
 * Remote workers: who they are, what was given to them, and how their answers come back. Start at
 * {@link io.selkie.node.workers.Workers}.
 */
@NullMarked
package io.selkie.node.workers;

import org.jspecify.annotations.NullMarked;
