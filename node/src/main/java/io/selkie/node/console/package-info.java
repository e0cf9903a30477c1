/** What commands share on a terminal: answers for people or machines, bars, log lines. */
@NullMarked
package io.selkie.node.console;

import org.jspecify.annotations.NullMarked;
