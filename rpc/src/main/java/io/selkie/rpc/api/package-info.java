/**
 * What can be called: one interface for each group of methods, and the structures that they take
 * and return.
 */
@NullMarked
package io.selkie.rpc.api;

import org.jspecify.annotations.NullMarked;
