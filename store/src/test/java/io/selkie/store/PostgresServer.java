package io.selkie.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL, started once for all tests of this JVM and stopped with it. A server that
 * cannot be started fails every test that wants one.
 */
final class PostgresServer {

  private static final PostgresServer SERVER = new PostgresServer();

  private final AtomicInteger schemas = new AtomicInteger();
  private final EmbeddedPostgres postgres;

  private PostgresServer() {
    try {
      // The library switches forcing off; a journal refuses such a server, and rightly so.
      postgres =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .start();
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The URL of a new, empty schema. */
  static String emptySchema() throws IOException {
    String schema = "journal_" + SERVER.schemas.incrementAndGet();
    JournalSql.execute(SERVER.url("public"), "CREATE SCHEMA " + schema);
    return SERVER.url(schema);
  }

  private String url(String schema) {
    return "jdbc:postgresql://localhost:"
        + postgres.getPort()
        + "/postgres?user=postgres&currentSchema="
        + schema;
  }
}
