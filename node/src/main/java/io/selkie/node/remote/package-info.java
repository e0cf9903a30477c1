/** What other machines fetch, delete and have proven here: {@code /remote}. */
@NullMarked
package io.selkie.node.remote;

import org.jspecify.annotations.NullMarked;
