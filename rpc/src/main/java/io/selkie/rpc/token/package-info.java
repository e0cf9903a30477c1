/** Who may call: tokens, their scopes and ends, and the record of what was called. */
@NullMarked
package io.selkie.rpc.token;

import org.jspecify.annotations.NullMarked;
