/** Sectors that were sealed elsewhere: what is checked, fetched, and asked of other machines. */
@NullMarked
package io.selkie.node.receive;

import org.jspecify.annotations.NullMarked;
