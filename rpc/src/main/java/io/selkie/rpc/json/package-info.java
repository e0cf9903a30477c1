/** JSON as the wire has it: Go's texts, strict reading, members in order. */
@NullMarked
package io.selkie.rpc.json;

import org.jspecify.annotations.NullMarked;
