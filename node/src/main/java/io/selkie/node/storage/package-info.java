/** The methods about storage paths, and the trash. */
@NullMarked
package io.selkie.node.storage;

import org.jspecify.annotations.NullMarked;
