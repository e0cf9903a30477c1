/** The command {@code demo}: the main job, shown. */
@NullMarked
package io.selkie.node.demo;

import org.jspecify.annotations.NullMarked;
