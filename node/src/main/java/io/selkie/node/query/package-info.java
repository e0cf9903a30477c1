/**
 * Questions over many sectors, and what changed: queries, forecast, history, batches, the change
 * feed.
 */
@NullMarked
package io.selkie.node.query;

import org.jspecify.annotations.NullMarked;
