/** The reference's methods about sectors: pieces, states, statuses, unsealing. */
@NullMarked
package io.selkie.node.sectors;

import org.jspecify.annotations.NullMarked;
