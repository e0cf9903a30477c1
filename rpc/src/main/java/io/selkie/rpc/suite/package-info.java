/** The differential suite: recorded cases as data, and the player that holds a server to them. */
@NullMarked
package io.selkie.rpc.suite;

import org.jspecify.annotations.NullMarked;
