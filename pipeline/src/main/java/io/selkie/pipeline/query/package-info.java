/**
 * What can be asked of sectors by the thousand: rows of a read model instead of whole records, and
 * the order in which everything happened.
 */
@NullMarked
package io.selkie.pipeline.query;

import org.jspecify.annotations.NullMarked;
