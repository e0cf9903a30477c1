/**
 * Journal and read models in SQL. Start with {@link io.selkie.store.SqliteJournal}; writes go
 * through its one writer thread ({@code GroupWriter}), reads through a few read-only connections
 * ({@code ReadPool}). The tables are described in {@code docs/formats/journal.md}.
 */
@org.jspecify.annotations.NullMarked
package io.selkie.store;
