/** Journal and read models in SQL. */
@org.jspecify.annotations.NullMarked
package io.selkie.store;
